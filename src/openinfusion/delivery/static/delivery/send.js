// The proof of delivery survives a lost line: it is kept on this phone, encrypted by a PIN, until the server has it.
// Its key makes two sendings one. The PIN is asked when something is to be kept or sent, and forgotten with the page.
import { fits } from "../ui/vault.js";
import { adopt, bodyOf, count, drop, keep, kept, proofOf, vault } from "./keep.js";

const IDLE_MINUTES = 10;
const box = document.querySelector("[data-unsent]"), place = document.querySelector("[data-pin]"), form = document.querySelector("form[data-proof]");
let busy = false, touched = Date.now(), held = null; // held: the proof that waits for the PIN, nowhere but here

const el = (name, has = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), has);
  made.append(...inside);
  return made;
};
const button = (words, does, tone = "") => {
  const made = el("button", { type: "button", className: `btn ${tone}` }, words);
  made.addEventListener("click", does);
  return made;
};
const many = (n) => `${n} proof${n === 1 ? "" : "s"} of delivery`;

// ---- what is said
async function show() {
  const n = await count();
  if (!box) return n;
  const all = vault.isOpen() ? await kept() : [], refused = all.filter((one) => one.refused), waiting = n - refused.length;
  box.hidden = !n;
  box.textContent = waiting ? `${many(waiting)} not sent yet. ${vault.isOpen() ? "Sent by itself when the line is back." : "Your PIN sends it."}` : "";
  for (const one of refused) {
    box.append(el("p", {}, `A proof that was kept here was refused: ${one.refused} `, button("Remove it from this phone", () => drop(one.key).then(show))));
  }
  return n;
}

// ---- the PIN
async function askPin(why = "") {
  if (!place) return;
  const set = await vault.isSet(), pin = el("input", { id: "pin", name: "pin", type: "password", autocomplete: "off", inputMode: "numeric" });
  const fault = el("p", { className: "fault", role: "alert" }, why), go = el("button", { type: "submit", className: "btn pri big" }, set ? "Open" : "Set this PIN");
  const ask = el("form", { className: "body stack" }, el("h2", {}, set ? "Your PIN" : "Choose a PIN for this phone"));
  if (!set) ask.append(el("p", {}, "A proof that cannot be sent is kept on this phone, encrypted with a PIN that only you know. Nobody can read it without the PIN, and nobody can restore it."));
  ask.append(el("div", { className: "field" }, el("label", { htmlFor: "pin" }, set ? "PIN" : "PIN, six digits or more"), pin), fault, el("p", { className: "row" }, go));
  if (set) ask.append(el("details", {}, el("summary", {}, "PIN forgotten"), el("p", {}, "Without it nothing kept on this phone can be read, also what is not sent. Wipe it and choose another."), button("Wipe this phone", wipe, "danger")));
  ask.addEventListener("submit", (event) => { event.preventDefault(); enter(pin.value, set, fault, go); });
  place.replaceChildren(ask);
  place.hidden = false;
  return pin;
}

async function enter(pin, set, fault, go) {
  if (!set && !fits(pin)) { fault.textContent = "Six digits or more."; return; }
  fault.textContent = "…";
  go.disabled = true;
  const right = set ? await vault.open(pin) : await vault.create(pin).then(() => true);
  go.disabled = false;
  if (!right) { fault.textContent = "That is not the PIN. Nothing is lost; the next try waits a little longer."; return; }
  navigator.storage?.persist?.();
  await adopt();
  if (held) await keepHeld();
  close();
  await drain();
}

function close() {
  place.replaceChildren(el("p", { className: "body sub" }, "What cannot be sent is kept on this phone, encrypted with your PIN. "), el("p", { className: "body" }, button("Lock", lock)));
}

async function lock(said = "") {
  vault.shut();
  await ready(typeof said === "string" ? said : "");
}

async function wipe() {
  const n = await vault.count("proofs");
  if (!confirm(n ? `${many(n)} not sent yet would be lost for good. Wipe all the same?` : "Choose another PIN?")) return;
  await vault.wipe();
  await ready();
}

