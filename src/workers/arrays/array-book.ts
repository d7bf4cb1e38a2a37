import type { ArrayChange, ArrayHead } from '../../protocol/array.ts';
import type { VersionEvent } from '../../protocol/change.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import { type ArrayList, parseArrayHead, parseArrayList } from '../../protocol/parse-array.ts';
import { type Reader, readCount, readList, readObject, readOptional } from '../../protocol/parse-shape.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import type { SmallStore } from '../../storage/small-store.ts';

/** A head, and whether the store is known to have nothing newer. */
export interface BookedArray {
  readonly head: ArrayHead;
  readonly current: boolean;
  /** Changes known to have been made since `base`, oldest first; what changed before it is not known. */
  readonly base: number;
  readonly changes: readonly { readonly version: number; readonly chunks: ArrayChange['chunks'] }[];
}

export interface ArrayListener<T> {
  changed(value: T): void;
  failed(error: ExaError): void;
}

/** Heads of arrays as last known: kept over restarts, moved on by the store's events, with the chunks that changed. */
export interface ArrayBook {
  /** Undefined when it was never read. */
  known(array: string): Promise<BookedArray | undefined>;
  /** Told now (if known) and whenever it changes. */
  watch(array: string, listener: ArrayListener<BookedArray>): () => void;
  watchList(listener: ArrayListener<readonly ArrayHead[]>): () => void;
  /** The head now: as known while events keep it current, else read. */
  current(array: string, signal?: AbortSignal): Promise<BookedArray>;
  /** Reads a head again: it was found to be wrong. */
  refresh(array: string): Promise<BookedArray>;
  /** Reads the list again, for whoever watches it. */
  relist(): Promise<void>;
  apply(event: VersionEvent): void;
  connected(online: boolean): void;
  readonly online: boolean;
}

/** Changes remembered of an array; past them, which chunks changed is asked of the store. */
const mostChanges = 512;
/** Chunks and changes kept with a head over restarts. */
const mostKept = 4096;

