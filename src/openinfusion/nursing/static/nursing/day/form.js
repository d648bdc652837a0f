// Forms made of a section's rows, with what stood before beside each field and a word at once where a value is unusual.
export function el(tag, more = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(more)) {
    if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside.filter((x) => x !== null && x !== undefined && x !== ""));
  return made;
}

const wall = (date) => new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
export const shown = (field, value) => {
  if (value === undefined || value === null || value === "") return "";
  const options = Object.fromEntries(field.options || []);
  if (Array.isArray(value)) return value.map((v) => options[v] || v).join(", ");
  if (field.kind === "moment") return new Date(value).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  if (field.kind === "strokes") return "(drawn)";
  return `${options[value] || value}${field.unit ? ` ${field.unit}` : ""}`;
};

function control(section, field, value) {
  const id = `${section.code}-${field.name}`, common = { id, name: field.name, autocomplete: "off" };
  if (["one", "yes_no"].includes(field.kind)) {
    const options = field.kind === "yes_no" ? [["yes", "Yes"], ["no", "No"]] : field.options;
    return el("select", common, el("option", { value: "" }, "Not said yet"), ...options.map(([v, t]) => el("option", { value: v, selected: v === value }, t)));
  }
  if (field.kind === "several") {
    return el("div", { id, className: "ticks" }, ...field.options.map(([v, t]) => el("label", {}, el("input", { type: "checkbox", name: field.name, value: v, checked: (value || []).includes(v) }), ` ${t}`)));
  }
  if (["long", "lines"].includes(field.kind)) return el("textarea", { ...common, rows: 3, value: Array.isArray(value) ? value.join("\n") : value || "" });
  if (field.kind === "strokes") return pad(common, value);
  const type = { moment: "datetime-local", day: "date" }[field.kind] || "text";
  const mode = { number: "decimal", whole: "numeric" }[field.kind];
  const made = el("input", { ...common, type, value: field.kind === "moment" && value ? wall(new Date(value)) : value ?? "" });
  if (mode) made.inputMode = mode;
  if (field.kind === "moment" && !value && section.repeats) made.value = wall(new Date());
  return made;
}

function pad(common, value) {
  const hidden = el("input", { ...common, type: "hidden", value: value || "" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [n, v] of Object.entries({ viewBox: "0 0 600 200", role: "img", "aria-label": "Signature", class: "card pad" })) svg.setAttribute(n, v);
  svg.append(line);
  let path = value || "", drawing = false;
  const show = () => { line.setAttribute("d", path || "M0 0"); hidden.value = path; };
  const at = (e) => { const b = svg.getBoundingClientRect(); return `${Math.round(((e.clientX - b.left) / b.width) * 600)} ${Math.round(((e.clientY - b.top) / b.height) * 200)}`; };
  svg.addEventListener("pointerdown", (e) => { e.preventDefault(); svg.setPointerCapture(e.pointerId); drawing = true; path += `${path ? " " : ""}M${at(e)}`; show(); });
  svg.addEventListener("pointermove", (e) => { if (drawing && path.length < 29000) { path += ` L${at(e)}`; show(); } });
  for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, () => { drawing = false; });
  show();
  const clean = el("button", { type: "button", className: "btn" }, "Clear");
  clean.addEventListener("click", () => { path = ""; show(); });
  return el("div", {}, hidden, svg, clean);
}

function unusual(field, value, usual) {
  if (!usual || value === "" || !/^\d+(\.\d+)?$/.test(value)) return "";
  if (field.lowest !== null && (Number(value) < Number(field.lowest) || Number(value) > Number(field.highest))) return `cannot be: ${field.lowest} to ${field.highest}`;
  return Number(value) < Number(usual[0]) || Number(value) > Number(usual[1]) ? `outside the usual ${usual[0]} to ${usual[1]}: look again` : "";
}

export function fields(section, values, { before = {}, usual = {}, scales = {} } = {}) {
  const box = el("div", { className: "stack" });
  for (const field of section.fields.filter((f) => !f.told)) { // what the house reads from a scan nobody writes
    const id = `${section.code}-${field.name}`, input = control(section, field, section.repeats ? undefined : values?.[field.name]);
    const hint = el("p", { className: "hint", role: "status" }), prior = field.kind === "moment" ? null : before[field.name] ?? null;
    const label = `${field.label}${field.unit ? `, ${field.unit}` : ""}${field.required ? "" : " (if any)"}`;
    const grouped = ["several", "strokes"].includes(field.kind);
    const wrap = el("div", { className: "field", data: { when: field.when ? JSON.stringify(field.when) : "" } },
      grouped ? el("fieldset", {}, el("legend", {}, label), input) : el("label", { htmlFor: id }, label), grouped ? null : input,
      prior === null ? null : el("p", { className: "sub" }, `before ${prior}${field.unit ? ` ${field.unit}` : ""}`), hint);
    input.addEventListener("input", () => { hint.textContent = unusual(field, input.value || "", usual[field.name]) || graded(field, input.value, box, scales); });
    box.append(wrap);
  }
  const follow = () => {
    for (const wrap of box.querySelectorAll("[data-when]")) {
      if (!wrap.dataset.when) continue;
      const [name, wanted] = JSON.parse(wrap.dataset.when);
      wrap.hidden = !wanted.includes(box.querySelector(`[name=${name}]`)?.value);
    }
  };
  box.addEventListener("change", follow);
  follow();
  return box;
}

function graded(field, value, box, scales) {
  if (field.name === "reaction_grade") return scales.reaction?.[value] || "";
  if (field.name === "line_complication_grade") return scales[box.querySelector("[name=line_complication]")?.value]?.[value] || "";
  return "";
}

export function collected(section, form) {
  const found = {};
  for (const field of section.fields) {
    const inputs = [...form.querySelectorAll(`[name=${field.name}]`)];
    if (!inputs.length || inputs[0].closest("[data-when]")?.hidden) continue;
    let value = field.kind === "several" ? inputs.filter((i) => i.checked).map((i) => i.value) : inputs[0].value.trim();
    if (value === "" || value.length === 0) continue;
    if (field.kind === "lines") value = value.split("\n").map((x) => x.trim()).filter(Boolean);
    if (field.kind === "moment") value = new Date(value).toISOString();
    if (field.kind === "whole" && /^\d+$/.test(value)) value = Number(value);
    found[field.name] = value;
  }
  return found;
}

// What is missing, and what cannot be: in words, before it is kept.
export function faults(section, values) {
  const found = [];
  for (const f of section.fields) {
    const value = values[f.name], needed = f.when ? f.when[1].includes(values[f.when[0]]) : f.required;
    if (needed && (value === undefined || (f.at_least && value.length < f.at_least))) found.push(f.at_least ? `${f.label}` : `${f.label}: is needed`);
    if (value !== undefined && f.kind === "number" && !/^\d{1,9}(\.\d{1,6})?$/.test(value)) found.push(`${f.label}: a plain number such as 12 or 0.5`);
    if (value !== undefined && f.kind === "whole" && typeof value !== "number") found.push(`${f.label}: a plain whole number`);
    if (value !== undefined && ["number", "whole"].includes(f.kind) && f.lowest !== null && (Number(value) < Number(f.lowest) || Number(value) > Number(f.highest))) found.push(`${f.label}: between ${f.lowest} and ${f.highest}`);
  }
  if (section.code === "patient" && !values.strokes && !values.unsigned_why) found.push("A signature, or why there is none");
  return found;
}
