import { type Database, openDatabase } from './database.ts';
import { inTime } from './in-time.ts';
import { indexedDbShelf } from './indexeddb-shelf.ts';
import { indexedDbSmallStore } from './indexeddb-small-store.ts';
import { memoryShelf } from './memory-shelf.ts';
import { indexedDbOutboxShelf, memoryOutboxShelf, type OutboxShelf } from './outbox-shelf.ts';
import type { PageCache } from './page-cache.ts';
import { type FileWriter, filesDirectory, pageFiles } from './page-files.ts';
import { memorySmallStore, type SmallStore } from './small-store.ts';
import { withByteBudget } from './with-byte-budget.ts';
import { withReadAhead } from './with-read-ahead.ts';

/** All this browser keeps for one user of one store, over one connection. */
export interface Storage {
  readonly keeps: 'indexeddb' | 'memory';
  /** Why it is memory, as a sentence. */
  readonly reason?: string;
  readonly pages: PageCache;
  readonly small: SmallStore;
  readonly outbox: OutboxShelf;
  /** Runs `work` while no other thread of this origin does so for this storage. */
  alone(work: () => Promise<void>, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Effects and limits of {@link openStorage}. */
export interface StorageOptions {
  /** Name of the database; one a user and store, so that nobody sees what another left. */
  readonly name: string;
  /** Bytes of pages kept; by default half of what the browser grants, at most 4 GiB, or 512 MiB in memory. */
  readonly maxBytes?: number;
  /** `undefined` where there is none; reading it may itself throw in a sandboxed frame. */
  readonly indexedDB?: () => IDBFactory | undefined;
  readonly locks?: LockManager;
  readonly estimate?: () => Promise<StorageEstimate>;
  /** Writes files beside the database, where a thread can. */
  readonly writeFile?: FileWriter;
  /** Of the small store, what is read while the rest opens. */
  readonly first?: readonly string[];
  /** Longest wait for the database to open, in milliseconds; 5 000. */
  readonly openMs?: number;
}

/** Pages that come within this many milliseconds lie together: they are read again sooner than each by itself. */
const gatherMs = 500;

/** Opens what this browser keeps; where IndexedDB is missing, forbidden or silent, memory stands in. Never rejects. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const {
    name,
    indexedDB = () => globalThis.indexedDB,
    locks = globalThis.navigator?.locks,
    estimate = () => globalThis.navigator.storage.estimate(),
    openMs = 5_000,
  } = options;
  const alone: Storage['alone'] = async (work, signal) => {
    await (locks ? locks.request(`${name}/outbox`, { signal }, work) : work());
  };
  const granting = granted(estimate);
  const leaving = new AbortController();
  let database: Database;
  let small: SmallStore;
  let electing: ReturnType<typeof elect>;
  try {
    const factory = indexedDB();
    if (!factory) throw new Error('This browser offers no IndexedDB here.');
    database = openDatabase(name, factory);
    // Each takes the browser a while, and none needs another.
    small = withReadAhead(indexedDbSmallStore(database), ['~', ...(options.first ?? [])]);
    electing = locks ? elect(locks, `${name}/pages`, leaving.signal) : Promise.resolve(() => true);
    await inTime(small.get('~'), openMs, () => new Error('The database of this browser does not answer.'));
  } catch (error) {
    leaving.abort();
    const why = error instanceof Error ? error.message : String(error);
    return {
      keeps: 'memory',
      reason: `Nothing is kept after this tab is closed: ${why}`,
      pages: withByteBudget(memoryShelf(), { maxBytes: options.maxBytes ?? 512 * 2 ** 20 }),
      small: memorySmallStore(),
      outbox: memoryOutboxShelf(),
      alone: (work) => work(),
      close: async () => {},
    };
  }

  const [owns, maxBytes] = await Promise.all([electing, options.maxBytes ?? granting]);
  const files = options.writeFile && pageFiles(filesDirectory(name), options.writeFile);
  const pages = withByteBudget(indexedDbShelf(database, { owns, files }), { maxBytes, owns, gatherMs });
  return {
    keeps: 'indexeddb',
    pages,
    small,
    outbox: indexedDbOutboxShelf(database),
    alone,
    async close() {
      await pages.close();
      leaving.abort();
      database.close();
    },
  };
}

/** Waits in line for the lock `name` and holds it until `signal` aborts; tells whether it is held yet. */
async function elect(locks: LockManager, name: string, signal: AbortSignal): Promise<() => boolean> {
  let held = false;
  const hold = () => {
    held = true;
    return new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  await new Promise<void>((decided) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock) {
          const holding = hold();
          decided();
          return holding;
        }
        decided();
        return undefined;
      })
      .catch(() => decided());
  });
  if (!held) locks.request(name, { signal }, hold).catch(() => {});
  return () => held;
}

async function granted(estimate: () => Promise<StorageEstimate>): Promise<number> {
  const most = 4 * 2 ** 30;
  try {
    const { quota } = await estimate();
    return Math.min(most, Math.floor((quota ?? most) / 2));
  } catch {
    return most;
  }
}
