// Talking to the house: every answer is either [status, body], or an error that says why nothing came back.
export class Away extends Error {} // signed off
export class Silent extends Error {} // no network, or the house does not answer now

const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";

export async function ask(path, body, key, more = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token(), ...more };
  if (key) headers["Idempotency-Key"] = key;
  const how = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { ...how, redirect: "manual", signal: AbortSignal.timeout(15000) });
  } catch {
    throw new Silent();
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") throw new Away();
  if (answer.status >= 500) throw new Silent();
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 403 && !told.details) throw new Away();
  return [answer.status, told];
}

export const words = (told) => (told.details || []).map((d) => (d.path ? `${d.path}: ${d.text}` : d.text)).filter(Boolean).join("; ") || "It was not accepted.";
