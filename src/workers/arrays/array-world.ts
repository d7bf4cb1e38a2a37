import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import type { PageCache } from '../../storage/page-cache.ts';
import type { SmallStore } from '../../storage/small-store.ts';
import type { Connection } from '../connection.ts';
import { type ArrayBook, arrayBook } from './array-book.ts';
import { type ChunkDesk, chunkDesk } from './chunk-desk.ts';
import { type ChunkFetcher, chunkFetcher } from './chunk-fetcher.ts';

/** The arrays of one store and all that is known of them; one for all tabs. */
export interface ArrayWorld {
  readonly store: ArrayStoreClient;
  readonly connection: Connection;
  readonly book: ArrayBook;
  readonly fetcher: ChunkFetcher;
  readonly desk: ChunkDesk;
  close(): void;
}

export function openArrayWorld({
  store,
  cache,
  small,
  connection,
}: {
  readonly store: ArrayStoreClient;
  readonly cache: PageCache;
  readonly small: SmallStore;
  readonly connection: Connection;
}): ArrayWorld {
  const fetcher = chunkFetcher(store, { outcome: (error) => connection.outcome(error) });
  return {
    store,
    connection,
    book: arrayBook(store, small),
    fetcher,
    desk: chunkDesk(cache, fetcher),
    close: () => fetcher.close(),
  };
}
