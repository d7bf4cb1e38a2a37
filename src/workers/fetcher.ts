import type { BatchItem, BatchPart } from '../protocol/batch.ts';
import { cancelled, ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import type { KernelSpec } from '../protocol/kernel.ts';
import type { StoreClient } from '../storage/store-client.ts';

/** Something one part of a batch answers. `key` tells two askers of the same thing. */
export type Want = { readonly key: string; readonly bytes: number } & (
  | {
      readonly kind: 'page';
      readonly dataset: string;
      readonly epoch: string;
      readonly column: string;
      readonly block: number;
    }
  | {
      readonly kind: 'patch';
      readonly dataset: string;
      readonly epoch: string;
      readonly columns: readonly string[];
      /** All answered by one part. */
      readonly blocks: readonly { readonly block: number; readonly since: number }[];
    }
  | {
      readonly kind: 'partial';
      readonly dataset: string;
      readonly epoch: string;
      readonly spec: KernelSpec;
      readonly specKey: string;
      readonly level: number;
      readonly index: number;
    }
);

export type Priority = 'visible' | 'background';

export interface FetchOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  /** The asker moves the part's body elsewhere: whoever else asked for it gets another. */
  readonly takes?: boolean;
}

/** Gathers what is wanted into batches: one request for a thing whoever asks, visible before background. */
export interface Fetcher {
  /** Rejects `cancelled` when aborted; the request itself ends when nobody wants any of its items. */
  fetch(want: Want, options?: FetchOptions): Promise<BatchPart>;
  /** Things asked for and not yet answered. */
  readonly waiting: number;
  close(): void;
}

interface Asker {
  readonly takes: boolean;
  resolve(part: BatchPart): void;
  reject(error: ExaError): void;
}

interface Entry {
  readonly want: Want;
  priority: Priority;
  readonly askers: Set<Asker>;
  state: 'queued' | 'asked';
  /** Times it was asked for and came corrupt or not at all. */
  failures: number;
  batch?: AbortController;
}

/** Estimated bytes of a batch: the store answers at most 16 MiB of one. */
const batchBytes = 12 * 2 ** 20;
/** The same, for things for later while visible ones are under way. */
const besideBytes = 2 * 2 ** 20;

export interface FetcherOptions {
  /** Requests under way at once; one more may be had by visible things when all are background. */
  readonly maxRequests?: number;
  /** Runs `task` soon: what is wanted in the same turn goes into one batch. */
  readonly soon?: (task: () => void) => void;
  /** Told the outcome of each request: the connection is alive, or why not. */
  readonly outcome?: (error: ExaError | undefined) => void;
}

