import { loadChecksum } from '../arrow/checksum.ts';
import type { Status } from '../protocol/client.ts';
import { toWireError } from '../protocol/errors.ts';
import type { PageCalls, WatchEvent } from '../protocol/messages.ts';
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
import { serve, type Wire } from './rpc.ts';
import { openSession, type Session } from './session.ts';

/** What a coordinator is made of; nothing of it belongs to one thread or one tab. */
export interface CoordinatorParts {
  readonly store: StoreClient;
  readonly cache: PageCache;
  readonly small: SmallStore;
  readonly outbox: Outbox;
  readonly keeps: 'indexeddb' | 'memory';
  /** A compute worker on the coordinator's own thread, for tabs that lend none. */
  readonly localCompute: () => Wire;
  /** A wire over a port that a tab lends. */
  readonly portWire: (port: MessagePort) => Wire;
  /** Tells when a Web Lock is free: the tab that held it is gone. */
  readonly whenFree?: (lock: string, signal: AbortSignal) => Promise<void>;
  /** Bytes of decoded columns and partials over all compute workers; 192 MiB. */
  readonly computeBytes?: number;
  /** Bytes fetched before an answer rather than asking the store for partials; 4 MiB. */
  readonly smallBytes?: number;
  /** Least time between two answers of a question, in ms. */
  readonly minIntervalMs?: number;
  readonly backgroundAfterMs?: number;
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
  readonly book: HeadBook;
  readonly connection: Connection;
  readonly fetcher: Fetcher;
  readonly shelf: PartialShelf;
  readonly status: () => Status;
  /** Told whenever the status may have changed. */
  readonly onStatus: (listener: () => void) => () => void;
  readonly busy: (working: boolean) => void;
  /** Bytes of pages one question may bring in the background. */
  readonly budgetBytes: () => number;
  readonly forget: (dataset?: string) => Promise<void>;
}

const defaultComputeBytes = 192 * 2 ** 20;

export async function coordinator(parts: CoordinatorParts): Promise<Coordinator> {
  const { store, cache, small, outbox } = parts;
  const checksum = await loadChecksum();
  const book = headBook(store, small, {
    parseHead: tolerant(parseHead),
    parseList: tolerant(readList(parseDatasetSummary)),
  });
  const shelf = partialShelf(cache, checksum);
  const keptAsOf = await small.get('asOf').catch(() => undefined);
  const connection = connectionTo(store, book, { asOf: typeof keptAsOf === 'string' ? keptAsOf : null });
  const fetcher = fetcherOver(store, { outcome: (error) => connection.outcome(error) });
  const listeners = new Set<() => void>();
  const sessions = new Set<Session>();
  let working = 0;
  let lastAsOf = connection.asOf;
  let budget = 256 * 2 ** 20;
  void cache.report().then((report) => {
    budget = Math.floor(report.maxBytes / 2);
  });

  const told = () => {
    for (const listener of [...listeners]) listener();
  };
  const offConnection = connection.onChange(() => {
    if (connection.asOf !== lastAsOf) {
      lastAsOf = connection.asOf;
      void small.set('asOf', lastAsOf).catch(() => {});
    }
    told();
  });
  const offOutbox = outbox.onWaiting(told);

  const shared: Shared = {
    parts,
    book,
    connection,
    fetcher,
    shelf,
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
    budgetBytes: () => budget,
    async forget(dataset) {
      shelf.forget(dataset);
      await cache.forget(dataset);
      await Promise.all([...sessions].map((session) => session.forget(dataset)));
    },
  };

  const share = () => {
    const each = (parts.computeBytes ?? defaultComputeBytes) / Math.max(1, sessions.size);
    for (const session of sessions) session.budget(each);
  };

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
    async close() {
      for (const session of [...sessions]) session.close();
      offConnection();
      offOutbox();
      connection.close();
      fetcher.close();
      await outbox.close();
      await shelf.flush();
      await cache.close();
    },
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
