// What a phone keeps, encrypted. The key is made of the PIN each time and never stored; without the PIN nothing can be read.
const ROUNDS = 600000;

export const fits = (pin) => /^\d{6,}$/.test(pin);

// A store of its own by this name. `meta` is always there and in clear: it holds the salt, a sealed word and the wrong tries.
export function vaultOf(name, stores) {
  const every = ["meta", ...stores];
  let key = null, opened = null;

  const base = () => (opened ??= new Promise((done, failed) => {
    const ask = indexedDB.open(name, 1);
    ask.onupgradeneeded = () => { for (const store of every) ask.result.createObjectStore(store); };
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => failed(ask.error);
  }));

  async function within(store, mode, doing) {
    const found = await base();
    return new Promise((done, failed) => {
      const work = found.transaction(store, mode), ask = doing(work.objectStore(store));
      work.oncomplete = () => done(ask?.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  }

  const meta = (what) => within("meta", "readonly", (s) => s.get(what));
  const setMeta = (what, value) => within("meta", "readwrite", (s) => s.put(value, what));

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

  async function create(pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    key = await keyOf(pin, salt);
    await setMeta("salt", salt);
    await setMeta("check", await sealed("open"));
    await setMeta("wrong", 0);
  }

  // True where the PIN is right. After each wrong one the next try waits longer; nothing is ever thrown away for it.
  async function open(pin) {
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

  const clear = (store) => within(store, "readwrite", (s) => s.clear());
  return {
    meta, setMeta, create, open, clear,
    isSet: async () => Boolean(await meta("check")),
    isOpen: () => key !== null,
    shut: () => { key = null; },
    put: async (store, id, value) => {
      const box = await sealed(value);
      return within(store, "readwrite", (s) => s.put(box, id));
    },
    get: async (store, id) => {
      const box = await within(store, "readonly", (s) => s.get(id));
      return box ? unsealed(box) : null;
    },
    all: async (store) => Promise.all((await within(store, "readonly", (s) => s.getAll())).map(unsealed)),
    count: (store) => within(store, "readonly", (s) => s.count()),
    drop: (store, id) => within(store, "readwrite", (s) => s.delete(id)),
    wipe: async () => {
      for (const store of [...stores, "meta"]) await clear(store);
      key = null;
    },
  };
}
