// One visit on the phone: six steps, one screen each; what is written goes into the queue at once.
import { collected, el, faults, fields, shown } from "./form.js";
import * as gs1 from "./gs1.js";
import * as queue from "./queue.js";
import { againstRate, inOrder, mayGoTo, planOf, reacted, since } from "./rates.js";

const SCREENS = [
  ["Arrive", ["assessment"]], ["Identify", ["identity", "drug", "shelf", "pump", "kit"]], ["Vitals", ["vitals"]],
  ["Line", ["line", "labs", "scig"]], ["Infuse", ["rate", "reaction", "waste"]], ["Sign", ["teaching", "discharge", "closing", "patient"]],
];
const AFTER = { accept: "accepted", confirm: "confirmed", set_out: "en_route", arrive: "in_progress", document: "documented", amend: "in_progress" };
const NEXT = { offered: ["accept", "Accept"], accepted: ["confirm", "Confirmed with the patient"], confirmed: ["set_out", "Set out"], en_route: ["arrive", "Arrived"] };
const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
const hour = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
let ticking = 0;

export function render(app, packet, screen, common) {
  clearInterval(ticking);
  const box = el("div", { className: "stack" }), p = packet.patient, helps = packet.place === 2, open = packet.state === "in_progress" && !helps;
  box.append(el("section", { className: "card" }, el("div", { className: "body" },
    el("h1", {}, p.name), el("p", {}, `Born ${p.born_on} (${p.age} y), MRN ${p.mrn}${p.weight_kg ? `, ${p.weight_kg} kg` : ""}${p.line ? `, ${p.line}` : ""}`),
    el("p", { className: "allergy" }, el("b", {}, "Allergies: "), p.allergies), el("p", {}, el("b", {}, packet.order)),
    packet.instructions ? el("p", {}, packet.instructions) : null)));
  box.append(el("ol", { className: "screens", ariaLabel: "Steps of the visit" }, ...SCREENS.map(([name], n) => {
    const button = el("button", { type: "button", className: "pill" }, name);
    if (n === screen) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => app.go(packet.id, n));
    return el("li", {}, button);
  })));
  const body = el("div", { className: "stack" });
  if (screen === 0) arrive(app, packet, body);
  if (screen === 0 && !helps && ["accepted", "confirmed", "en_route", "in_progress"].includes(packet.state)) body.append(noVisit(app, packet, common));
  if (helps && screen > 0) body.append(el("p", { className: "notice info" }, `You are the second nurse. ${packet.second.nurses[0]} writes the record.`));
  else if (!open && screen > 0) body.append(el("p", { className: "notice info" }, `The record is ${packet.state.replaceAll("_", " ")}: ${packet.state === "documented" ? "send it and sign." : "arrive first."}`));
  for (const code of SCREENS[screen][1]) {
    const section = packet.sections.find((s) => s.code === code);
    if (section) body.append(card(app, packet, section, open, common));
  }
  if (screen === 5) { finish(app, packet, body, open); body.append(aside(app, packet, common.forms.handover, "handover", () => [])); }
  else body.append(big(`Next: ${SCREENS[screen + 1][0]}`, () => app.go(packet.id, screen + 1)));
  box.append(body);
  return box;
}

const big = (text, does, tone = "pri") => {
  const made = el("button", { type: "button", className: `btn ${tone} big` }, text);
  made.addEventListener("click", does);
  return made;
};

function arrive(app, packet, body) {
  const p = packet.patient;
  body.append(el("section", { className: "card" }, el("div", { className: "body stack" },
    el("p", {}, el("b", {}, packet.type.title), `: ${packet.purpose}`), el("p", {}, p.address, el("br"), el("a", { href: `tel:${p.phone}` }, p.phone), p.language ? `, speaks ${p.language}` : ""),
    ...packet.handovers.map((h) => el("p", { className: "notice info" }, el("b", {}, `${h.writer}: `), `${h.situation} ${h.assessment} Do: ${h.recommendation}`)),
    packet.topics.length ? el("p", {}, el("b", {}, "Still to teach: "), packet.topics.join(", ")) : null)));
  if (packet.second) body.append(second(packet.second));
  if (packet.place === 2) return beside(app, packet, body);
  const step = NEXT[packet.state];
  if (step && packet.second && !packet.second.sure && ["confirmed", "en_route"].includes(packet.state)) return body.append(el("p", { className: "notice crit", role: "alert" }, "This visit needs two nurses, and no second one had accepted it when the day was prepared. Do not begin alone: call the nurse manager, then prepare the day again."));
  if (step) body.append(big(step[1], () => app.step(packet, step[0], AFTER[step[0]])));
}

