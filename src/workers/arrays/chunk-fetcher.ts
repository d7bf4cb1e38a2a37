import type { BatchPart } from '../../protocol/batch.ts';
import { cancelled, ExaError, isExaError, toExaError } from '../../protocol/errors.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';

/** A chunk that is wanted; `since`: the version as of which it is here already. */
export interface ChunkWant {
  readonly array: string;
  readonly epoch: string;
  readonly level: number;
  readonly place: readonly number[];
  readonly since?: number;
  /** Estimated size. */
  readonly bytes: number;
}

/** What is looked at, and what may be looked at next: a request for the latter ends when the former needs its turn. */
export type ChunkTier = 'visible' | 'ahead';

/** One request for a chunk whoever asks, what is seen before what may be; what nobody wants any more is aborted. */
export interface ChunkFetcher {
  /** Rejects `cancelled` when aborted. */
  fetch(
    want: ChunkWant,
    options: { readonly tier?: ChunkTier; readonly signal?: AbortSignal },
  ): Promise<BatchPart>;
  readonly waiting: number;
  close(): void;
}

interface Asker {
  resolve(part: BatchPart): void;
  reject(error: ExaError): void;
}

interface Entry {
  readonly key: string;
  readonly want: ChunkWant;
  tier: ChunkTier;
  readonly askers: Set<Asker>;
  run?: Run;
  failures: number;
}

interface Run {
  readonly controller: AbortController;
  readonly tier: ChunkTier;
  readonly entries: Set<Entry>;
  /** Given up for something that is looked at: what it asked for waits again. */
  outranked: boolean;
}

/** Requests under way for what is looked at; one more may be ahead of it. */
const mostVisible = 3;
/** Estimated bytes of a request: the store answers at most 16 MiB. */
const requestBytes = { visible: 8 * 2 ** 20, ahead: 2 ** 20 } as const;
const requestChunks = 1024;

