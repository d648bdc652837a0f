// The nurse's day: PIN, the list of visits, one visit, what is not sent yet. Opens without a network; keeps all encrypted.
import { el, shown } from "./form.js";
import { vault } from "./keep.js";
import { ask, words } from "./line.js";
import * as queue from "./queue.js";
import { fits } from "./vault.js";
import { render } from "./visit.js";

const main = document.getElementById("app"), bar = document.getElementById("line");
const IDLE_MINUTES = 10;
let at = { place: "list" }, common = { protocol: {}, scales: {} }, touched = Date.now(), ready = false;

// ---- the PIN
async function lock(said = "") {
  vault.shut();
  const set = await vault.isSet();
  const form = el("form", { className: "narrow stack card pin" }, el("h1", {}, set ? "Your PIN" : "Make this phone yours"));
  if (!set) form.append(el("p", {}, "Your visits are kept on this phone encrypted with a PIN that only you know. Nobody can read them without it, and nobody can restore it."), field("name", "Name of this phone", "text"));
  form.append(field("pin", set ? "PIN" : "PIN, six digits or more", "password"), el("p", { className: "fault", role: "alert" }, said), el("button", { className: "btn pri big", type: "submit" }, set ? "Open" : "Register"));
  if (set) form.append(el("details", {}, el("summary", {}, "PIN forgotten"), el("p", {}, "Without it nothing on this phone can be read, also what is not sent. Wipe the phone and write it again."), button("Wipe this phone", wipe, "danger")));
  form.addEventListener("submit", (event) => { event.preventDefault(); (set ? unlock : register)(form); });
  main.replaceChildren(form);
  form.querySelector("input").focus();
  status();
}

function field(name, label, type) {
  const input = el("input", { id: name, name, type, autocomplete: "off" });
  if (name === "pin") input.inputMode = "numeric";
  return el("div", { className: "field" }, el("label", { htmlFor: name }, label), input);
}

const button = (text, does, tone = "") => {
  const made = el("button", { type: "button", className: `btn ${tone}` }, text);
  made.addEventListener("click", does);
  return made;
};

async function unlock(form) {
  const fault = form.querySelector(".fault");
  fault.textContent = "…";
  if (!(await vault.open(form.pin.value))) { fault.textContent = "That is not the PIN. The next try waits a little longer."; return; }
  await begin();
}

async function register(form) {
  const fault = form.querySelector(".fault"), pin = form.pin.value;
  if (!fits(pin)) { fault.textContent = "Six digits or more."; return; }
  try {
    const [status, told] = await ask("/api/nursing/phones", { name: form.name.value || "Phone" });
    if (status >= 300) { fault.textContent = words(told); return; }
    await vault.create(pin);
    await vault.setMeta("device", told.id);
  } catch { fault.textContent = "There is no connection, or you are signed off. A phone is registered once, with a network."; return; }
  await begin();
}

async function wipe() {
  const unsent = await vault.count("queue");
  if (!confirm(unsent ? `${unsent} entries are not sent yet and would be lost for good. Wipe all the same?` : "Wipe every visit from this phone?")) return;
  await vault.wipe();
  queue.state.items = [];
  lock();
}

async function begin() {
  queue.state.more = { device_id: await vault.meta("device") };
  await expire();
  await queue.load();
  common = (await vault.get("packets", "common")) || common;
  const [where, id, screen] = location.hash.slice(1).split("/");
  at = where === "visit" ? { place: "visit", id, screen: Number(screen) || 0 } : { place: where === "queue" ? "queue" : "list" };
  await show();
  queue.drain();
}

// Packets older than their time wipe themselves; what is not sent stays.
async function expire() {
  const until = await vault.meta("until");
  if (until && Date.now() > Date.parse(until)) { await vault.clear("packets"); await vault.setMeta("until", null); }
}

// ---- the pages
async function show() {
  if (!vault.isOpen()) return lock();
  const page = at.place === "visit" ? await visit() : at.place === "queue" ? unsent() : await list();
  main.replaceChildren(page);
  location.hash = at.place === "visit" ? `visit/${at.id}/${at.screen}` : at.place;
  status();
}