export function arrayBook(store: ArrayStoreClient, small: SmallStore): ArrayBook {
  const heads = new Map<string, BookedArray>();
  const loading = new Map<string, Promise<void>>();
  const reading = new Map<string, Promise<BookedArray>>();
  const listeners = new Map<string, Set<ArrayListener<BookedArray>>>();
  const listListeners = new Set<ArrayListener<readonly ArrayHead[]>>();
  let list: ArrayList | undefined;
  let listLoading: Promise<void> | undefined;
  let listReading: Promise<void> | undefined;
  let online = false;

  const put = (booked: BookedArray) => {
    const { head } = booked;
    heads.set(head.id, booked);
    void small.set(`array/${head.id}`, keptOf(booked)).catch(() => {});
    for (const listener of [...(listeners.get(head.id) ?? [])]) listener.changed(booked);
  };

  const load = (array: string): Promise<void> => {
    const known = loading.get(array);
    if (known) return known;
    const loaded = (async () => {
      const kept = tolerant(readKept, await small.get(`array/${array}`).catch(() => undefined));
      if (kept && !heads.has(array)) heads.set(array, { ...kept, current: false });
    })();
    loading.set(array, loaded);
    return loaded;
  };

  const read = (array: string): Promise<BookedArray> => {
    const underWay = reading.get(array);
    if (underWay) return underWay;
    const started = store
      .head(array)
      .then(
        (head) => {
          const before = heads.get(array);
          // The same version: what is known of its changes still holds.
          const isSame = before?.head.epoch === head.epoch && before.head.version === head.version;
          const booked: BookedArray = isSame
            ? { ...before, head, current: true }
            : { head, current: true, base: head.version, changes: [] };
          put(booked);
          return booked;
        },
        (cause: unknown) => {
          const error = toExaError(cause);
          if (error.tag === 'missing') {
            heads.delete(array);
            void small.del(`array/${array}`).catch(() => {});
          }
          for (const listener of [...(listeners.get(array) ?? [])]) listener.failed(error);
          throw error;
        },
      )
      .finally(() => reading.delete(array));
    reading.set(array, started);
    return started;
  };

  const tellList = () => {
    if (list) for (const listener of [...listListeners]) listener.changed(list.arrays);
  };

  const readList = (): Promise<void> => {
    listReading ??= store
      .arrays()
      .then(
        (found) => {
          list = found;
          void small.set('arrays', found).catch(() => {});
          tellList();
        },
        (error: unknown) => {
          for (const listener of [...listListeners]) listener.failed(toExaError(error));
        },
      )
      .finally(() => {
        listReading = undefined;
      });
    return listReading;
  };

  return {
    async known(array) {
      await load(array);
      return heads.get(array);
    },

    watch(array, listener) {
      const told = listeners.get(array) ?? new Set();
      listeners.set(array, told);
      told.add(listener);
      void (async () => {
        await load(array);
        if (!told.has(listener)) return;
        const booked = heads.get(array);
        if (booked) listener.changed(booked);
        if (online && !booked?.current) await read(array).catch(() => {});
      })();
      return () => {
        told.delete(listener);
        if (told.size === 0 && listeners.get(array) === told) listeners.delete(array);
      };
    },

    watchList(listener) {
      listListeners.add(listener);
      void (async () => {
        listLoading ??= small.get('arrays').then(
          (kept) => {
            list ??= tolerant(parseArrayList, kept);
          },
          () => {},
        );
        await listLoading;
        if (list && listListeners.has(listener)) listener.changed(list.arrays);
        if (online) await readList();
      })();
      return () => listListeners.delete(listener);
    },

    async current(array, signal) {
      await load(array);
      const booked = heads.get(array);
      if (booked?.current) return booked;
      const found = await read(array);
      signal?.throwIfAborted();
      return found;
    },

    refresh: read,
    relist: readList,

    apply(event) {
      for (const change of event.arrays ?? []) {
        const booked = heads.get(change.id);
        if (!booked || booked.head.version >= event.version) continue;
        if (change.headChanged || change.epoch !== booked.head.epoch || !booked.current) {
          heads.set(change.id, { ...booked, current: false });
          if (listeners.has(change.id)) void read(change.id).catch(() => {});
          continue;
        }
        const changes = [...booked.changes, { version: event.version, chunks: change.chunks }];
        const isLong = changes.length > mostChanges;
        put({
          head: { ...booked.head, version: event.version, asOf: event.asOf },
          current: true,
          base: isLong ? event.version : booked.base,
          changes: isLong ? [] : changes,
        });
      }
      if (!event.arrays?.length || listListeners.size === 0) return;
      const known = new Set(list?.arrays.map(({ id }) => id));
      if (event.arrays.some((change) => change.headChanged || !known.has(change.id))) void readList();
    },

    connected(now) {
      if (now === online) return;
      online = now;
      for (const [id, booked] of heads) heads.set(id, { ...booked, current: false });
      if (!online) return;
      for (const id of listeners.keys()) void read(id).catch(() => {});
      if (listListeners.size > 0) void readList();
    },

    get online() {
      return online;
    },
  };
}

const readKept = readObject<Omit<BookedArray, 'current'>>({
  head: parseArrayHead,
  base: readCount,
  changes: readList(
    readObject<BookedArray['changes'][number]>({
      version: readCount,
      chunks: readOptional(readList(readList(readCount))),
    }),
  ),
});

/** A head with its changes, as long as they are few: what a later session knows without asking. */
function keptOf({ head, base, changes }: BookedArray): Omit<BookedArray, 'current'> {
  const named = changes.reduce((sum, { chunks }) => sum + (chunks?.length ?? 0), changes.length);
  return named > mostKept ? { head, base: head.version, changes: [] } : { head, base, changes };
}

/** What was kept is rebuildable: a value of another shape is as good as none. */
function tolerant<T>(parse: Reader<T>, value: unknown): T | undefined {
  try {
    return parse(value, 'kept');
  } catch {
    return undefined;
  }
}
