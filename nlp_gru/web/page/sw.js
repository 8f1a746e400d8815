// Keeps the page's own files, so that it opens without a network; the models are kept by the page (lib/fetching.js).

const PAGE = `nlp-gru page ${self.registration.scope} `; // an address may serve other pages beside this one
const VERSION = PAGE + "__VERSION__";
const FILES = ["__FILES__"];
const MODELS = ["__MODELS__"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((store) => store.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

/** Away with the files of earlier versions. */
async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith(PAGE) && name !== VERSION) await caches.delete(name);
  const store = await caches.open("nlp-gru models");
  const known = new Set(MODELS.map((file) => new URL(file, self.location.href).href));
  for (const { url } of await store.keys()) if (url.startsWith(self.registration.scope) && !known.has(url)) await store.delete(url);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
});
