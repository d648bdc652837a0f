// The proof of delivery survives a lost line: it is kept on this device until the server has it. Its key makes two sendings one.
const STORE = "proofs";
const open = () => new Promise((done, fail) => {
  const ask = indexedDB.open("openinfusion-delivery", 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "key" });
  ask.onsuccess = () => done(ask.result);
  ask.onerror = () => fail(ask.error);
});
const act = async (mode, work) => {
  const base = await open();
  return new Promise((done, fail) => {
    const made = work(base.transaction(STORE, mode).objectStore(STORE));
    made.onsuccess = () => done(made.result);
    made.onerror = () => fail(made.error);
  });
};
const box = document.querySelector("[data-unsent]");
const show = async () => {
  const kept = await act("readonly", (s) => s.getAll());
  if (!box) return kept;
  box.hidden = !kept.length;
  box.textContent = kept.length ? `${kept.length} proof${kept.length > 1 ? "s" : ""} of delivery not sent yet: no connection. Sent by itself when the line is back.` : "";
  return kept;
};
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
const send = async ({ url, key, parts }) => {
  const body = new FormData();
  for (const [name, value] of parts) body.append(name, name === "csrfmiddlewaretoken" ? token() || value : value);
  return fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "Idempotency-Key": key }, credentials: "same-origin" });
};
let busy = false;
const drain = async () => {
  if (busy) return;
  busy = true;
  try {
    for (const one of await act("readonly", (s) => s.getAll())) {
      const answer = await send(one);
      if (answer.ok || answer.status === 409) await act("readwrite", (s) => s.delete(one.key));
      if (answer.status === 409 && box) box.insertAdjacentHTML("afterend", await answer.text());
    }
  } catch { /* no line: it stays kept */ }
  busy = false;
  await show();
};
const place = () => new Promise((done) => {
  if (!navigator.geolocation) return done(null);
  navigator.geolocation.getCurrentPosition((p) => done(p.coords), () => done(null), { timeout: 4000, maximumAge: 60000 });
});
const form = document.querySelector("form[data-proof]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]"), answer = form.querySelector(".answer");
  button.disabled = true;
  if (form.hasAttribute("data-position")) {
    const here = await place();
    if (here) {
      form.latitude.value = here.latitude.toFixed(5);
      form.longitude.value = here.longitude.toFixed(5);
      form.accuracy_m.value = Math.round(here.accuracy);
    }
  }
  const one = { url: form.action, key: form._key.value, parts: [...new FormData(form)], at: Date.now() };
  try {
    const told = await send(one);
    if (told.ok) return location.assign(told.headers.get("HX-Redirect") || "/delivery/driver/");
    answer.innerHTML = await told.text();
    answer.scrollIntoView({ block: "nearest" });
  } catch {
    await act("readwrite", (s) => s.put(one));
    await show();
    answer.innerHTML = '<div class="notice warn" role="alert"><p><b>No connection.</b> The proof is kept on this phone and sent when the line is back. Leave this page open or come back to it.</p></div>';
    return;
  }
  button.disabled = false;
});
addEventListener("online", drain);
setInterval(() => { if (navigator.onLine) show().then((kept) => kept.length && drain()); }, 5000);
show().then((kept) => kept.length && drain());
