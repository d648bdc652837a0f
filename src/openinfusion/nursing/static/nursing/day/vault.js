// What the phone keeps, encrypted. The key is made of the PIN each time and never stored; without the PIN nothing can be read.
const ROUNDS = 600000;
let key = null;

const opened = new Promise((done, failed) => {
  const ask = indexedDB.open("nursing-day", 1);
  ask.onupgradeneeded = () => { for (const name of ["meta", "packets", "queue"]) ask.result.createObjectStore(name); };
  ask.onsuccess = () => done(ask.result);
  ask.onerror = () => failed(ask.error);
});

async function within(store, mode, doing) {
  const base = await opened;
  return new Promise((done, failed) => {
    const work = base.transaction(store, mode), ask = doing(work.objectStore(store));
    work.oncomplete = () => done(ask?.result);
    work.onerror = work.onabort = () => failed(work.error);
  });
}

export const meta = (name) => within("meta", "readonly", (s) => s.get(name));
export const setMeta = (name, value) => within("meta", "readwrite", (s) => s.put(value, name));

async function keyOf(pin, salt) {
  const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function sealed(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
  return { iv, text };
}

async function unsealed({ iv, text }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, text)));
}

export const isSet = async () => Boolean(await meta("check"));
export const isOpen = () => key !== null;
export const shut = () => { key = null; };

export async function create(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  key = await keyOf(pin, salt);
  await setMeta("salt", salt);
  await setMeta("check", await sealed("open"));
  await setMeta("wrong", 0);
}

// True where the PIN is right. After each wrong one the next try waits longer; nothing is ever thrown away for it.
export async function open(pin) {
  const wrong = (await meta("wrong")) || 0;
  if (wrong > 2) await new Promise((done) => setTimeout(done, Math.min(60, 2 ** (wrong - 2)) * 1000));
  key = await keyOf(pin, await meta("salt"));
  try {
    await unsealed(await meta("check"));
    await setMeta("wrong", 0);
    return true;
  } catch {
    key = null;
    await setMeta("wrong", wrong + 1);
    return false;
  }
}

export async function put(store, id, value) {
  const box = await sealed(value);
  return within(store, "readwrite", (s) => s.put(box, id));
}

export async function get(store, id) {
  const box = await within(store, "readonly", (s) => s.get(id));
  return box ? unsealed(box) : null;
}

export async function all(store) {
  const boxes = await within(store, "readonly", (s) => s.getAll());
  return Promise.all(boxes.map(unsealed));
}

export const count = (store) => within(store, "readonly", (s) => s.count());
export const drop = (store, id) => within(store, "readwrite", (s) => s.delete(id));
export const clear = (store) => within(store, "readwrite", (s) => s.clear());

export async function wipe() {
  for (const store of ["packets", "queue", "meta"]) await clear(store);
  key = null;
}
