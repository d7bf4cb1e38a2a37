import { setMany, type UseStore } from 'idb-keyval';

/** An object store with relaxed durability, as the page cache uses. */
function relaxedStore(name: string): Promise<UseStore> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore('pages');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      resolve(async (mode, callback) =>
        callback(database.transaction('pages', mode, { durability: 'relaxed' }).objectStore('pages')),
      );
    };
  });
}

/** Milliseconds to fetch pages, six at a time, and keep them sixteen a transaction: what no reader can beat. */
export async function fetchAndKeep(urls: readonly string[]): Promise<{ ms: number; bytes: number }> {
  const name = `bare-${Math.random()}`;
  const store = await relaxedStore(name);
  const began = performance.now();
  let next = 0;
  let bytes = 0;
  let waiting: [string, ArrayBuffer][] = [];
  const writes: Promise<void>[] = [];
  const lane = async (): Promise<void> => {
    while (next < urls.length) {
      const url = urls[next++]!;
      const body = await (await fetch(url, { cache: 'no-store' })).arrayBuffer();
      bytes += body.byteLength;
      waiting.push([url, body]);
      if (waiting.length === 16) {
        writes.push(setMany(waiting, store));
        waiting = [];
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  if (waiting.length) writes.push(setMany(waiting, store));
  await Promise.all(writes);
  const ms = performance.now() - began;
  indexedDB.deleteDatabase(name);
  return { ms, bytes };
}
