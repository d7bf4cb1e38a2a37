import { parseDatasetSummary, parseHead } from '../protocol/parse-head.ts';
import { type Reader, readList } from '../protocol/parse-shape.ts';
import type { Outbox } from '../storage/outbox.ts';
import type { PageCache } from '../storage/page-cache.ts';
import type { SmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
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
  close(): void;
}

/** Connects to a store at once. `asOf`: newest time an earlier session knew of it. */
export function openWorld(
  parts: WorldParts,
  { checksum, asOf }: { readonly checksum: (bytes: Uint8Array) => string; readonly asOf: string | null },
): World {
  const { store, cache, small } = parts;
  const book = headBook(store, small, {
    parseHead: tolerant(parseHead),
    parseList: tolerant(readList(parseDatasetSummary)),
  });
  const connection = connectionTo(store, book, { asOf });
  const fetcher = fetcherOver(store, { outcome: (error) => connection.outcome(error) });
  return {
    ...parts,
    book,
    connection,
    fetcher,
    shelf: partialShelf(cache, checksum),
    close() {
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