const when = (at) => new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
const clock = (at) => new Date(at).toLocaleTimeString([], { timeStyle: "short" });
const packets = async () => (await vault.all("packets")).filter((p) => p.id).sort((a, b) => String(a.planned_start).localeCompare(String(b.planned_start)));

async function list() {
  const found = await packets(), until = await vault.meta("until"), box = el("div", { className: "stack" });
  box.append(el("div", { className: "head" }, el("h1", {}, "My day"), el("p", { className: "row" }, button("Prepare for the day", prepare, "pri"), button("Lock", () => lock()), button("Wipe", wipe))));
  box.append(el("p", { className: "sub", role: "status", id: "said" }, found.length ? `${found.length} visits on this phone, until ${new Date(until).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}.` : "No visit is on this phone. Prepare the day while there is a network."));
  for (const b of (await vault.get("packets", "breaks")) || []) box.append(el("p", { className: b.crossed ? "notice warn" : "notice info" }, `Break ${when(b.starts_at)} to ${clock(b.ends_at)}. ${b.why}${b.crossed ? ". A visit was put over it: tell the nurse manager." : ""}`));
  for (const p of found) {
    const open = el("a", { href: `#visit/${p.id}/0`, className: "btn big" }, "Open");
    open.addEventListener("click", (event) => { event.preventDefault(); app.go(p.id, 0); });
    const mine = queue.waiting(p.id).length;
    box.append(el("article", { className: "card" }, el("div", { className: "body stack" }, el("p", { className: "head" }, el("b", {}, p.patient.name), el("span", { className: "chip info" }, p.state.replaceAll("_", " "))),
      el("p", {}, p.planned_start ? new Date(p.planned_start).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "no time yet", ` · ${p.type.title}`, el("br"), p.patient.address),
      mine ? el("p", { className: "sub" }, `${mine} not sent yet`) : null, open)));
  }
  return box;
}

async function visit() {
  const packet = await vault.get("packets", at.id);
  if (!packet) return el("div", { className: "stack" }, el("p", { className: "notice warn" }, "This visit is not on this phone any more. What you wrote is under “Not sent”."), button("My day", () => { at = { place: "list" }; show(); }));
  const back = button("My day", () => { at = { place: "list" }; show(); });
  return el("div", { className: "stack narrow" }, el("p", {}, back), render(app, packet, at.screen, common));
}

function unsent() {
  const box = el("div", { className: "stack narrow" }, el("div", { className: "head" }, el("h1", {}, "Not sent"), el("p", { className: "row" }, button("Send now", queue.drain, "pri"), button("My day", () => { at = { place: "list" }; show(); }))));
  if (!queue.state.items.length) box.append(el("div", { className: "empty" }, el("p", {}, el("b", {}, "Everything is sent")), el("p", { className: "sub" }, "What you write without a network waits here.")));
  for (const item of queue.state.items) box.append(held(item));
  return box;
}

function held(item) {
  const section = item.form, body = el("div", { className: "body stack" });
  if (item.step) body.append(el("p", {}, `Step${item.second ? " as second nurse" : ""}: ${item.step.replaceAll("_", " ")}, ${new Date(item.at).toLocaleTimeString()}`));
  else body.append(item.state === "conflict" ? compare(item, section) : el("p", {}, section.fields.map((f) => (item.values[f.name] !== undefined ? `${f.label}: ${shown(f, item.values[f.name])}` : "")).filter(Boolean).join("; ")));
  if (item.why) body.append(el("p", { className: "notice warn" }, item.why));
  if (item.state === "refused") body.append(choices(item));
  const word = { waiting: "waits", conflict: "two versions", refused: "not accepted" }[item.state];
  return el("section", { className: "card", data: { item: item.section || item.step || item.act } }, el("header", {}, el("h2", {}, `${item.patient}: ${section?.title || "Visit"}`), el("span", { className: `chip ${item.state === "waiting" ? "wait" : "crit"}` }, word)), body);
}

