// What was written and is not sent yet: in order, each under its own key, so that told twice it is done once.
import { ask, words } from "./line.js";
import { vault } from "./keep.js";

export const state = { items: [], more: {}, trouble: "", onchange: () => {}, onpacket: async () => {} };

export async function load() {
  state.items = (await vault.all("queue")).sort((a, b) => a.place - b.place);
}

const keep = (item) => vault.put("queue", item.key, item);

export async function add(item) {
  const twin = !item.repeats && item.section && state.items.find((i) => i.visit === item.visit && i.section === item.section && (i.state !== "waiting" || !i.tried));
  if (twin) Object.assign(twin, { values: item.values, at: item.at, despite: item.despite });
  if (twin?.state === "refused") return anew(twin, {});
  if (!twin) state.items.push({ key: crypto.randomUUID(), place: (state.items.at(-1)?.place || 0) + 1, state: "waiting", why: "", ...item });
  await keep(twin || state.items.at(-1));
  state.onchange();
  drain();
}

export const waiting = (visit, section) => state.items.filter((i) => i.visit === visit && (!section || i.section === section));

function request(item) {
  const at = item.at, here = `/api/nursing/visits/${item.visit}`, device = state.more;
  if (item.act === "miss") return [`${here}/miss`, { told: [], ...item.values }];
  if (item.act === "handover") return ["/api/nursing/handovers", { ...item.values, visit_id: item.visit, therapy_id: item.therapy }];
  if (item.second) return [`${here}/second/${item.step}`, {}];
  if (item.step) return [`${here}/steps/${item.step}`, { at }];
  if (item.keeps) return [`${here}/sections/${item.section}/choice`, { values: item.values, keeps: item.keeps, base: item.base, at, ...device }];
  if (item.aside) return [`${here}/sections/${item.section}/aside`, { values: item.values, why: item.aside, at, ...device }];
  return [`${here}/sections/${item.section}`, { values: item.values, base: item.repeats ? null : item.base, at, despite: item.despite || "", ...device }];
}

// Sends what waits, one after the other. What meets a conflict or a refusal stays, and so does all that comes after a step.
// Whoever asks while it sends waits for that.
let sending = null;
export function drain() {
  sending ??= send().finally(() => { sending = null; });
  return sending;
}

async function send() {
  if (!vault.isOpen()) return;
  const blocked = new Set();
  try {
    for (const item of [...state.items]) {
      if (item.state !== "waiting" || blocked.has(item.visit)) {
        if ((item.step || item.act === "miss") && item.state !== "waiting") blocked.add(item.visit);
        continue;
      }
      item.tried = true;
      const [path, body] = request(item);
      const [status, told] = await ask(path, body, item.key);
      state.trouble = "";
      if (status < 300) await sent(item, told);
      else await held(item, status, told);
      if ((item.step || item.act === "miss") && status >= 300) blocked.add(item.visit);
      state.onchange();
    }
  } catch (error) {
    state.trouble = error.constructor.name === "Away" ? "away" : "silent";
  }
  state.onchange();
}

async function sent(item, told) {
  for (const later of state.items) { // written on this phone upon what was just sent
    if (later !== item && item.section && !item.aside && later.visit === item.visit && later.section === item.section && later.state === "waiting") { later.base = told.version; await keep(later); }
  }
  state.items = state.items.filter((i) => i.key !== item.key);
  await vault.drop("queue", item.key);
  await state.onpacket(item, told);
}

async function held(item, status, told) {
  item.state = status === 409 && told.error === "stale" && told.server ? "conflict" : "refused";
  item.code = told.details?.[0]?.code || "";
  item.why = words(told);
  item.server = told.server || null;
  item.key0 = item.key;
  await keep(item);
}

// A held item goes on under a new key, because it is another request now.
async function anew(item, changes) {
  await vault.drop("queue", item.key);
  Object.assign(item, { key: crypto.randomUUID(), state: "waiting", tried: false, why: "", server: null }, changes);
  await keep(item);
  state.onchange();
  drain();
}

export const choose = (item, keeps) => anew(item, { keeps, base: item.server.version });
export const retry = (item) => anew(item, {});
export const insist = (item, despite) => anew(item, { despite });
export const aside = (item, why) => anew(item, { aside: why });
export async function letGo(item) {
  state.items = state.items.filter((i) => i.key !== item.key);
  await vault.drop("queue", item.key);
  state.onchange();
}
