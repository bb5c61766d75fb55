// The service worker of the recorder: keeps the shell, its style and its script on the phone, so
// that /collect/ opens with no connection. It keeps nothing else: no answer that holds a name or a
// word of a story ever passes through here. /collect without the last stroke leads to it, as it does
// with a connection. scripts/build_assets.py puts in KEPT (addresses) and
// STAMP (a digest of what they hold).
const STORE = `collect-${STAMP}`;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const path = address.pathname === "/collect" ? "/collect/" : address.pathname;
  if (path !== address.pathname && event.request.mode === "navigate") {
    event.respondWith(Response.redirect(path));
    return;
  }
  const ours = address.origin === self.location.origin && KEPT.includes(path);
  if (ours && event.request.method === "GET") event.respondWith(kept(event.request, path));
});

self.addEventListener("message", (event) => event.waitUntil(tell(event.ports[0])));

async function keep() {
  await fetchAll(KEPT);
  // A page that is open has all of its script already, so the new one may take over at once.
  await self.skipWaiting();
}

async function fetchAll(addresses) {
  const store = await caches.open(STORE);
  await store.addAll(addresses.map((address) => new Request(address, { cache: "reload" })));
}

// Say to a page whether all is kept. What the phone threw away meanwhile is fetched again first.
async function tell(port) {
  const found = await Promise.all(KEPT.map((address) => caches.match(address, { cacheName: STORE })));
  const missing = KEPT.filter((_, i) => !found[i]);
  const whole = await fetchAll(missing).then(() => true, () => false);
  port.postMessage(whole ? "whole" : "not whole");
}

async function takeOver() {
  const stores = await caches.keys();
  const old = stores.filter((name) => name.startsWith("collect-") && name !== STORE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(request, path) {
  const found = await caches.match(path, { cacheName: STORE });
  return found || fetch(request);
}