function compare(item, section) {
  const theirs = item.server.values || {}, rows = section.fields.filter((f) => String(item.values[f.name] ?? "") !== String(theirs[f.name] ?? ""));
  return el("div", { className: "stack" }, el("p", {}, "This was changed on record while you were away. Choose which one stands; both stay in the record."),
    el("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Both versions" }, el("table", { className: "tbl" }, el("thead", {}, el("tr", {}, ...["", "On this phone", "On record"].map((t) => el("th", { scope: "col" }, t)))),
      el("tbody", {}, ...rows.map((f) => el("tr", {}, el("th", { scope: "row" }, f.label), el("td", {}, shown(f, item.values[f.name]) || "–"), el("td", {}, shown(f, theirs[f.name]) || "–")))))),
    el("p", { className: "row" }, button("Keep the phone's", () => queue.choose(item, "mine"), "pri"), button("Keep the record's", () => queue.choose(item, "theirs"))));
}

function choices(item) {
  const why = el("input", { id: `why-${item.key}`, autocomplete: "off" }), row = el("p", { className: "row" }, button("Retry", () => queue.retry(item), "pri"));
  if (item.step || item.act) row.append(button(item.act ? "Let go of it" : "Let go of this step", () => queue.letGo(item)));
  else {
    if (["drug", "shelf", "pump", "kit", "rate", "waste"].includes(item.section)) row.append(button("It was done all the same", () => why.value.trim() && queue.insist(item, why.value.trim())));
    row.append(button("Keep beside the record", () => why.value.trim() && queue.aside(item, why.value.trim())));
  }
  return el("div", { className: "stack" }, item.step || item.act ? null : el("div", { className: "field" }, el("label", { htmlFor: why.id }, "Why, in words"), why), row);
}

// ---- the day is taken along
async function prepare() {
  const said = document.getElementById("said");
  said.textContent = "Taking your visits along…";
  if (queue.state.items.length) { await queue.drain(); if (queue.state.items.length) { said.textContent = "Send, or settle, what is under “Not sent” first: nothing is overwritten."; return; } }
  try {
    const [status, told] = await ask(`/api/nursing/phones/${queue.state.more.device_id}/day`, {});
    if (status >= 300) return refused(told, said);
    await vault.clear("packets");
    common = told.common;
    await vault.put("packets", "common", common);
    await vault.put("packets", "breaks", told.breaks || []);
    for (const p of told.visits) await vault.put("packets", p.id, p);
    await vault.setMeta("until", told.good_until);
    await show();
  } catch (error) { said.textContent = error.constructor.name === "Away" ? "You are signed off. Sign in again, then prepare the day." : "No connection. What is on this phone stays as it is."; }
}

async function refused(told, said) {
  if (told.details?.[0]?.code === "phone-revoked") { await vault.clear("packets"); await show(); }
  (document.getElementById("said") || said).textContent = words(told);
}

// ---- what a visit may do
const app = {
  go: async (id, screen) => { at = { place: "visit", id, screen }; await show(); scrollTo(0, 0); },
  keepPacket: (packet) => vault.put("packets", packet.id, packet),
  async write(packet, section, values, despite) {
    const item = { visit: packet.id, number: packet.number, patient: packet.patient.name, section: section.code, form: section, repeats: section.repeats, base: packet.versions[section.code] || 0, values, at: new Date().toISOString(), despite };
    packet.values[section.code] = section.repeats ? [...(packet.values[section.code] || []), values] : values;
    await vault.put("packets", packet.id, packet);
    await queue.add(item);
    await show();
    document.getElementById(`s-${section.code}`)?.scrollIntoView({ block: "nearest" });
  },
  async step(packet, step, after) {
    packet.state = after;
    await vault.put("packets", packet.id, packet);
    await queue.add({ visit: packet.id, number: packet.number, patient: packet.patient.name, step, at: new Date().toISOString() });
    await app.go(packet.id, step === "arrive" ? 1 : at.screen);
  },
  async act(packet, act, section, values) {
    if (act === "miss") packet.state = "missed";
    await vault.put("packets", packet.id, packet);
    await queue.add({ visit: packet.id, number: packet.number, patient: packet.patient.name, act, form: section, values, therapy: packet.therapy_id, at: new Date().toISOString() });
    await app.go(packet.id, at.screen);
  },
  async second(packet, step, after) {
    packet.second.state = after;
    await vault.put("packets", packet.id, packet);
    await queue.add({ visit: packet.id, number: packet.number, patient: packet.patient.name, step, second: true, at: new Date().toISOString() });
    await app.go(packet.id, at.screen);
  },
  signing: (packet) => signed(packet, "steps/sign", "Sign the record"),
  attending: (packet) => signed(packet, "second/attend", "I was there"),
};

