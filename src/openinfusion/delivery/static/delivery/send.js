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
  const waiting = kept.filter((one) => !one.refused), refused = kept.filter((one) => one.refused);
  box.hidden = !kept.length;
  box.textContent = waiting.length ? `${waiting.length} proof${waiting.length > 1 ? "s" : ""} of delivery not sent yet: no connection. Sent by itself when the line is back.` : "";
  for (const one of refused) {
    const line = document.createElement("p"), forget = document.createElement("button");
    line.textContent = `A proof that was kept here was refused: ${one.refused} `;
    forget.className = "btn";
    forget.type = "button";
    forget.textContent = "Remove it from this phone";
    forget.addEventListener("click", () => act("readwrite", (s) => s.delete(one.key)).then(show));
    line.append(forget);
    box.append(line);
  }
  return waiting;
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
      if (one.refused) continue;
      const answer = await send(one);
      if (answer.redirected) break; // signed out meanwhile: it stays kept until somebody signs in again
      if (answer.ok) await act("readwrite", (s) => s.delete(one.key));
      else if (answer.status >= 400 && answer.status < 500) {
        const said = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.replace(/\s+/g, " ").trim();
        await act("readwrite", (s) => s.put({ ...one, refused: said || `status ${answer.status}` }));
      }
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
  const lacks = !form.strokes.value && !form.typed.value.trim() ? "The receiver has not signed." : form.hasAttribute("data-cold") && !form.arrived_c.value.trim() ? "The temperature on arrival was not read." : "";
  if (lacks) { // said here, while the receiver is still at the door, also without a connection
    answer.innerHTML = `<div class="notice crit" role="alert"><p>${lacks}</p></div>`;
    return answer.scrollIntoView({ block: "nearest" });
  }
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
    if (told.redirected) throw new Error("signed out");
    if (told.ok) return location.assign(told.headers.get("HX-Redirect") || "/delivery/driver/");
    answer.innerHTML = await told.text();
    answer.scrollIntoView({ block: "nearest" });
  } catch {
    await act("readwrite", (s) => s.put(one));
    await show();
    answer.innerHTML = '<div class="notice warn" role="alert"><p><b>No connection.</b> The proof is kept on this phone and sent when the line is back. Leave this page open or come back to your stops, signed in.</p></div>';
    return;
  }
  button.disabled = false;
});
addEventListener("online", drain);
setInterval(() => { if (navigator.onLine) show().then((kept) => kept.length && drain()); }, 5000);
show().then((kept) => kept.length && drain());
