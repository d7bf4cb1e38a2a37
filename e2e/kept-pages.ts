import type { Page } from '@playwright/test';

/** Slots of pages kept in this browser's IndexedDB, over all its databases. */
export function keptSlots(page: Page): Promise<string[]> {
  return readKept(page, 'slots');
}

/** Slots of kept pages whose bytes are not those the store gives for their address. Nothing may be faulty meanwhile. */
export function wrongPages(page: Page): Promise<string[]> {
  return readKept(page, 'wrong');
}

/** Reads the pages where they lie, without the workbench's own code: a record each, or bundles of them. */
function readKept(page: Page, want: 'slots' | 'wrong'): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    interface Kept {
      readonly slot: string;
      readonly revision: number;
      readonly bytes: Uint8Array;
    }
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: Kept[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name!));
      if (database.objectStoreNames.contains('pages')) {
        const records = () => database.transaction('pages').objectStore('pages');
        for (const key of (await done(records().getAllKeys())).map(String)) {
          if (/^[~+]/.test(key)) continue;
          const record = await done(records().get(key));
          if (!key.startsWith('#')) found.push({ slot: key, revision: record.revision, bytes: record.bytes });
          else {
            const blob: Blob | undefined = await done(records().get(`+${key.slice(1)}`));
            const whole =
              wanted === 'wrong' && blob ? new Uint8Array(await blob.arrayBuffer()) : new Uint8Array();
            for (const { slot, revision, at, length } of record.pages)
              found.push({ slot, revision, bytes: whole.subarray(at, at + length) });
          }
        }
      }
      database.close();
    }
    if (wanted === 'slots') return found.map(({ slot }) => slot);
    const wrong: string[] = [];
    for (const { slot, revision, bytes } of found) {
      if (slot.includes('~')) continue;
      const [dataset, epoch, scope, block, column] = slot.split('/');
      const address = `/api/pages/${[dataset, epoch, scope, 0, block, column, revision].join('/')}`;
      const answer = await fetch(address);
      const asked = new Uint8Array(await answer.arrayBuffer());
      const same = asked.length === bytes.length && asked.every((byte, i) => byte === bytes[i]);
      if (!answer.ok || !same) wrong.push(slot);
    }
    return wrong;
  }, want);
}