// Nobody opens, or the patient refuses: said at the door, also without a network. Who must be told first, by the reason.
function noVisit(app, packet, common) {
  return aside(app, packet, common.forms.miss, "miss", (values) => {
    const wanted = new Set([...(common.to_tell[values.reason_code] || []), ...(["skip", "call_prescriber"].includes(values.next_step) ? ["prescriber"] : [])]);
    const left = [...wanted].filter((t) => !(values.told || []).includes(t)).sort();
    return left.length ? [`Tell first: ${left.join(", ")}`] : [];
  });
}

// A form beside the record, kept on the phone until it is sent.
function aside(app, packet, section, act, against) {
  const waits = queue.state.items.filter((i) => i.visit === packet.id && i.act === act).length;
  const box = fields(section, {}, {}), said = el("p", { className: "fault", role: "alert" }), made = el("form", { noValidate: true, className: "stack" }, box);
  made.append(said, el("p", {}, el("button", { className: act === "miss" ? "btn danger" : "btn", type: "submit" }, section.title)));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = collected(section, box), wrong = [...faults(section, values), ...against(values)];
    said.textContent = wrong.join("; ");
    if (!wrong.length) app.act(packet, act, section, values);
  });
  return el("details", { className: "card", id: `act-${act}` }, el("summary", {}, section.title, waits ? " (kept on this phone)" : ""), el("div", { className: "body" }, made));
}

function second(s) {
  const who = s.state === "alone" ? "one nurse may go; the nurse manager decided so" : s.nurses.length > 1 ? `${s.nurses.join(" and ")} (${s.state})` : "nobody is the second yet";
  return el("p", { className: `notice ${s.sure ? "info" : "warn"}` }, el("b", {}, `Two nurses: ${s.why}`), s.note ? `, ${s.note}` : "", `: ${who}.`);
}

// What the second nurse does: accepts her place, and signs to have been there. The record is the first nurse's.
function beside(app, packet, body) {
  if (packet.second.state === "offered") body.append(big("Accept as second nurse", () => app.second(packet, "accept", "accepted")));
  else if (packet.second.state === "accepted") body.append(el("p", { className: "sub" }, "Once the visit has begun, sign that you were there."), app.attending(packet));
  else if (packet.second.state === "present") body.append(el("p", { className: "notice info" }, "You signed that you were there."));
}

function card(app, packet, section, open, common) {
  const stands = packet.values[section.code], needed = packet.type.needed.includes(section.code), unsent = queue.waiting(packet.id, section.code);
  const word = unsent.length ? "on this phone" : stands ? "written" : needed ? "needed" : "";
  const inside = el("div", { className: "body stack" });
  if (section.repeats && stands) inside.append(el("ul", {}, ...stands.map((v) => el("li", {}, section.fields.map((f) => shown(f, v[f.name])).filter(Boolean).join(" · ")))));
  if (section.code === "rate") inside.append(running(app, packet, open));
  if (open && (needed || stands || unsent.length)) inside.append(form(app, packet, section, common));
  else if (open) inside.append(el("details", {}, el("summary", {}, "Write it, if there is any"), form(app, packet, section, common)));
  else if (stands && !section.repeats) inside.append(el("p", {}, section.fields.map((f) => (stands[f.name] ? `${f.label}: ${shown(f, stands[f.name])}` : "")).filter(Boolean).join("; ")));
  return el("section", { className: "card", id: `s-${section.code}` }, el("header", {}, el("h2", {}, section.title), word ? el("span", { className: `chip ${unsent.length ? "wait" : stands ? "ok" : "warn"}` }, word) : null), inside);
}