// Asked where no PIN is chosen yet, where something is kept, and where a proof waits to be; else nothing is in the way.
async function ready(said = "") {
  const n = await show();
  if (n || held || said || !(await vault.isSet())) return askPin(said);
  place?.replaceChildren(el("p", { className: "body sub" }, "This phone keeps what cannot be sent encrypted; its PIN is set."));
  if (place) place.hidden = false;
}

// ---- sending
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
const send = ({ url, key, parts }) => fetch(url, {
  method: "POST", body: bodyOf(parts), credentials: "same-origin", headers: { "HX-Request": "true", "Idempotency-Key": key, "X-CSRFToken": token() },
});

async function drain() {
  if (busy || !vault.isOpen()) return;
  busy = true;
  try {
    for (const one of await kept()) {
      if (one.refused) continue;
      const answer = await send(one);
      if (answer.redirected || answer.status === 403) break; // signed out meanwhile: it stays kept until somebody signs in again
      if (answer.ok) await drop(one.key);
      else if (answer.status >= 400 && answer.status < 500) {
        const said = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.replace(/\s+/g, " ").trim();
        await keep({ ...one, refused: said || `status ${answer.status}` });
      }
    }
  } catch { /* no line: it stays kept */ }
  busy = false;
  await show();
}

const here = () => new Promise((done) => {
  if (!navigator.geolocation) return done(null);
  navigator.geolocation.getCurrentPosition((p) => done(p.coords), () => done(null), { timeout: 4000, maximumAge: 60000 });
});

const notice = (tone, head, words) => {
  const made = el("div", { className: `notice ${tone}` }, el("p", {}, el("b", {}, head), words));
  made.setAttribute("role", "alert");
  const answer = form.querySelector(".answer");
  answer.replaceChildren(made);
  return answer;
};

async function keepHeld() {
  await keep(held);
  held = null;
  form.querySelector("button[type=submit]").disabled = true;
  await show();
  notice("warn", "No connection. ", "The proof is kept on this phone, encrypted, and sent when the line is back. Leave this page open or come back to your stops, signed in.");
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const press = form.querySelector("button[type=submit]"), answer = form.querySelector(".answer");
  const lacks = !form.strokes.value && !form.typed.value.trim() ? "The receiver has not signed." : form.hasAttribute("data-cold") && !form.arrived_c.value.trim() ? "The temperature on arrival was not read." : "";
  if (lacks) { // said here, while the receiver is still at the door, also without a connection
    return notice("crit", "", lacks).scrollIntoView({ block: "nearest" });
  }
  press.disabled = true;
  if (form.hasAttribute("data-position")) {
    const at = await here();
    if (at) {
      form.latitude.value = at.latitude.toFixed(5);
      form.longitude.value = at.longitude.toFixed(5);
      form.accuracy_m.value = Math.round(at.accuracy);
    }
  }
  const one = await proofOf({ url: form.action, key: form._key.value, parts: [...new FormData(form)], at: Date.now() });
  try {
    const told = await send(one);
    if (told.redirected || told.status === 403) throw new Error("signed out");
    if (told.ok) return location.assign(told.headers.get("HX-Redirect") || "/delivery/driver/");
    answer.innerHTML = await told.text();
    answer.scrollIntoView({ block: "nearest" });
  } catch {
    held = one;
    if (vault.isOpen()) return keepHeld();
    press.disabled = false;
    notice("crit", "No connection, and nothing is kept yet. ", "Give your PIN above; then the proof is kept on this phone and sent when the line is back.");
    const pin = await askPin("No connection. With your PIN the proof is kept here.");
    pin?.scrollIntoView({ block: "center" });
    return pin?.focus();
  }
  press.disabled = false;
});

for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { touched = Date.now(); });
addEventListener("online", drain);
addEventListener("beforeunload", (event) => { if (held) event.preventDefault(); });
setInterval(async () => {
  if (!vault.isOpen()) return;
  if (Date.now() - touched > IDLE_MINUTES * 60000) return lock("Locked: nobody touched it for ten minutes. Nothing is lost.");
  if (navigator.onLine && (await show())) await drain();
}, 5000);
ready();