export function chunkFetcher(
  store: ArrayStoreClient,
  {
    outcome = () => {},
    soon = queueMicrotask,
  }: {
    /** Told the outcome of each request: the connection is alive, or why not. */
    readonly outcome?: (error: ExaError | undefined) => void;
    /** Runs `task` soon: what is wanted in the same turn goes into one request. */
    readonly soon?: (task: () => void) => void;
  } = {},
): ChunkFetcher {
  const entries = new Map<string, Entry>();
  const runs = new Set<Run>();
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

  const take = (tier: ChunkTier): Entry[] => {
    const taken: Entry[] = [];
    let bytes = 0;
    for (const entry of entries.values()) {
      if (entry.run || entry.tier !== tier) continue;
      const first = taken[0];
      if (first && (first.want.array !== entry.want.array || first.want.epoch !== entry.want.epoch)) continue;
      if (first && (bytes + entry.want.bytes > requestBytes[tier] || taken.length >= requestChunks)) break;
      taken.push(entry);
      bytes += entry.want.bytes;
    }
    return taken;
  };

  const pump = () => {
    while (!closed) {
      const visible = take('visible');
      if (visible.length > 0) {
        for (const run of runs)
          if (run.tier === 'ahead') {
            run.outranked = true;
            run.controller.abort();
          }
        if ([...runs].filter((run) => run.tier === 'visible').length >= mostVisible) return;
        void start(visible, 'visible');
        continue;
      }
      if (runs.size > 0) return;
      const ahead = take('ahead');
      if (ahead.length === 0) return;
      void start(ahead, 'ahead');
    }
  };

  const settle = (entry: Entry, tell: (asker: Asker) => void) => {
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
    for (const asker of [...entry.askers]) tell(asker);
    entry.askers.clear();
  };

  const start = async (batch: readonly Entry[], tier: ChunkTier) => {
    const run: Run = { controller: new AbortController(), tier, entries: new Set(batch), outranked: false };
    runs.add(run);
    for (const entry of batch) entry.run = run;
    const { array, epoch } = batch[0]!.want;
    const byLevel = new Map<number, Entry[]>();
    for (const entry of batch) {
      const { level } = entry.want;
      const same = byLevel.get(level);
      if (same) same.push(entry);
      else byLevel.set(level, [entry]);
    }
    // Coarse first: it is what can be drawn soonest.
    const groups = [...byLevel].sort(([left], [right]) => right - left);
    const order = groups.flatMap(([, group]) => group);
    const items = groups.map(([level, group]) => ({
      level,
      chunks: group.map(({ want }) => want.place),
      ...(group.some(({ want }) => want.since !== undefined)
        ? { since: group.map(({ want }) => want.since ?? -1) }
        : {}),
    }));
    let failure: ExaError | undefined;
    let answered = 0;
    try {
      for await (const part of store.batch(array, { epoch, items }, { signal: run.controller.signal })) {
        const entry = order[part.item];
        if (!entry || !run.entries.delete(entry)) continue;
        answered++;
        settle(entry, (asker) => asker.resolve(part));
      }
    } catch (error) {
      failure = toExaError(error);
    }
    runs.delete(run);
    if (!isExaError(failure, 'cancelled')) outcome(failure);
    // Answers come in the order asked: what is damaged is the first that did not come, and the rest is as good as before.
    const damaged = failure?.tag === 'corrupt' ? order.find((entry) => run.entries.has(entry)) : undefined;
    for (const entry of run.entries) {
      if (entry.askers.size === 0) continue;
      entry.run = undefined;
      if (run.outranked) continue;
      // Parts that merely did not fit are no failure, as long as each request brings some.
      if (answered === 0 && (!damaged || entry === damaged)) entry.failures++;
      const mayRetry = failure === undefined || failure.tag === 'corrupt';
      if (mayRetry && entry.failures <= 1 && !closed) continue;
      const error =
        failure ?? new ExaError('corrupt', 'The store left out a part of the data that was asked for.');
      settle(entry, (asker) => asker.reject(error));
    }
    schedule();
  };

  return {
    fetch(want, { tier = 'visible', signal }) {
      if (closed || signal?.aborted) return Promise.reject(cancelled());
      const { array, epoch, level, place, since } = want;
      const key = `${array}/${epoch}/${level}/${place.join()}~${since ?? ''}`;
      let entry = entries.get(key);
      if (!entry) {
        entry = { key, want, tier, askers: new Set(), failures: 0 };
        entries.set(key, entry);
        schedule();
      } else if (tier === 'visible' && entry.tier === 'ahead') {
        entry.tier = 'visible';
        schedule();
      }
      const joined = entry;
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          joined.askers.delete(asker);
          reject(cancelled());
          if (joined.askers.size > 0) return;
          if (entries.get(key) === joined) entries.delete(key);
          const { run } = joined;
          run?.entries.delete(joined);
          if (run?.entries.size === 0) run.controller.abort();
        };
        const asker: Asker = {
          resolve(part) {
            forget();
            resolve(part);
          },
          reject(error) {
            forget();
            reject(error);
          },
        };
        joined.askers.add(asker);
        const forget = onceAborted(signal, onAbort);
      });
    },
    get waiting() {
      return entries.size;
    },
    close() {
      closed = true;
      for (const run of runs) run.controller.abort();
      for (const entry of [...entries.values()]) settle(entry, (asker) => asker.reject(cancelled()));
    },
  };
}

const fans = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener a signal, however many chunks wait on it. The returned function takes `task` back. */
function onceAborted(signal: AbortSignal | undefined, task: () => void): () => void {
  if (!signal) return () => {};
  let tasks = fans.get(signal);
  if (!tasks) {
    const told = new Set<() => void>();
    fans.set(signal, told);
    signal.addEventListener(
      'abort',
      () => {
        for (const tell of [...told]) tell();
      },
      { once: true },
    );
    tasks = told;
  }
  tasks.add(task);
  return () => tasks.delete(task);
}