function form(app, packet, section, common) {
  const plan = section.code === "rate" ? planOf(packet, packet.plan) : undefined;
  if (plan) section = { ...section, fields: section.fields.filter((f) => f.name !== "rate_plan") }; // said already
  const before = section.code === "vitals" ? packet.values.vitals?.at(-1) || packet.last_vitals || {} : {};
  const box = fields(section, packet.values[section.code], { before, usual: section.code === "vitals" ? packet.patient.usual : {}, scales: common.scales });
  const said = el("p", { className: "fault", role: "alert" }), made = el("form", { noValidate: true, className: "stack" }, box);
  const despite = el("div", { className: "field", hidden: true }, el("label", { htmlFor: `despite-${section.code}` }, "It was done all the same: why, and who decided"), el("input", { id: `despite-${section.code}`, name: "despite", autocomplete: "off" }));
  if (section.code === "reaction") made.append(protocolOf(box, common));
  made.append(despite, said, el("p", {}, el("button", { className: "btn pri", type: "submit" }, "Write")));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = { ...collected(section, box), ...named(packet, plan) }, wrong = faults(section, values);
    const against = wrong.length ? [] : checked(packet, section, values), why = despite.querySelector("input").value.trim();
    said.textContent = [...wrong, ...against].join("; ");
    despite.hidden = !against.length;
    if (wrong.length || (against.length && !why)) return navigator.vibrate?.([120, 60, 120]);
    app.write(packet, section, values, why);
  });
  return made;
}

// What the phone knows against an entry by itself; the house asks again when it is sent.
function checked(packet, section, values) {
  if (section.code === "rate") return againstRate(packet, values);
  if (section.code === "shelf") return shelved(packet, section.code, values);
  if (section.code === "drug" && !values.code.toUpperCase().startsWith("OI1*")) return packet.in_suite ? inSuite(packet, values) : packaged(packet, values.code);
  if (section.code === "drug") {
    const drug = packet.drugs.find((d) => d.codes.includes(values.code.toUpperCase()));
    if (!drug) return ["This is no label of a drug that was delivered to this patient. Do not give it; call the pharmacy."];
    return [...drug.against, ...(new Date(drug.beyond_use_at) <= new Date() ? [`It is past its beyond-use date, ${new Date(drug.beyond_use_at).toLocaleString()}.`] : [])];
  }
  if (section.code === "pump" && !values.pump_differs_why) {
    const pump = packet.pumps.find((d) => d.serial.toUpperCase() === values.pump_serial.toUpperCase());
    if (!pump) return ["This pump is not assigned to this patient. Take the right one, or ask the pharmacy."];
    if (pump.rate_ml_per_h && Number(pump.rate_ml_per_h) !== Number(values.pump_rate_ml_per_h)) return [`The checked program runs at ${Number(pump.rate_ml_per_h)} mL/h. Call the pharmacist before it runs, and write why it differs.`];
  }
  return [];
}

// A package that was not compounded: by its own code, against what was delivered to this patient for this therapy.
export function packaged(packet, code) {
  const read = gs1.read(code);
  if (!read) return ["This code names no product with its lot and expiry. Scan the 2D code on the package, or call the pharmacy."];
  const held = (packet.packages || []).find((p) => p.gtin === read.gtin && p.lot === read.lot);
  if (!held) return ["This package is not among what was delivered to this patient for this therapy. Do not give it; call the pharmacy."];
  const scanned = (packet.values.drug || []).map((v) => ({ sent: Boolean(v.lot), ...gs1.read(v.code || "") })).filter((v) => v.gtin === read.gtin);
  const here = scanned.filter((v) => !v.sent && v.lot === read.lot).length;
  const found = [...held.against];
  if (held.expires_on !== read.expires_on) found.push(`The package says ${read.expires_on}, our record of lot ${held.lot} ${held.expires_on}. Do not give it; call the pharmacy.`);
  if (read.expires_on < new Date().toLocaleDateString("sv-SE", { timeZone: packet.zone })) found.push(`${held.name}, lot ${held.lot}, expired on ${read.expires_on}. Do not give it; call the pharmacy.`);
  if (read.serial && (scanned.some((v) => v.serial === read.serial) || (held.serials || []).includes(read.serial))) found.push(`This very package of ${held.name} (serial ${read.serial}) was scanned already. It is on record once; scan the next package.`);
  else if (here >= held.left) found.push(`Every package of lot ${held.lot} that was delivered is on record as given already. Count what is left, and call the pharmacy.`);
  return found;
}