// A signature needs a network and the password; afterwards the visit leaves the phone.
function signed(packet, path, label) {
  const form = el("form", { className: "stack" }, el("h2", {}, "Sign"), el("p", { className: "sub" }, "Your password is asked each time and kept nowhere; signing needs a network, and everything sent."), field("password", "Your password", "password"), el("p", { className: "fault", role: "alert" }), el("button", { className: "btn pri big", type: "submit" }, label));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = form.querySelector(".fault");
    await queue.drain();
    if (queue.waiting(packet.id).length) { fault.textContent = "Not all of this visit is sent yet."; return; }
    try {
      const [status, told] = await ask(`/api/nursing/visits/${packet.id}/${path}`, {}, crypto.randomUUID(), { "X-Signature": form.password.value });
      if (status >= 300) { fault.textContent = words(told); return; }
      packet.state = told.state;
      await vault.drop("packets", packet.id);
      at = { place: "list" };
      await show();
    } catch { fault.textContent = "No connection, or you are signed off. The record is kept; sign when it is back."; }
  });
  return form;
}

// What the house answered goes into the packet, so that the next entry knows the version it stands upon.
queue.state.onpacket = async (item, told) => {
  const packet = await vault.get("packets", item.visit);
  if (!packet) return;
  if (item.section) {
    packet.versions[item.section] = told.version;
    if (item.keeps && told.values) packet.values[item.section] = told.values;
  }
  await vault.put("packets", packet.id, packet);
};
queue.state.onchange = () => { status(); if (at.place === "queue" && vault.isOpen()) show(); };

function status() {
  const n = queue.state.items.length, stuck = queue.state.items.filter((i) => i.state !== "waiting").length, offline = !navigator.onLine || queue.state.trouble === "silent";
  const many = `${n} not sent yet`, parts = [];
  if (queue.state.trouble === "away") parts.push("You are signed off. Nothing is lost: sign in again, then it is sent.");
  else if (offline) parts.push(`No connection. ${n ? `${many}, kept on this phone; go on.` : "Go on; what you write is kept on this phone."}`);
  else if (n) parts.push(many);
  if (stuck) parts.push(`${stuck} need your choice.`);
  if (queue.state.items.some((i) => i.code === "phone-revoked")) parts.push("This phone was revoked: the nurse manager allows it again, then press Retry.");
  bar.hidden = !parts.length;
  document.getElementById("line-text").textContent = parts.join(" ");
  document.getElementById("line-in").hidden = queue.state.trouble !== "away";
  document.getElementById("offline-ready").hidden = !ready;
  document.title = `${n ? `(${n} unsent) ` : ""}My day`;
}

document.getElementById("line-open").addEventListener("click", () => { at = { place: "queue" }; show(); });
for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { touched = Date.now(); });
addEventListener("online", queue.drain);
addEventListener("offline", status);
setInterval(() => {
  if (vault.isOpen() && Date.now() - touched > IDLE_MINUTES * 60000) return lock("Locked: nobody touched it for ten minutes. Nothing is lost.");
  if (vault.isOpen() && queue.state.items.some((i) => i.state === "waiting")) queue.drain();
}, 4000);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/nursing/day/worker.js", { scope: "/nursing/day/" }).then(() => navigator.serviceWorker.ready).then(() => { ready = true; status(); }).catch(() => {});
}
lock();
