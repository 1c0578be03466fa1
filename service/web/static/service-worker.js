// Keeps the shell of the report form, and nothing else: no page of a signed-in person is ever stored.
// The server writes BUILD before this: {version, shell, files}.
const CACHE = `kraftsamling-shell-${BUILD.version}`;
const PATIENCE = 8000; // A network that does not answer is no network; the thumb is cold.
const FORM = /^\/[^/]+\/rapportera$/;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([BUILD.shell, ...BUILD.files].map((path) => new Request(path, { credentials: "omit" })));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("kraftsamling-shell-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && FORM.test(address.pathname)) event.respondWith(form(request));
  else if (BUILD.files.includes(address.pathname)) event.respondWith(kept(request));
});

async function form(request) {
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: slow.signal });
  } catch {
    return (await (await caches.open(CACHE)).match(BUILD.shell)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}
async function kept(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);
}
