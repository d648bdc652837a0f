// The screen at the hood. Works by a scanner, a scale that types, and one big key. A step that cannot be told because
// the network is gone is kept on this device under its own key and told when it is back: told twice, it is done once.
const by = (id) => document.getElementById(id);
const bench = JSON.parse(by("bench").textContent);
const here = `/api/compounding/work-orders/${bench.id}`;
const shelf = `hood:${bench.id}`;
const skew = Date.parse(bench.now) - Date.now();
const token = () => by("token").querySelector("[name=csrfmiddlewaretoken]").value;
let kept = JSON.parse(localStorage.getItem(shelf) || "[]");
let sending = false, offline = false, away = "", said = "", photo = "", wrong = "";
let calm = 0; // a key meant for a screen that waited does not do the step that has just come up

const store = () => (kept.length ? localStorage.setItem(shelf, JSON.stringify(kept)) : localStorage.removeItem(shelf));
const steps = () => kept.filter((k) => k.place > bench.done);
const reached = () => bench.done + steps().length;
const at = () => bench.steps[reached()];

// ---- what a person sees
function show() {
  const n = reached(), step = at(), total = bench.steps.length;
  const stopped = bench.stopped || wrong;
  const waits = bench.waiting || waitsHere();
  const mode = stopped ? "bad" : waits ? "wait" : said.startsWith("✓") ? "ok" : "idle";
  if (["bad", "wait"].includes(by("now").dataset.s) && !["bad", "wait"].includes(mode)) calm = performance.now() + 800;
  by("now").dataset.s = mode;
  by("bar").max = total;
  by("bar").value = n;
  by("now-step").textContent = step ? `Step ${Math.min(n + 1, total)} of ${total}${step.container ? ` · container ${step.container}` : ""}` : `${total} of ${total} steps`;
  by("now-figure").textContent = stopped || waits || !step ? "" : step.figure;
  if (stopped) words("STOP", stopped);
  else if (waits) words("Wait for another person", bench.steps[waits - 1].text + (bench.look ? `: ${bench.look}` : ""));
  else if (!bench.mine) words(step ? step.text : "Every step is done", bench.state === "in_compounding" ? `Only ${bench.compounder} does these steps.` : "It has left the hood.");
  else if (!step) words("Every step is done", "Press the key to hand it over.");
  else words(step.text, hint(step));
  key(stopped, waits, step);
  if (!stopped && !waits && step && bench.mine) proof(step);
  else by("proof").replaceChildren();
  line();
  list(n);
}

const words = (text, say) => { by("now-text").textContent = text; by("now-say").textContent = said ? `${said} ${say}` : say; };

function hint(step) {
  if (step.offer) return `Take the opened one first: ${step.offer.text}, until ${clock(step.offer.until)}. Scan its label.`;
  if (step.asks === "scan") return "Scan the package now.";
  if (step.asks === "weight") return `Put it on the scale: ${step.weight}.`;
  if (step.asks === "photo") return photo ? "Picture taken. Press the key." : "Press the key to take the picture.";
  return step.look ? "Then another person looks." : "";
}

const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

function key(stopped, waits, step) {
  const button = by("key"), text = by("key-text");
  const label = stopped ? "I have seen it" : waits ? "Look again" : !step ? "Hand over" : step.asks === "scan" ? "Scan, do not press" : step.asks === "photo" && !photo ? "Take the picture" : "Done";
  text.textContent = label;
  button.disabled = !bench.mine || (!stopped && !waits && step && step.asks === "scan") || (!step && steps().length > 0);
}

function proof(step) {
  const box = by("proof");
  if (box.dataset.for === String(reached()) && box.childElementCount) return;
  box.dataset.for = String(reached());
  box.replaceChildren();
  if (step.asks === "weight") box.append(field("weight", "Weight in g, from the scale", "text", { inputMode: "decimal" }));
  if (step.asks === "photo") {
    const one = field("photo", "Picture", "file", { accept: "image/*" });
    one.querySelector("input").setAttribute("capture", "environment");
    one.querySelector("input").addEventListener("change", takePicture);
    box.append(one);
  }
}

function field(id, label, type, more) {
  const wrap = document.createElement("div"), l = document.createElement("label"), input = document.createElement("input");
  wrap.className = "field";
  l.htmlFor = input.id = id;
  l.textContent = label;
  Object.assign(input, { type, autocomplete: "off", ...more });
  wrap.append(l, input);
  return wrap;
}

function line() {
  const box = by("line");
  const many = `${steps().length} step${steps().length === 1 ? "" : "s"}`;
  box.hidden = !offline && !kept.length;
  box.textContent = away || (offline ? `No connection. ${many} kept on this screen; go on, they are sent when it is back.` : `Sending ${many}…`);
  document.title = `${kept.length ? `(${kept.length} unsent) ` : ""}Hood`;
}

