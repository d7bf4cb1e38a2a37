import { ExaError } from '../protocol/errors.ts';
import { lazily } from '../protocol/lazily.ts';
import { parseDatasetSummary, parseHead } from '../protocol/parse-head.ts';
import { type Reader, readList } from '../protocol/parse-shape.ts';
import type { ArrayStoreClient } from '../storage/array-store-client.ts';
import type { Outbox } from '../storage/outbox.ts';
import type { PageCache } from '../storage/page-cache.ts';
import type { SmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
import type { ArrayWorld } from './arrays/array-world.ts';
import { type Connection, connectionTo } from './connection.ts';
import { type Fetcher, fetcherOver } from './fetcher.ts';
import { type HeadBook, headBook } from './head-book.ts';
import { type PartialShelf, partialShelf } from './partial-shelf.ts';

/** What a world is made of. */
export interface WorldParts {
  readonly store: StoreClient;
  readonly cache: PageCache;
  readonly small: SmallStore;
  readonly outbox: Outbox;
  /** Bytes of pages fetched before an answer rather than asking the store for partials. */
  readonly smallBytes: number;
  /** The store's arrays, fetched with the first question about one; left out where there are none. */
  readonly arrays?: () => Promise<ArrayStoreClient>;
}

/**
 * One store and all that is known of it. The store's data sets and those of this browser are two worlds, as each has a
 * clock of its own: a version of one says nothing of the other.
 */
export interface World extends WorldParts {
  readonly book: HeadBook;
  readonly connection: Connection;
  readonly fetcher: Fetcher;
  readonly shelf: PartialShelf;
  /** Opened with the first question about an array. Rejects `missing` where there are none. */
  readonly arrayWorld: () => Promise<ArrayWorld>;
  /** Drops what is in memory of an array, or of all. */
  forgetArrays(array?: string): void;
  close(): void;
}

/** Connects to a store at once. `asOf`: newest time an earlier session knew of it. */
export function openWorld(
  parts: WorldParts,
  {
    checksum,
    asOf,
    memoryOnly,
  }: {
    readonly checksum: (bytes: Uint8Array) => string;
    readonly asOf: string | null;
    readonly memoryOnly?: (dataset: string) => void;
  },
): World {
  const { store, cache, small } = parts;
  const book = headBook(store, small, {
    parseHead: tolerant(parseHead),
    parseList: tolerant(readList(parseDatasetSummary)),
    memoryOnly,
  });
  let arrays: ArrayWorld | undefined;
  const connection = connectionTo(
    store,
    {
      apply(event) {
        book.apply(event);
        arrays?.book.apply(event);
      },
      connected(online, version) {
        book.connected(online, version);
        arrays?.book.connected(online);
      },
    },
    { asOf },
  );
  const arrayWorld = lazily(async (): Promise<ArrayWorld> => {
    if (!parts.arrays) throw new ExaError('missing', 'There are no arrays here.');
    const [client, { openArrayWorld }] = await Promise.all([
      parts.arrays(),
      import('./arrays/array-world.ts'),
    ]);
    arrays = openArrayWorld({ store: client, cache, small, connection });
    arrays.book.connected(connection.contact === 'live');
    return arrays;
  });
  const fetcher = fetcherOver(store, { outcome: (error) => connection.outcome(error) });
  return {
    ...parts,
    book,
    connection,
    fetcher,
    shelf: partialShelf(cache, checksum),
    arrayWorld,
    forgetArrays: (array) => arrays?.desk.forget(array),
    close() {
      arrays?.close();
      connection.close();
      fetcher.close();
    },
  };
}

/** What was kept is rebuildable: a value of another shape is as good as none. */
function tolerant<T>(read: Reader<T>): (value: unknown) => T | undefined {
  return (value) => {
    try {
      return read(value, 'kept');
    } catch {
      return undefined;
    }
  };
}
