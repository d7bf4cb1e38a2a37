import { loadChecksum } from '../arrow/checksum.ts';
import type { Status } from '../protocol/client.ts';
import { ExaError, toWireError } from '../protocol/errors.ts';
import { isLocal } from '../protocol/local.ts';
import type { PageCalls, WatchEvent } from '../protocol/messages.ts';
import type { ArrayStoreClient } from '../storage/array-store-client.ts';
import { directOutbox } from '../storage/direct-outbox.ts';
import type { RemoteKeep } from '../storage/http-keep.ts';
import type { LocalStore } from '../storage/local-store.ts';
import { memoryShelf } from '../storage/memory-shelf.ts';
import type { Outbox } from '../storage/outbox.ts';
import type { PageCache } from '../storage/page-cache.ts';
import { memorySmallStore, type SmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { withByteBudget } from '../storage/with-byte-budget.ts';
import { withMemoryOnly } from '../storage/with-memory-only.ts';
import type { TokenDesk } from '../storage/with-token.ts';
import type { FileDesk } from './file-desk.ts';
import { type FitDesk, fitDesk } from './fits/fit-desk.ts';
import { type KeepDesk, keepDesk } from './keep-desk.ts';
import { serve, type Wire } from './rpc.ts';
import { openSession, type Session } from './session.ts';
import { openWorld, type World } from './world.ts';

/** Data sets kept in this browser, and what is kept of answers about them. */
export interface LocalParts {
  readonly store: Pick<LocalStore, keyof StoreClient | 'drop' | 'close'>;
  readonly cache: PageCache;
  /** Arrays kept in this browser; left out where there can be none. */
  readonly arrays?: () => Promise<ArrayStoreClient>;
}

/** What a coordinator is made of; nothing of it belongs to one thread or one tab. */
export interface CoordinatorParts {
  readonly store: StoreClient;
  readonly cache: PageCache;
  readonly small: SmallStore;
  readonly outbox: Outbox;
  /** The store's arrays; left out where there are none. */
  readonly arrays?: () => Promise<ArrayStoreClient>;
  /** Data sets kept in this browser; left out where it keeps nothing. */
  readonly local?: LocalParts;
  readonly keeps: 'indexeddb' | 'memory';
  /** Where tabs hand over what requests are signed with; left out where they carry nothing. */
  readonly tokens?: TokenDesk;
  /** Lets tabs' workers write files; left out where nothing does. */
  readonly files?: FileDesk;
  /** A compute worker on the coordinator's own thread, for tabs that lend none. */
  readonly localCompute: () => Wire;
  /** Saved views and citations of the store; left out where it keeps none. */
  readonly remoteKeep?: RemoteKeep;
  /** A wire over a port that a tab lends. */
  readonly portWire: (port: MessagePort) => Wire;
  /** Tells when a Web Lock is free: the tab that held it is gone. */
  readonly whenFree?: (lock: string, signal: AbortSignal) => Promise<void>;
  /** Bytes of decoded columns and partials over all compute workers; 192 MiB. */
  readonly computeBytes?: number;
  /** Bytes fetched before an answer rather than asking the store for partials; 4 MiB. */
  readonly smallBytes?: number;
  /** Estimated bytes of a data set that is brought here for later without being asked to; 64 MiB. */
  readonly unaskedBytes?: number;
  /** Least time between two answers of a question, in ms. */
  readonly minIntervalMs?: number;
  readonly backgroundAfterMs?: number;
  /** Time without any question before what is for later is fetched, in ms; 800. */
  readonly quietMs?: number;
  readonly writeBackMs?: number;
}

/** All tabs' questions over one store: one event stream, one cache, one book of heads. */
export interface Coordinator {
  /** Serves a tab over `wire`, until it says goodbye, its lock is free or the coordinator closes. */
  attach(wire: Wire): void;
  close(): Promise<void>;
}

/** What the sessions share. */
export interface Shared {
  readonly parts: CoordinatorParts;
  /** The store's world first, then that of this browser. */
  readonly worlds: readonly World[];
  /** The world a data set belongs to. */
  readonly worldOf: (dataset: string) => World;
  readonly status: () => Status;
  /** Told whenever the status may have changed. */
  readonly onStatus: (listener: () => void) => () => void;
  readonly busy: (working: boolean) => void;
  /** Bytes of pages one question may bring in the background. */
  readonly budgetBytes: () => number;
  readonly keep: KeepDesk;
  readonly forget: (dataset?: string) => Promise<void>;
  readonly fits: FitDesk;
  /** Removes a data set of this browser for good. Throws `refused` for one of the store. */
  readonly drop: (dataset: string) => Promise<void>;
  /** Stops everything, for every tab, once it is written. */
  readonly end: () => Promise<void>;
}

const defaultComputeBytes = 192 * 2 ** 20;
/** Bytes of pages that may not be kept on disk. */
const memoryOnlyBytes = 128 * 2 ** 20;
const defaultSmallBytes = 4 * 2 ** 20;

export async function coordinator(parts: CoordinatorParts): Promise<Coordinator> {
  const { store, small, outbox } = parts;
  const unkept = new Set<string>();
  const inMemory = withByteBudget(memoryShelf(), { maxBytes: memoryOnlyBytes });
  const cache = withMemoryOnly(parts.cache, inMemory, (dataset) => unkept.has(dataset));
  // Also reads which pages are here, before anybody asks.
  const reporting = cache.report();
  const [checksum, keptAsOf] = await Promise.all([loadChecksum(), small.get('asOf').catch(() => undefined)]);
  const smallBytes = parts.smallBytes ?? defaultSmallBytes;
  const remote = openWorld(
    { store, cache, small, outbox, smallBytes, arrays: parts.arrays },
    {
      checksum,
      asOf: typeof keptAsOf === 'string' ? keptAsOf : null,
      memoryOnly(dataset) {
        unkept.add(dataset);
        void parts.cache.forget(dataset);
      },
    },
  );
  const { connection } = remote;
  const local = parts.local && openLocal(parts.local, checksum);
  const worlds = local ? [remote, local] : [remote];
  const listeners = new Set<() => void>();
  const sessions = new Set<Session>();
  let working = 0;
  let lastAsOf = connection.asOf;
  let budget = 256 * 2 ** 20;
  void reporting.then((report) => {
    budget = Math.floor(report.maxBytes / 2);
  });

  const keep = keepDesk(small, parts.remoteKeep);
  const told = () => {
    for (const listener of [...listeners]) listener();
  };
  const offConnection = connection.onChange(() => {
    if (connection.asOf !== lastAsOf) {
      lastAsOf = connection.asOf;
      void small.set('asOf', lastAsOf).catch(() => {});
    }
    told();
    keep.stale();
  });
  const offOutbox = outbox.onWaiting(told);

  const fits = fitDesk({ small, checksum });
  const shared: Shared = {
    parts,
    fits,
    worlds,
    worldOf: (dataset) => (local && isLocal(dataset) ? local : remote),
    status: () => ({
      connection: connection.contact === 'live' && working > 0 ? 'updating' : connection.contact,
      asOf: connection.asOf,
      waiting: outbox.waiting,
      keeps: parts.keeps,
    }),
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    busy(isWorking) {
      const before = working > 0;
      working += isWorking ? 1 : -1;
      if (before !== working > 0) told();
    },
    keep,
    budgetBytes: () => budget,
    async forget(dataset) {
      for (const world of worlds) {
        world.shelf.forget(dataset);
        world.forgetArrays(dataset);
      }
      fits.forget(dataset);
      await cache.forget(dataset);
      await Promise.all([...sessions].map((session) => session.forget(dataset)));
    },
    async drop(dataset) {
      if (!parts.local || !isLocal(dataset))
        throw new ExaError('refused', 'Only data sets kept on this device can be deleted here.', {
          facts: { dataset },
        });
      await parts.local.store.drop(dataset);
      await shared.forget(dataset);
    },
    // After the asker's own answer: closing ends its call.
    async end() {
      await Promise.all([...worlds.map(({ shelf }) => shelf.flush()), cache.close()]);
      setTimeout(() => void close(), 0);
    },
  };

  const share = () => {
    const each = (parts.computeBytes ?? defaultComputeBytes) / Math.max(1, sessions.size);
    for (const session of sessions) session.budget(each);
  };

  async function close(): Promise<void> {
    for (const session of [...sessions]) session.close();
    offConnection();
    offOutbox();
    for (const world of worlds) world.close();
    await outbox.close();
    await Promise.all(worlds.map(({ shelf }) => shelf.flush()));
    await fits.flush();
    parts.local?.store.close();
    await cache.close();
  }

  return {
    attach(wire) {
      const session = openSession(shared, () => {
        stop();
        wire.close();
        if (sessions.delete(session)) share();
      });
      sessions.add(session);
      share();
      const stop = serve<PageCalls>(wire, session.handlers);
    },
    close,
  };
}

/** Watches something as a call: values until it is cancelled. */
export function watching<T>(
  signal: AbortSignal,
  next: (event: WatchEvent<T>) => void,
  start: (listener: { changed(value: T): void; failed(error: unknown): void }) => () => void,
): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = start({
      changed: (value) => next({ kind: 'value', value }),
      failed: (error) => next({ kind: 'failed', error: toWireError(error) }),
    });
    const end = () => {
      stop();
      resolve(undefined);
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** The world of this browser: every page is here, so nothing is asked as a partial. */
function openLocal({ store, cache, arrays }: LocalParts, checksum: (bytes: Uint8Array) => string): World {
  const outbox = directOutbox((change, key, options) => store.write(change, key, options));
  return openWorld(
    { store, cache, small: memorySmallStore(), outbox, smallBytes: Number.POSITIVE_INFINITY, arrays },
    { checksum, asOf: null },
  );
}