function list(n) {
  by("list").replaceChildren(...bench.steps.map((step, i) => {
    const li = document.createElement("li");
    li.textContent = step.text;
    if (i < n) li.className = i < bench.done ? "done" : "kept";
    if (i === n) li.setAttribute("aria-current", "step");
    return li;
  }));
  by("list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

// ---- sounds: rising for right, low for wrong; the page sounds, not the scanner
let audio = null, loud = localStorage.getItem("hood-sound") !== "off";
function sound(right) {
  if (!right) navigator.vibrate?.([120, 60, 120]);
  if (!loud) return;
  try {
    audio ??= new AudioContext();
    let t = audio.currentTime;
    for (const [pitch, length] of right ? [[880, 0.08], [1320, 0.12]] : [[200, 0.3], [150, 0.4]]) {
      const tone = audio.createOscillator(), volume = audio.createGain();
      tone.type = right ? "sine" : "square";
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, t);
      volume.gain.exponentialRampToValueAtTime(0.001, t + length);
      tone.connect(volume).connect(audio.destination);
      tone.start(t);
      tone.stop((t += length));
    }
  } catch { /* a screen without sound still shows */ }
}

// ---- doing a step
const waitsHere = () => {
  const last = steps().at(-1);
  return last && (last.keyed || bench.steps[last.place - 1].look) ? last.place : 0;
};

function report(more) {
  const step = at();
  if (!step || !bench.mine || bench.stopped || wrong || bench.waiting || waitsHere()) return;
  said = "";
  const place = reached() + 1, done_at = new Date(Date.now() + skew).toISOString();
  keep(`${here}/bench`, { reports: [{ place, done_at, ...more }] }, place, Boolean(more.keyed));
  photo = "";
  show();
  drain();
}

function keep(path, body, place = 0, keyed = false) {
  kept.push({ key: crypto.randomUUID(), path, body, place, keyed });
  store();
}

function scanned(text, keyed = false) {
  const step = at();
  if (!step || bench.stopped || wrong || !bench.mine) return;
  const weight = /^[+-]?\s*(\d{1,6}(?:\.\d{1,6})?)\s*g?$/.exec(text.trim());
  if (step.asks === "weight" && weight) return report({ weight_g: weight[1] });
  if (step.asks !== "scan") { said = "No scan is wanted now."; sound(false); return show(); }
  if (offline && !known(step, text)) {
    wrong = "This is not what was staged, and without a connection nothing else can be looked up. Take the right package, or wait.";
    keep(`${here}/near-misses`, { text: `without a connection ${text} was scanned at “${step.text}”`.slice(0, 900) });
    sound(false);
    return show();
  }
  if (offline) sound(true);
  report({ code: text, keyed });
}

// Without a network only what was staged, or the opened container that is offered, is taken as right.
const known = (step, text) => (step.offer && text.trim().toUpperCase() === step.offer.code) ||
  step.codes.some(([gtin, lot]) => text.includes(`01${gtin}`) && text.includes(lot));

async function takePicture(event) {
  const file = event.target.files[0];
  if (!file) return;
  const image = await createImageBitmap(file), share = Math.min(1, 1280 / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * share);
  canvas.height = Math.round(image.height * share);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  photo = canvas.toDataURL("image/jpeg", 0.75).split(",")[1];
  show();
}

function press() {
  if (by("key").disabled || performance.now() < calm) return;
  if (bench.stopped) return acknowledge();
  if (wrong) { wrong = ""; return show(); }
  if (bench.waiting || waitsHere()) return refresh();
  const step = at();
  if (!step) return handOver();
  if (step.asks === "weight") {
    const value = by("weight")?.value.trim().replace(/\s*g$/, "");
    if (!value) { said = "No weight yet."; sound(false); return show(); }
    return report({ weight_g: value, note: "weight typed" });
  }
  if (step.asks === "photo") return photo ? report({ photo }) : by("photo").click();
  sound(true);
  return report({});
}

// ---- telling the server
async function ask(path, body, idempotency) {
  const head = { "Content-Type": "application/json", "X-CSRFToken": token() };
  if (idempotency) head["Idempotency-Key"] = idempotency;
  const answer = await fetch(path, body === undefined ? { headers: head } : { method: "POST", headers: head, body: JSON.stringify(body), signal: AbortSignal.timeout(8000) });
  if (answer.status === 401) throw new Error("away");
  if (answer.status >= 500) throw new Error("not now");
  return [answer.ok, await answer.json()];
}

function lost(error) {
  offline = true;
  away = error.message === "away" ? "You are signed off. Sign in again in another tab: what you did is kept on this screen." : "";
}

async function drain() {
  if (sending || !kept.length || !bench.mine) return;
  sending = true;
  try {
    while (kept.length) {
      const one = kept[0];
      const [fine, told] = await ask(one.path, one.body, one.key);
      offline = false;
      if (!fine) { refused(told); break; }
      kept.shift();
      if (one.place) await taken(one, told);
      store();
      show();
    }
  } catch (error) {
    lost(error);
    setTimeout(drain, 2000);
  }
  store();
  sending = false;
  show();
}

async function taken(one, told) {
  const scan = bench.steps[one.place - 1].asks === "scan", ends = told.stopped || told.waiting;
  Object.assign(bench, { done: told.done, waiting: told.waiting, look: told.look, stopped: told.stopped });
  if (ends) { kept = kept.filter((k) => !k.place); await refresh(true); }
  if (scan || told.stopped) sound(!told.stopped);
  said = scan && !ends ? "✓ Right." : "";
}

// A step that was refused is not done: what was kept after it is let go, and the screen shows what stands.
function refused(told) {
  kept = kept.filter((k) => !k.place);
  wrong = (told.details || []).map((d) => d.text || d.message || "").filter(Boolean).join("; ") || told.message || "It was not accepted.";
  sound(false);
  refresh(true);
}

async function refresh(quiet = false) {
  try {
    const [fine, now] = await ask(`${here}/bench`);
    offline = false;
    if (fine) {
      Object.assign(bench, { done: now.done, waiting: now.waiting, stopped: now.stopped, stop: now.stop_id, state: now.state });
      bench.look = now.waiting ? now.steps[now.waiting - 1].doings.at(-1).look : "";
    }
  } catch (error) {
    lost(error);
  }
  if (!quiet && !kept.length) said = "";
  show();
}

async function acknowledge() {
  try {
    if (!bench.stop) await refresh(true);
    await ask(`/api/compounding/bench-reports/${bench.stop}/steps`, { step: "acknowledge" });
    await refresh();
  } catch (error) { lost(error); show(); }
}

async function handOver() {
  try {
    const [fine, told] = await ask(`${here}/steps`, { step: "finish" });
    if (fine) location.href = bench.back;
    else refused(told);
  } catch (error) { lost(error); show(); }
}

async function tell(path, body, what) {
  try {
    const [fine, told] = await ask(path, body);
    said = fine ? what : (told.details || []).map((d) => d.text).join("; ");
  } catch (error) { lost(error); keep(path, body); said = "Kept, and sent when the connection is back."; }
  show();
}

// ---- hands: scanner, big key, tools
let burst = "", first = 0, latest = 0;
addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("input[type=text]");
  if (event.timeStamp - latest > 500) burst = "";
  if (!burst) first = event.timeStamp;
  latest = event.timeStamp;
  if (event.key === "Enter") {
    const fast = burst.length > 3 && (event.timeStamp - first) / burst.length < 50;
    const text = burst;
    burst = "";
    if (!fast && event.target.closest?.("button:not(#key),a,summary")) return; // another button has the focus
    event.preventDefault();
    event.stopPropagation();
    if (fast) { if (typing) event.target.value = ""; return scanned(text); }
    return press();
  }
  if (event.ctrlKey && event.key === "]") { burst += "\u001d"; event.preventDefault(); }
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) burst += event.key;
}, true);