// A package at a suite: from a delivery or from the shelf. Where it may be either, the nurse says which one it is.
export function inSuite(packet, values) {
  const read = gs1.read(values.code), same = (p) => read && p.gtin === read.gtin && p.lot === read.lot;
  const delivered = (packet.packages || []).find(same), shelf = (packet.shelf || []).find((p) => p.section === "drug" && same(p));
  const from = values.drug_from || (delivered?.left && shelf?.left ? "" : shelf && !delivered?.left ? "shelf" : "delivered");
  if (!from) return [`Packages of lot ${read.lot} were delivered for this patient, and some lie on the suite's shelf. Say above which one this is.`];
  return from === "shelf" ? shelved(packet, "drug", values) : packaged(packet, values.code);
}

// A package of the suite's own stock, against what lay on its shelf when the day was prepared; the house asks its ledger again.
export function shelved(packet, section, values) {
  const read = gs1.read(values.code || values.shelf_code || "");
  if (!read) return ["This code names no product with its lot and expiry. Scan the 2D code on the package, or call the pharmacy."];
  const held = (packet.shelf || []).find((p) => p.section === section && p.gtin === read.gtin && p.lot === read.lot);
  if (!held) return ["This package is not among what this visit's orders ask for from the suite's shelf. Do not give it; call the pharmacy."];
  const all = (packet.values[section] || []).map((v) => gs1.read(v.code || v.shelf_code || "")).filter((v) => v?.gtin === read.gtin);
  const found = [...held.against];
  if (held.expires_on !== read.expires_on) found.push(`The package says ${read.expires_on}, our record of lot ${held.lot} ${held.expires_on}. Do not give it; call the pharmacy.`);
  if (read.expires_on < new Date().toLocaleDateString("sv-SE", { timeZone: packet.zone })) found.push(`${held.name}, lot ${held.lot}, expired on ${read.expires_on}. Do not give it; call the pharmacy.`);
  if (read.serial && (all.some((v) => v.serial === read.serial) || held.serials.includes(read.serial))) found.push(`This very package of ${held.name} (serial ${read.serial}) was scanned already. It is on record once; scan the next package.`);
  if (all.filter((v) => v.lot === read.lot).length - held.of_lot >= held.left) found.push(`No package of lot ${held.lot} is free on the suite's shelf. Take another lot, or call the pharmacy.`);
  if (held.most !== null && all.length - held.scanned >= held.most) found.push(`The order's dose takes no further package of ${held.name}. Do not give it; call the pharmacist.`);
  return found;
}

function protocolOf(box, common) {
  const list = el("ol", { className: "notice crit", hidden: true });
  box.addEventListener("input", () => {
    const grade = box.querySelector("[name=reaction_grade]")?.value, kind = box.querySelector("[name=reaction]")?.value;
    const steps = kind && kind !== "none" ? common.protocol[grade || "1"] || [] : [];
    list.hidden = !steps.length;
    list.replaceChildren(...steps.map((s) => el("li", {}, s)));
  });
  return list;
}

