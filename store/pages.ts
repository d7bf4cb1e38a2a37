import { encodePage } from '../src/arrow/page.ts';
import { type PageKey, pageText } from '../src/protocol/page.ts';
import type { PageBytes } from './batch.ts';
import { byteLru } from './byte-lru.ts';
import type { DerivedFiles } from './derived.ts';
import type { Snapshot } from './drivers/table-driver.ts';

type Page = Awaited<ReturnType<PageBytes>>;

/** Pages, and how many were built from rows, read back from files, or found in memory. */
export interface PageStore {
  readonly pageBytes: PageBytes;
  readonly counts: { built: number; fromFile: number; fromMemory: number };
}

/**
 * Pages of a snapshot: kept in memory up to `maxBytes` and in `files`, and built once however many ask at a time.
 * The key's revision must be the block's own in that snapshot.
 */
export function pageStore(options: {
  readonly checksum: (bytes: Uint8Array) => string;
  readonly files?: DerivedFiles;
  /** Default 64 MiB. */
  readonly maxBytes?: number;
}): PageStore {
  const { checksum, files, maxBytes = 64 * 2 ** 20 } = options;
  const memory = byteLru<Page>(maxBytes);
  const flights = new Map<string, Promise<Page>>();
  const counts = { built: 0, fromFile: 0, fromMemory: 0 };

  async function make(snapshot: Snapshot, key: PageKey, name: string): Promise<Page> {
    const kept = await files?.read(name);
    if (kept) {
      counts.fromFile++;
      return kept;
    }
    const bytes = encodePage(await snapshot.readBlock(key.dataset, key.column, key.block));
    counts.built++;
    await files?.put(name, bytes);
    return { bytes, checksum: checksum(bytes) };
  }

  return {
    counts,
    pageBytes: async (snapshot, key) => {
      const name = pageText(key);
      const known = memory.get(name);
      if (known) {
        counts.fromMemory++;
        return known;
      }
      const running = flights.get(name);
      if (running) {
        // The other asker's snapshot may end before its page is read: then it is read through one's own.
        const page = await running.catch(() => undefined);
        if (page) return page;
      }
      const flight = make(snapshot, key, name).finally(() => {
        if (flights.get(name) === flight) flights.delete(name);
      });
      flights.set(name, flight);
      const page = await flight;
      memory.set(name, page, page.bytes.byteLength + name.length * 2);
      return page;
    },
  };
}