by("key").addEventListener("click", press);
document.querySelector(".hood-tools").addEventListener("click", (event) => event.target.closest("button")?.blur()); // the big key stays the big key
by("keyed-form").addEventListener("submit", () => { const code = by("keyed-code").value.trim(); by("keyed-code").value = ""; if (code) scanned(code, true); });
by("call").addEventListener("click", () => tell(`${here}/calls`, { text: at() ? `at “${at().text}”` : "" }, "✓ The pharmacist is called."));
by("sound").addEventListener("click", () => { loud = !loud; localStorage.setItem("hood-sound", loud ? "on" : "off"); hear(); });
document.addEventListener("click", (event) => {
  const miss = event.target.closest("[data-miss]"), waste = event.target.closest("[data-waste]"), lot = event.target.closest("[data-waste-lot]");
  if (miss) { miss.closest("dialog").close(); tell(`${here}/near-misses`, { text: miss.dataset.miss }, "✓ Kept as a near miss."); }
  if (lot) {
    lot.closest("dialog").close();
    tell(`${here}/waste`, { lot_id: lot.dataset.wasteLot, reason: lot.dataset.why }, "✓ Wasted.");
    by("replace-box").showModal();
  }
  if (waste) { waste.closest("dialog").close(); tell(`/api/compounding/opened/${waste.dataset.waste}/waste`, { reason: waste.dataset.why }, "✓ Wasted."); }
});
async function replaced(code) {
  try {
    const [fine, told] = await ask(`${here}/replacements`, { code });
    if (fine) return location.reload(); // the new package is staged from now on
    said = (told.details || []).map((d) => d.text || d.message).join("; ") || told.message || "It was not accepted.";
    sound(false);
  } catch (error) { lost(error); said = "Without a connection no other package can be taken. Wait for it."; }
  show();
}
by("replace-form").addEventListener("submit", () => { const code = by("replace-code").value.trim(); by("replace-code").value = ""; if (code) replaced(code); });
const hear = () => { by("sound").textContent = loud ? "Sound on" : "Sound off"; by("sound").setAttribute("aria-pressed", String(loud)); };
addEventListener("online", drain);
addEventListener("offline", () => { offline = true; show(); });
setInterval(() => { if (kept.length) drain(); else if (offline || bench.waiting || bench.stopped) refresh(true); }, 3000);
hear();
show();
drain();
