import { isOfArray } from '../protocol/array-table.ts';
import type { VersionEvent } from '../protocol/change.ts';
import { type ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import type { DatasetSummary, Head } from '../protocol/head.ts';
import type { Profile } from '../protocol/profile.ts';
import type { SmallStore } from '../storage/small-store.ts';
import type { StoreClient } from '../storage/store-client.ts';

/** A head and whether the store is known to have nothing newer. */
export interface BookedHead {
  readonly head: Head;
  /** Read from the store, or kept up by its events, since the connection was last made. */
  readonly current: boolean;
}

export interface HeadListener {
  changed(booked: BookedHead): void;
  failed(error: ExaError): void;
}

export interface ListListener {
  changed(datasets: readonly DatasetSummary[]): void;
  failed(error: ExaError): void;
}

/** The heads and the list of data sets, as last known: kept over restarts, moved on by the store's events. */
export interface HeadBook {
  /** The head as last known here; undefined when it was never read. */
  known(dataset: string): Promise<BookedHead | undefined>;
  /** Told now (if known) and whenever it changes. Keeps the head up to date as long as somebody watches. */
  watch(dataset: string, listener: HeadListener): () => void;
  watchList(listener: ListListener): () => void;
  /** Waits for a head as of at least `version`, reading it again when no event brings it there. */
  atLeast(dataset: string, version: number, signal?: AbortSignal): Promise<Head>;
  /** Reads a head again now: it was found to be wrong. */
  refresh(dataset: string, signal?: AbortSignal): Promise<Head>;
  /** A profile that is kept here and waits for a store that is away: shown from now on, until the store's own is read. */
  expect(dataset: string, profile: Profile): void;
  /** The store announced a version. */
  apply(event: VersionEvent): void;
  /**
   * Whether the store is reachable; when it becomes so, everything watched is read again, but for what was read before
   * anybody knew, as of `version` or later.
   */
  connected(online: boolean, version?: number): void;
  readonly online: boolean;
}

export interface HeadBookOptions {
  /** Versions an event may bring before the head is read instead, in ms. */
  readonly patienceMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** Least time between two writes of one head to the small store, in ms; default 500. */
  readonly keepEveryMs?: number;
  /** Reads a head or list that was kept as JSON; undefined when it is not one. */
  readonly parseHead: (value: unknown) => Head | undefined;
  readonly parseList: (value: unknown) => readonly DatasetSummary[] | undefined;
  /** Told of a data set of which nothing may be kept on disk, before anything of it is fetched. */
  readonly memoryOnly?: (dataset: string) => void;
}

export function headBook(
  store: StoreClient,
  small: SmallStore,
  {
    patienceMs = 200,
    keepEveryMs = 500,
    sleep = pause,
    parseHead,
    parseList,
    memoryOnly = () => {},
  }: HeadBookOptions,
): HeadBook {
  const heads = new Map<string, BookedHead>();
  const loading = new Map<string, Promise<void>>();
  const reading = new Map<string, Promise<Head>>();
  const listeners = new Map<string, Set<HeadListener>>();
  const listListeners = new Set<ListListener>();
  /** Keys written a moment ago; true when there is something newer to write. */
  const resting = new Map<string, boolean>();
  let list: readonly DatasetSummary[] | undefined;
  let listReading: Promise<void> | undefined;
  let listVersion = -1;
  /** Whether the list was read, and kept up by events, since the connection was last made. */
  let isListCurrent = false;
  let online = false;
  /** Whether the store is known to be reachable, or not. Until then what was never read is asked for at once. */
  let isDecided = false;

  /** Kept at once, then at most once a while, the newest: versions may come many a second. */
  const keep = (key: string) => {
    if (resting.has(key)) {
      resting.set(key, true);
      return;
    }
    const value =
      key === 'datasets'
        ? list?.filter(({ cache }) => cache !== 'memory')
        : heads.get(key.slice('head/'.length))?.head;
    if (value && !('cache' in value && value.cache === 'memory')) void small.set(key, value).catch(() => {});
    resting.set(key, false);
    void sleep(keepEveryMs).then(() => {
      const again = resting.get(key);
      resting.delete(key);
      if (again) keep(key);
    });
  };

  const put = (head: Head, current: boolean) => {
    const before = heads.get(head.id);
    if (before && before.head.epoch === head.epoch && before.head.version > head.version) return;
    const booked = { head, current };
    heads.set(head.id, booked);
    if (head.cache === 'memory' && before?.head.cache !== 'memory') {
      memoryOnly(head.id);
      void small.del(`head/${head.id}`).catch(() => {});
    }
    keep(`head/${head.id}`);
    for (const listener of [...(listeners.get(head.id) ?? [])]) listener.changed(booked);
  };

  const fail = (dataset: string, error: ExaError) => {
    if (error.tag === 'missing') {
      heads.delete(dataset);
      void small.del(`head/${dataset}`).catch(() => {});
    }
    for (const listener of [...(listeners.get(dataset) ?? [])]) listener.failed(error);
  };

  const load = (dataset: string): Promise<void> => {
    const known = loading.get(dataset);
    if (known) return known;
    const loaded = (async () => {
      const head = parseHead(await small.get(`head/${dataset}`).catch(() => undefined));
      if (head && !heads.has(dataset)) heads.set(dataset, { head, current: false });
    })();
    loading.set(dataset, loaded);
    return loaded;
  };

  const read = (dataset: string): Promise<Head> => {
    const underWay = reading.get(dataset);
    if (underWay) return underWay;
    const started = store
      .head(dataset)
      .then(
        (head) => {
          put(head, true);
          return heads.get(dataset)?.head ?? head;
        },
        (error: unknown) => {
          if (isDecided || !isExaError(error, 'offline')) fail(dataset, toExaError(error));
          throw error;
        },
      )
      .finally(() => reading.delete(dataset));
    reading.set(dataset, started);
    return started;
  };

  const readList = (): Promise<void> => {
    listReading ??= store
      .datasets()
      .then(
        ({ datasets, version }) => {
          listVersion = version;
          isListCurrent = true;
          putList(datasets);
        },
        (error: unknown) => {
          if (!isDecided && isExaError(error, 'offline')) return;
          for (const listener of [...listListeners]) listener.failed(toExaError(error));
        },
      )
      .finally(() => {
        listReading = undefined;
      });
    return listReading;
  };

  const putList = (datasets: readonly DatasetSummary[]) => {
    list = datasets;
    keep('datasets');
    for (const listener of [...listListeners]) listener.changed(datasets);
  };

  return {
    async known(dataset) {
      await load(dataset);
      return heads.get(dataset);
    },

    watch(dataset, listener) {
      const told = listeners.get(dataset) ?? new Set();
      listeners.set(dataset, told);
      told.add(listener);
      void (async () => {
        await load(dataset);
        if (!told.has(listener)) return;
        const booked = heads.get(dataset);
        if (booked) listener.changed(booked);
        if ((online || (!isDecided && !booked)) && !booked?.current) await read(dataset).catch(() => {});
      })();
      return () => {
        told.delete(listener);
        if (told.size === 0 && listeners.get(dataset) === told) listeners.delete(dataset);
      };
    },

    watchList(listener) {
      listListeners.add(listener);
      void (async () => {
        if (!list) {
          const kept = parseList(await small.get('datasets').catch(() => undefined));
          list ??= kept;
        }
        if (list && listListeners.has(listener)) listener.changed(list);
        if ((online && !isListCurrent) || (!isDecided && !list)) await readList();
      })();
      return () => listListeners.delete(listener);
    },

    async atLeast(dataset, version, signal) {
      const reached = () => {
        const head = heads.get(dataset)?.head;
        return head && head.version >= version ? head : undefined;
      };
      const early = reached();
      if (early) return early;
      let stop = () => {};
      const announced = new Promise<void>((resolve) => {
        const listener: HeadListener = {
          changed: () => {
            if (reached()) resolve();
          },
          failed: () => {},
        };
        const told = listeners.get(dataset) ?? new Set();
        listeners.set(dataset, told);
        told.add(listener);
        stop = () => told.delete(listener);
      });
      try {
        await Promise.race([announced, sleep(patienceMs)]);
      } finally {
        stop();
      }
      signal?.throwIfAborted();
      return reached() ?? (await read(dataset));
    },

    refresh: (dataset) => read(dataset),

    expect(dataset, profile) {
      const booked = heads.get(dataset);
      if (online || !booked) return;
      put({ ...booked.head, profile }, false);
      if (list) putList(list.map((summary) => (summary.id === dataset ? { ...summary, profile } : summary)));
    },

    apply(event) {
      let listChanged = false;
      for (const [id, { head, current }] of heads) {
        if (!current || head.version >= event.version) continue;
        const touched = event.datasets.find((dataset) => dataset.id === id);
        if (
          head.version < event.previous ||
          event.arrays?.some((array) => isOfArray(id, array.id)) ||
          (touched && (touched.headChanged || touched.epoch !== head.epoch))
        ) {
          heads.set(id, { head, current: false });
          if (listeners.has(id)) void read(id).catch(() => {});
        } else if (touched) put(advance(head, event, touched), true);
        else heads.set(id, { head: { ...head, version: event.version, asOf: event.asOf }, current: true });
      }
      if (list)
        for (const touched of event.datasets) {
          const known = list.find((summary) => summary.id === touched.id);
          if (!known || touched.headChanged || known.epoch !== touched.epoch) listChanged = true;
        }
      if (listListeners.size === 0) {
        isListCurrent &&= event.datasets.length === 0;
        return;
      }
      if (listChanged) void readList();
      else if (list) {
        const rows = new Map(
          event.datasets.flatMap(({ id }) => {
            const booked = heads.get(id);
            return booked ? [[id, booked.head.live.reduce((sum, live) => sum + live, 0)] as const] : [];
          }),
        );
        if (event.datasets.length > 0)
          putList(
            list.map((summary) =>
              event.datasets.some(({ id }) => id === summary.id)
                ? {
                    ...summary,
                    version: event.version,
                    asOf: event.asOf,
                    rows: rows.get(summary.id) ?? summary.rows,
                  }
                : summary,
            ),
          );
      }
    },

    connected(now, version = Number.POSITIVE_INFINITY) {
      const isFirst = !isDecided;
      isDecided = true;
      if (now === online && !(isFirst && now)) return;
      online = now;
      const isNew = (known: number) => isFirst && now && known >= version;
      for (const [id, { head, current }] of heads)
        heads.set(id, { head, current: current && isNew(head.version) });
      if (!online) return;
      for (const id of listeners.keys()) if (!heads.get(id)?.current) void read(id).catch(() => {});
      isListCurrent = isNew(listVersion);
      if (listListeners.size > 0 && !isListCurrent) void readList();
    },
    get online() {
      return online;
    },
  };
}

function advance(head: Head, event: VersionEvent, touched: VersionEvent['datasets'][number]): Head {
  const revisions = [...head.revisions];
  const live = [...head.live];
  for (const { block, live: rows } of touched.blocks) {
    revisions[block] = event.version;
    live[block] = rows;
  }
  return {
    ...head,
    version: event.version,
    asOf: event.asOf,
    allocated: touched.allocated,
    revisions,
    live,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