// ---- the running clock and the product's next step
function running(app, packet, open) {
  const box = el("div", { className: "running stack" }), now = el("p", { className: "figure", role: "timer" }), next = el("p", { ariaLive: "polite" });
  const keys = el("p", { className: "row" }), said = el("p", { className: "fault", role: "alert" });
  const rates = inOrder(packet.values.rate), last = rates.at(-1), at = last ? Number(last.rate_ml_per_h) : null, plan = planOf(packet, packet.plan);
  if (packet.plans.length > 1 && open && !last && !packet.running.plan) box.append(whose(app, packet, plan));
  else if (plan && packet.plans.length > 1) box.append(el("p", { className: "sub" }, `Rate steps of ${plan.label}`));
  const steps = (plan?.rates || []).map(Number), up = !plan ? undefined : at ? steps.find((s) => s > at) : mayGoTo(packet, plan, rates), down = steps.filter((s) => s < (at ?? 0)).at(-1) || 0;
  const most = packet.running.resume_ml_per_h, held = reacted(packet) && (most === null || up > Number(most));
  const rate = (value, why) => {
    const values = { rate_at: new Date().toISOString(), rate_ml_per_h: String(value), rate_why: why, ...named(packet, plan) };
    said.textContent = againstRate(packet, values).join(" ");
    if (said.textContent) return navigator.vibrate?.([120, 60, 120]);
    return app.write(packet, packet.sections.find((s) => s.code === "rate"), values, "");
  };
  const button = (text, value, why, tone = "") => keys.append(big(text, () => rate(value, why), tone));
  if (open && !at && up && !(last && held)) button(`${last ? "Go on" : "Start"} at ${up} mL/h`, up, "planned", "pri");
  if (open && at) {
    if (up && !held) button(`Raise to ${up} mL/h`, up, "planned", "pri");
    if (down) button(`Back to ${down} mL/h`, down, "back", "warn");
    button("Stop: reaction", 0, "stopped", "danger");
    button("It is in: stop", 0, "ended");
  }
  const due = last && plan && steps.length > 1 ? since(rates) + plan.step_minutes * 60000 : 0;
  const tick = () => {
    if (at === null) now.textContent = "Not started";
    else if (at === 0) now.textContent = `Stopped ${hour(last.rate_at)}`;
    else now.textContent = `${at} mL/h for ${clock(Date.now() - since(rates))}`;
    next.textContent = coming(packet, plan, at, up, held, due);
    box.classList.toggle("due", Boolean(at && up && !held && Date.now() >= due));
  };
  tick();
  ticking = setInterval(tick, 1000);
  box.append(now, next, keys, said);
  return box;
}

// The first rate says by whose steps it runs.
const named = (packet, plan) => (plan && packet.plans.length > 1 && !packet.running.plan && !(packet.values.rate || []).length ? { rate_plan: plan.code } : {});

// Several products or uses have steps: nobody is chosen for the nurse, who reads it off the package.
function whose(app, packet, plan) {
  const choice = el("select", { id: "plan" }, el("option", { value: "" }, "Read it off the package"), ...packet.plans.map((p) => el("option", { value: p.code, selected: p === plan }, p.label)));
  choice.addEventListener("change", async () => { packet.plan = choice.value; await app.keepPacket(packet); await app.go(packet.id, 4); });
  return el("div", { className: "field" }, el("label", { htmlFor: "plan" }, "Rate steps of"), choice);
}

function coming(packet, plan, at, up, held, due) {
  if (!packet.plans.length) return "No rate is on file for this order: as the order says. The phone cannot judge it.";
  if (!plan) return "Say first by whose rate steps it runs.";
  const most = packet.running.resume_ml_per_h;
  if (held) return most === null ? "A reaction is on record: hold, go back a step, or stop. Not higher without the prescriber." : `After the reaction the prescriber lets it run at most at ${Number(most)} mL/h.`;
  const lowest = at === null && plan.rates.length > 1 && packet.running.lowest_why ? ` Begin at the lowest step: ${packet.running.lowest_why}.` : "";
  if (!at) return plan.rates.length > 1 ? `${plan.rates.length} steps, ${plan.step_minutes} min each at least (${plan.source}).${lowest}` : `${plan.label} (${plan.source}).`;
  if (!up) return "The highest planned rate: it runs until it is in.";
  if (plan.rates.length === 1) return `At most ${up} mL/h.`;
  return Date.now() < due ? `Next ${up} mL/h in ${clock(due - Date.now())}; vital signs first` : `Now: vital signs, then ${up} mL/h`;
}

function finish(app, packet, body, open) {
  const lacking = packet.type.needed.filter((code) => !packet.values[code]).map((code) => packet.sections.find((s) => s.code === code)?.title || code);
  if (open && lacking.length) body.append(el("p", { className: "notice info" }, el("b", {}, "Still to write: "), lacking.join(", ")));
  if (packet.place === 2) return;
  if (open) {
    const key = big("Finish the record", () => app.step(packet, "document", "documented"));
    key.disabled = lacking.length > 0;
    body.append(key);
  }
  if (packet.state === "documented" || packet.state === "reviewed") body.append(app.signing(packet));
}
