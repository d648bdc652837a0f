// Keys, palette, dialogs and settings of every page. No framework; the pages work without it.
const by = (id) => document.getElementById(id);
const root = document.documentElement;

for (const name of ["theme", "density"]) {
  const kept = localStorage.getItem(name);
  if (kept) root.dataset[name] = kept;
  const select = document.querySelector(`[data-setting=${name}]`);
  if (!select) continue;
  select.value = kept || "";
  select.addEventListener("change", () => {
    localStorage.setItem(name, select.value);
    if (select.value) root.dataset[name] = select.value;
    else delete root.dataset[name];
  });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) return open(opener.dataset.open);
  if (event.target.closest("[data-close]")) return event.target.closest("dialog").close();
  if (event.target.closest("[data-print]")) return window.print();
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a,button,input,select,label")) location.href = row.dataset.href;
});

function open(id) {
  const dialog = by(id);
  if (!dialog) return;
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]),textarea,select")?.focus();
  if (id === "palette") dialog.querySelector("input").dispatchEvent(new Event("palette-open"));
}

// A refused action answers in its form; bring it into view for those who cannot see it appear.
document.addEventListener("htmx:afterSwap", (event) => {
  event.detail.target.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
});
document.addEventListener("htmx:sendError", (event) => {
  const answer = event.detail.elt.querySelector?.(".answer");
  if (answer) answer.innerHTML = '<div class="notice warn" role="alert"><p><b>No connection.</b> Nothing was lost: what you typed is still here. Try again.</p></div>';
});

// Single letters act only when no field has the focus and no scanner burst is running.
let last = 0, jump = false, held = null;
const typing = (el) => el.closest("input,textarea,select,[contenteditable]");
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return open("palette");
  }
  const dialog = document.querySelector("dialog[open]");
  if (dialog?.id === "palette") return move(event, [...dialog.querySelectorAll("#palette-hits a")]);
  if (dialog || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (document.body.hasAttribute("data-no-shortcuts")) return;
  const burst = event.timeStamp - last < 80;
  last = event.timeStamp;
  clearTimeout(held);
  if (burst) return;
  const { key } = event;
  held = setTimeout(() => letter(key), 80);
  if (key === "/") event.preventDefault();
});

function letter(key) {
  if (jump) {
    jump = false;
    return document.querySelector(`[data-jump="${CSS.escape(key.toLowerCase())}"]`)?.click();
  }
  if (key === "g") jump = true;
  else if (key === "?") open("keys");
  else if (key === "/") document.querySelector("[data-filter]")?.focus();
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "Enter") document.querySelector("tr.at")?.click();
}

function step(by) {
  const rows = [...document.querySelectorAll("tr[data-href]")].filter((r) => !r.hidden);
  if (!rows.length) return;
  const at = rows.findIndex((r) => r.classList.contains("at"));
  rows[at]?.classList.remove("at");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
}

function move(event, links) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
}

// Typed filter of a list that is already here.
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-filter]");
  if (!field) return;
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(field.dataset.filter || "tbody tr")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((w) => text.includes(w));
  }
});

// A scanner types fast and ends with Enter; a person does not. The mean gap of the burst tells them apart.
for (const field of document.querySelectorAll("[data-scan]")) {
  let first = 0, count = 0, latest = 0;
  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "]") {
      event.preventDefault();
      field.setRangeText("\u001d", field.selectionStart, field.selectionEnd, "end");
    }
    if (event.key === "Enter") return;
    if (!count || event.timeStamp - latest > 500) { first = event.timeStamp; count = 0; }
    count += 1; latest = event.timeStamp;
  });
  field.form.addEventListener("submit", () => {
    const scanned = count > 5 && (latest - first) / count < 35;
    const how = field.form.querySelector("[name=entry]"), box = field.form.querySelector("[name=keyed]");
    if (how) how.value = scanned ? "scanned" : "keyed";
    if (box && !scanned) box.checked = true; // a second person confirms what was keyed
    count = 0;
  }, true);
}
