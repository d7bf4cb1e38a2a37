declare const self: ServiceWorkerGlobalScope;

/** Put in by the build: paths of the shell and a hash of their contents. */
declare const __EXANALYTICS_SHELL__: { readonly version: string; readonly paths: readonly string[] };

const shell = __EXANALYTICS_SHELL__;
const prefix = 'exanalytics-shell ';
const cacheName = prefix + shell.version;
const entry = '/index.html';

/** How long a navigation waits for the network before the kept shell is shown, in ms. */
const patienceMs = 4000;

/** Files brought at once: a browser asks one store for six things, and the page goes on asking. */
const atOnce = 4;

// The shell only: data has its own cache and its own rules, so /api is never touched here.
self.addEventListener('install', (event) => {
  event.waitUntil(precache());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// A new shell waits until the person agrees: the page then asks for it.
self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname === '/api' || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    const answer = navigate(request);
    event.respondWith(answer);
    event.waitUntil(answer.then(findLocales, () => {}));
  } else if (shell.paths.includes(url.pathname)) event.respondWith(fromShell(request, url.pathname));
});

/** All of the shell or nothing: one file that is missing or not OK fails the installation, and the old one stays. */
async function precache(): Promise<void> {
  const cache = await caches.open(cacheName);
  const left = [...shell.paths];
  const bring = async (): Promise<void> => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      if (await cache.match(path)) continue;
      const response = await fetch(path, { cache: 'no-cache', priority: 'low' });
      if (!response.ok || response.redirected) throw new Error(`${path} answered ${response.status}.`);
      await cache.put(path, response);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, bring));
}

/** The network first, so that a new release is seen; a silent, failing or absent one falls back to what is kept. */
async function navigate(request: Request): Promise<Response> {
  const kept = async () => (await caches.open(cacheName)).match(entry);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const response = await fetch(request, { signal: patience.signal });
    if (response.ok || response.status < 500) return response;
    return (await kept()) ?? response;
  } catch (error) {
    const response = await kept();
    if (response) return response;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A browser takes long to find its locales the first time in a process, and the page needs them to draw: this thread, which
 * mostly shares its process, does it while the page is on its way.
 */
async function findLocales(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  Intl.NumberFormat.supportedLocalesOf('en');
}

async function fromShell(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && !response.redirected) await cache.put(path, response.clone());
  return response;
}

// A module to the compiler; the build writes a plain script.
export {};
