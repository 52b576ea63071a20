// Tries to reach, from a program in a page, what is Collab's. Prints what worked.
const [server, room] = process.argv.slice(2);
const rest = `${server}/rooms/${room}`;
const within = (promise, ms = 1500) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error("late")), ms))]);
const worker = (url, how) =>
  within(
    new Promise((yes, no) => {
      const one = new Worker(url, how);
      one.onmessage = ({ data }) => yes(data);
      one.onerror = () => no(new Error("no worker"));
    }),
  );
const asks = `fetch(${JSON.stringify(rest)}).then(() => postMessage("asked"), () => {})`;
const ways = {
  page: () => [document, parent, top, opener, window][0],
  cookie: () => document.cookie,
  "cookie store": () => within(cookieStore.getAll()),
  "local storage": () => localStorage.length,
  "session storage": () => sessionStorage.length,
  "indexed db": () =>
    within(
      new Promise((yes, no) => {
        const request = indexedDB.open("collab");
        request.onsuccess = yes;
        request.onerror = no;
      }),
    ),
  caches: () => within(caches.keys()),
  "private files": () => within(navigator.storage.getDirectory()),
  locks: () => within(navigator.locks.query()),
  "service worker": () => within(navigator.serviceWorker.getRegistrations()),
  fetch: () => within(fetch(rest)),
  "fetch with cookies": () => within(fetch(rest, { credentials: "include", mode: "no-cors" })),
  "fetch a file": () => within(fetch(`${server}/favicon.svg`, { mode: "no-cors" })),
  request: () =>
    within(
      new Promise((yes, no) => {
        const request = new XMLHttpRequest();
        request.open("GET", rest);
        request.onload = yes;
        request.onerror = no;
        request.send();
      }),
    ),
  "request and wait": () => {
    const request = new XMLHttpRequest();
    request.open("POST", `${rest}/runs`, false);
    request.send("{}");
  },
  socket: () =>
    within(
      new Promise((yes, no) => {
        const socket = new WebSocket(`${server.replace("http", "ws")}/ws/${room}`);
        socket.onopen = yes;
        socket.onerror = no;
      }),
    ),
  events: () =>
    within(
      new Promise((yes, no) => {
        const source = new EventSource(`${rest}/runs/1/output`);
        source.onopen = yes;
        source.onerror = no;
      }),
    ),
  transport: () => within(new WebTransport(server.replace("http:", "https:")).ready),
  script: () => importScripts(`${server}/first.js`),
  "script of data": () => importScripts("data:text/javascript,0"),
  module: () => within(globalThis.eval(`import(${JSON.stringify(`${server}/first.js`)})`)),
  worker: () => worker(`${server}/sw.js`),
  "worker of data": () => worker(`data:text/javascript,${encodeURIComponent(asks)}`),
  "worker that asks": () => worker(URL.createObjectURL(new Blob([asks]))),
  shared: () => new SharedWorker(`${server}/sw.js`),
  notification: () => {
    if (Notification.permission === "granted") return new Notification("!");
    throw new Error("not granted");
  },
};
const worked = [];
for (const [name, way] of Object.entries(ways)) {
  try {
    await way();
    worked.push(name);
  } catch {}
}
new BroadcastChannel("collab").postMessage("from the program");
console.log(JSON.stringify([worked, Object.keys(ways).length, String(self.origin)]));
setInterval(() => {}, 1_000_000);
