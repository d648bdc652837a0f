// Keeps the page of the day, its scripts and styles; nothing else, and nothing of any person. SHELL and EDITION come before.
const CACHE = `nursing-day-${EDITION}`;

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  for (const path of SHELL) {
    const answer = await fetch(path, { cache: "reload", redirect: "error" });
    if (!answer.ok) throw new Error(path);
    await cache.put(path, answer);
  }
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("nursing-day-") && name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !SHELL.includes(url.pathname)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(url.pathname)).then((kept) => kept || fetch(event.request)));
});