export function fetcherOver(store: StoreClient, options: FetcherOptions = {}): Fetcher {
  const maxRequests = options.maxRequests ?? 3;
  const soon = options.soon ?? queueMicrotask;
  const entries = new Map<string, Entry>();
  let running = 0;
  let runningVisible = 0;
  let scheduled = false;
  let closed = false;

  const schedule = () => {
    if (scheduled || closed) return;
    scheduled = true;
    soon(() => {
      scheduled = false;
      pump();
    });
  };

  const pump = () => {
    while (!closed) {
      const queued = [...entries.values()].filter((entry) => entry.state === 'queued');
      const visible = queued.filter((entry) => entry.priority === 'visible');
      const chosen = visible.length > 0 ? visible : queued;
      if (chosen.length === 0) return;
      const limit = visible.length > 0 && runningVisible === 0 ? maxRequests + 1 : maxRequests;
      if (running >= limit || (visible.length === 0 && running >= maxRequests - 1)) return;
      // What is looked at is being made in the store: what is for later must not take its turns.
      const isBeside = visible.length === 0 && runningVisible > 0;
      if (isBeside && running > runningVisible) return;
      const most = isBeside ? besideBytes : batchBytes;
      const taken: Entry[] = [];
      let bytes = 0;
      for (const entry of chosen) {
        if (taken.length > 0 && bytes + entry.want.bytes > most) break;
        taken.push(entry);
        bytes += entry.want.bytes;
      }
      void run(taken, visible.length > 0);
    }
  };

  const settle = (entry: Entry, tell: (asker: Asker) => void) => {
    if (entries.get(entry.want.key) === entry) entries.delete(entry.want.key);
    for (const asker of [...entry.askers]) tell(asker);
    entry.askers.clear();
  };

  const run = async (batch: readonly Entry[], visible: boolean) => {
    const controller = new AbortController();
    running++;
    if (visible) runningVisible++;
    for (const entry of batch) {
      entry.state = 'asked';
      entry.batch = controller;
    }
    const { items, find } = itemsOf(batch);
    const open = new Set(batch);
    let failure: ExaError | undefined;
    let answered = 0;
    try {
      for await (const part of store.batch({ items }, { signal: controller.signal })) {
        const entry = find(part);
        if (!entry || !open.delete(entry)) continue;
        answered++;
        const isShared = entry.askers.size > 1;
        settle(entry, (asker) =>
          asker.resolve(asker.takes && isShared ? { ...part, body: part.body.slice() } : part),
        );
      }
    } catch (error) {
      failure = toExaError(error);
    }
    running--;
    if (visible) runningVisible--;
    if (!isExaError(failure, 'cancelled')) options.outcome?.(failure);
    for (const entry of open) {
      if (entry.askers.size === 0) continue;
      const mayRetry = failure === undefined || failure.tag === 'corrupt';
      // Parts that merely did not fit are no failure, as long as each batch brings some.
      if (answered === 0) entry.failures++;
      if (mayRetry && entry.failures <= 1 && !closed) {
        entry.state = 'queued';
        entry.batch = undefined;
      } else {
        const error =
          failure ?? new ExaError('corrupt', 'The store left out a part of the data that was asked for.');
        settle(entry, (asker) => asker.reject(error));
      }
    }
    schedule();
  };

  return {
    fetch(want, { priority = 'visible', signal, takes = false } = {}) {
      if (closed || signal?.aborted) return Promise.reject(cancelled());
      let entry = entries.get(want.key);
      if (!entry) {
        entry = { want, priority, askers: new Set(), state: 'queued', failures: 0 };
        entries.set(want.key, entry);
        schedule();
      } else if (priority === 'visible') entry.priority = 'visible';
      const joined = entry;
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          joined.askers.delete(asker);
          reject(cancelled());
          if (joined.askers.size > 0) return;
          if (entries.get(want.key) === joined) entries.delete(want.key);
          const { batch } = joined;
          if (!batch) return;
          const stillWanted = [...entries.values()].some((other) => other.batch === batch);
          if (!stillWanted) batch.abort();
        };
        const asker: Asker = {
          takes,
          resolve: (part) => {
            signal?.removeEventListener('abort', onAbort);
            resolve(part);
          },
          reject: (error) => {
            signal?.removeEventListener('abort', onAbort);
            reject(error);
          },
        };
        joined.askers.add(asker);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    get waiting() {
      return entries.size;
    },
    close() {
      closed = true;
      for (const entry of [...entries.values()]) {
        entry.batch?.abort();
        settle(entry, (asker) => asker.reject(cancelled()));
      }
    },
  };
}

/** Items of a request, those alike joined into one, and which want a part of the answer belongs to. */
function itemsOf(batch: readonly Entry[]): {
  readonly items: readonly BatchItem[];
  readonly find: (part: BatchPart) => Entry | undefined;
} {
  const groups = new Map<string, Entry[]>();
  for (const entry of batch) {
    const { want } = entry;
    const like = want.kind === 'page' ? want.column : want.kind === 'patch' ? want.key : want.specKey;
    const group = `${want.kind}/${want.dataset}/${want.epoch}/${like}`;
    const alike = groups.get(group);
    if (alike) alike.push(entry);
    else groups.set(group, [entry]);
  }
  const grouped = [...groups.values()];
  return {
    items: grouped.map((entries) => itemOf(entries.map((entry) => entry.want))),
    find: (part) =>
      grouped[part.item]?.find(
        ({ want }) =>
          want.kind === part.kind &&
          (want.kind === 'patch' || placeOf(want) === `${part.level}/${part.block}`),
      ),
  };
}

function placeOf(want: Exclude<Want, { kind: 'patch' }>): string {
  return want.kind === 'partial' ? `${want.level}/${want.index}` : `0/${want.block}`;
}

function itemOf(wants: readonly Want[]): BatchItem {
  const first = wants[0]!;
  const { dataset, epoch } = first;
  switch (first.kind) {
    case 'page': {
      const blocks = wants.flatMap((want) => (want.kind === 'page' ? [want.block] : []));
      return { kind: 'pages', dataset, epoch, column: first.column, blocks };
    }
    case 'patch':
      return { kind: 'patch', dataset, epoch, columns: first.columns, blocks: first.blocks };
    case 'partial': {
      const nodes = wants.flatMap((want) =>
        want.kind === 'partial' ? [{ level: want.level, index: want.index }] : [],
      );
      return { kind: 'partials', dataset, epoch, kernel: first.spec, nodes };
    }
  }
}
