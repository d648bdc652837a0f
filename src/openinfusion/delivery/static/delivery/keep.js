// Proofs of delivery that could not be sent, encrypted on this phone by the driver's PIN until the server has them.
import { vaultOf } from "../ui/vault.js";

const OLD = "openinfusion-delivery"; // what an earlier edition kept unencrypted is taken over and deleted there
export const vault = vaultOf("delivery-day", ["proofs"]);

const text = (file) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(file);
});

// A form's parts as text: a photo becomes a data address, and a file again when it is sent.
async function packed([name, value]) {
  if (name === "csrfmiddlewaretoken") return null;
  return value instanceof File ? [name, { file: value.name, type: value.type, data: await text(value) }] : [name, value];
}

function bytes(address) {
  const raw = atob(address.slice(address.indexOf(",") + 1)), found = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n += 1) found[n] = raw.charCodeAt(n);
  return found;
}

export function bodyOf(parts) {
  const body = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, new File([bytes(value.data)], value.file, { type: value.type }));
  }
  return body;
}

export const proofOf = async ({ url, key, parts, at }) => ({ url, key, at, parts: (await Promise.all(parts.map(packed))).filter(Boolean) });
export const keep = (proof) => vault.put("proofs", proof.key, proof);
export const kept = async () => (await vault.all("proofs")).sort((a, b) => a.at - b.at);
export const drop = (key) => vault.drop("proofs", key);

function oldBase() {
  return new Promise((done, failed) => {
    const ask = indexedDB.open(OLD, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("proofs", { keyPath: "key" });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => failed(ask.error);
  });
}

async function olds() {
  const there = (await indexedDB.databases?.()) ?? [{ name: OLD }];
  if (!there.some((b) => b.name === OLD)) return [];
  const base = await oldBase();
  const found = await new Promise((done, failed) => {
    const ask = base.transaction("proofs", "readonly").objectStore("proofs").getAll();
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => failed(ask.error);
  });
  base.close();
  return found;
}

export const count = async () => (await vault.count("proofs")) + (await olds()).length;

// Takes over what is kept in clear, then deletes it there; only with the PIN given.
export async function adopt() {
  const found = await olds();
  for (const one of found) await keep({ ...(await proofOf(one)), ...(one.refused ? { refused: one.refused } : {}) });
  indexedDB.deleteDatabase(OLD);
}
