/**
 * The service worker: the page without a network. vite.config.ts writes it, with the files of its
 * build.
 *
 * Rule 1: a server that answers is believed. A page is taken from here only where none does, so no old
 *         page meets a new server while that can give its own; and where an old page does meet one that
 *         speaks another version of the protocol, the socket says so (close 4406).
 * Rule 2: a page that is kept stands with the files of its build. What is under assets/ has its hash in
 *         its name, so a page of another build never gets one for its own.
 * Rule 3: a new worker takes over once it has all its files. The files of the build before it stay for
 *         pages that are still open.
 * Rule 4: what only some people need, such as a seldom language, is kept when it was first fetched.
 * Rule 5: nothing of a room is in here. Its texts are work/lastTexts.ts's, unsaved work the journal's.
 */
const BUILD = "__BUILD__";
/** Paths from the root of what is kept. */
const FILES = ["__FILES__"];
const LANDING = "";
const ROOM = "shell";

/** ms that a server has for a page before the kept one is shown. */
const PATIENCE = 5000;
/** What a gateway says for a server that is away. */
const AWAY = [502, 503, 504];
const ROOT = new URL("./", location.href);
/** Servers below different paths of one host keep apart what they keep. */
const PREFIX = `collab ${ROOT.pathname} `;
const CACHE = PREFIX + BUILD;

const addressOf = (path) => new URL(path, ROOT).href;
const pathOf = (url) =>
  url.href.startsWith(ROOT.href) ? url.pathname.slice(ROOT.pathname.length) : null;

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forget().then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = method === "GET" ? pathOf(new URL(url)) : null;
  if (path === null) return;
  if (mode === "navigate") {
    if (path === LANDING) event.respondWith(page(event.request, LANDING));
    else if (path.startsWith("r/")) event.respondWith(page(event.request, ROOM));
  } else if (path.startsWith("assets/")) {
    event.respondWith(asset(event.request));
  } else if (FILES.includes(path)) {
    event.respondWith(fetch(event.request).catch(() => kept(path)));
  }
});

/** Keeps all files of this build. Throws where one does not come, or a page is another build's. */
async function fill() {
  const cache = await caches.open(CACHE);
  for (const path of FILES) {
    const before = path.startsWith("assets/") && (await caches.match(addressOf(path)));
    await (before ? cache.put(addressOf(path), before) : cache.add(addressOf(path)));
  }
  for (const path of [LANDING, ROOM]) {
    const answer = await fetch(addressOf(path), { cache: "no-store" });
    const names = (await answer.clone().text()).match(/assets\/[\w.-]+/g) ?? [];
    if (!answer.ok || names.length === 0 || names.some((name) => !FILES.includes(name))) {
      throw new Error(`the page at /${path} is not of this build`);
    }
    await cache.put(addressOf(path), answer);
  }
}

/** Caches come in the order of their making: this build's, and the one before it, stay. */
async function forget() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request, path) {
  const given = fetch(request);
  const shell = await kept(path);
  if (!shell) return given;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([given, late]).catch(() => undefined);
  if (answer && !AWAY.includes(answer.status)) return answer;
  return renewed(shell);
}

/** A file of a build. One that was not kept, as of a seldom language, is kept from its first use on. */
async function asset(request) {
  const found = await caches.match(request.url, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.status === 200) {
    const copy = answer.clone();
    // No storage, or none left: it is fetched again another time.
    void caches
      .open(CACHE)
      .then((cache) => cache.put(request.url, copy))
      .catch(() => {});
  }
  return answer;
}

async function kept(path) {
  return (await caches.open(CACHE)).match(addressOf(path), { ignoreVary: true });
}

/** A kept page with another nonce: one that is used twice is none. */
async function renewed(shell) {
  const headers = new Headers(shell.headers);
  const policy = headers.get("content-security-policy") ?? "";
  const [, old] = /'nonce-([^']+)'/.exec(policy) ?? [];
  const fresh = crypto.randomUUID();
  headers.delete("content-length");
  if (old) headers.set("content-security-policy", policy.replaceAll(old, fresh));
  const text = await shell.text();
  return new Response(old ? text.replaceAll(old, fresh) : text, { headers });
}
