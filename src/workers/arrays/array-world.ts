import { ExaError, isExaError } from '../../protocol/errors.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import type { PageCache } from '../../storage/page-cache.ts';
import type { SmallStore } from '../../storage/small-store.ts';
import type { Connection } from '../connection.ts';
import { type ArrayBook, arrayBook, type BookedArray } from './array-book.ts';
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

/**
 * The head to work with now: read or kept current while the store answers, else as last known. Rejects `offline` when there is
 * neither.
 */
export async function headNow(
  { book, connection }: Pick<ArrayWorld, 'book' | 'connection'>,
  array: string,
  signal?: AbortSignal,
): Promise<{ readonly booked: BookedArray; readonly isAway: boolean }> {
  const known = await book.known(array);
  if (known && connection.contact === 'offline') return { booked: known, isAway: true };
  try {
    return { booked: await book.current(array, signal), isAway: false };
  } catch (error) {
    if (!isExaError(error, 'offline')) throw error;
    if (known) return { booked: known, isAway: true };
    throw new ExaError('offline', `${array} was not opened here before, and the store cannot be reached.`, {
      cause: error,
    });
  }
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
  const desk = chunkDesk(cache, fetcher);
  return {
    store,
    connection,
    book: arrayBook(store, small),
    fetcher,
    desk,
    close() {
      desk.close();
      fetcher.close();
    },
  };
}
