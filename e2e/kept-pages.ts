import type { Frame, Page } from '@playwright/test';

/** Slots of pages kept in this browser, over all its databases. */
export function keptSlots(page: Page): Promise<string[]> {
  return readKept(page, 'slots');
}

/** Slots of kept pages whose bytes are not those the store gives for their address. Nothing may be faulty meanwhile. */
export function wrongPages(page: Page): Promise<string[]> {
  return readKept(page, 'wrong');
}

/** Reads the pages where they lie, without the workbench's own code: a record each, or bundles in records or files. */
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
            const blob: Blob | undefined =
              record.file === undefined
                ? await done(records().get(`+${key.slice(1)}`))
                : await (await navigator.storage.getDirectory())
                    .getDirectoryHandle(encodeURIComponent(name!))
                    .then((directory) => directory.getFileHandle(record.file))
                    .then((file) => file.getFile());
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

/** Everything this browser keeps for the page's origin, as one text: databases, files, small texts, caches. */
export function allKept(page: Page | Frame): Promise<string> {
  return page.evaluate(async () => {
    const said: string[] = [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
    ];
    const textOf = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
      if (ArrayBuffer.isView(value))
        return new TextDecoder('latin1').decode(
          new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
        );
      if (typeof value === 'object' && value !== null) return Object.values(value).map(textOf).join(' ');
      return String(value);
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const kept of database.objectStoreNames)
        said.push(
          await new Promise<string>((resolve) => {
            const reading = database.transaction(kept).objectStore(kept).getAll();
            reading.onsuccess = () => resolve(reading.result.map(textOf).join(' '));
          }),
        );
      database.close();
    }
    const readFiles = async (directory: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, entry] of directory.entries()) {
        said.push(name);
        if (entry.kind === 'directory') await readFiles(entry as FileSystemDirectoryHandle);
        else said.push(textOf(await (await (entry as FileSystemFileHandle).getFile()).arrayBuffer()));
      }
    };
    await readFiles(await navigator.storage.getDirectory());
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) said.push(url);
    return said.join('\n');
  });
}
