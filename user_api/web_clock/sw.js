// Keeps the page itself for offline use. Data never goes through here: the API's answers must not be old.

const CACHE = "timecontrol-clock";
const FILES = ["./", "clock.css", "clock.js", "queue.js", "server.js", "icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The server's version where there is one, so that a new version is seen at once; else the kept one.
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.pathname.startsWith("/clock/")) return;
  event.respondWith(
    fetch(event.request)
      .then((answer) => {
        if (!answer.ok) return answer;
        const copy = answer.clone();
        event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, copy)));
        return answer;
      })
      .catch(() => caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? Response.error())),
  );
});
