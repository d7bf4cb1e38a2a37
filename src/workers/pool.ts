import { treeArity } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ComputeCalls } from '../protocol/messages.ts';
import { type Caller, type CallOptions, callerOver, type Wire } from './rpc.ts';

/** Compute workers lent by one tab. Blocks belong to workers by level-1 node, so that a worker merges its subtrees. */
export interface Pool {
  readonly size: number;
  /** Waits for the tab's workers before more is computed than the coordinator's own thread should: over many blocks. */
  staff(blockCount: number): Promise<void>;
  /** How to tell the tab that its workers are needed, where it lends or starts them only then. `ask` ends once they were added. */
  lender(ask: () => Promise<void>): void;
  /** Takes a worker in. A broken one is dropped, and its blocks go to the others. */
  add(wire: Wire): void;
  /** The worker each block of a table belongs to; sticky, as that is where its columns are. */
  workersOf(place: string, blockCount: number): (block: number) => number;
  /** Calls one worker. Rejects `gone` when it is no longer there: plan again. */
  call<K extends keyof ComputeCalls & string>(
    worker: number,
    name: K,
    ask: ComputeCalls[K]['ask'],
    options?: CallOptions<ComputeCalls[K]['next']>,
  ): Promise<ComputeCalls[K]['done']>;
  /** Calls every worker. */
  all<K extends keyof ComputeCalls & string>(
    name: K,
    ask: ComputeCalls[K]['ask'],
  ): Promise<ComputeCalls[K]['done'][]>;
  /** Sets the bytes all its workers together may keep. */
  budget(maxBytes: number): void;
  close(): void;
}

/** Blocks of a table that a coordinator's own thread computes: most pages of others show no larger ones, and start sooner. */
const fewBlocks = 2;

/** `fallback` makes a compute worker on this thread, for when none was lent or none is left. */
export function computePool(fallback: () => Wire): Pool {
  const callers = new Map<number, Caller<ComputeCalls>>();
  const assigned = new Map<string, number[]>();
  let lastId = 0;
  let maxBytes: number | undefined;
  let fallbackId: number | undefined;
  let lend: (() => Promise<void>) | undefined;
  let lending: Promise<void> | undefined;

  /** The tab's workers are needed; once they were added. */
  const begin = (): Promise<void> | undefined => {
    lending ??= lend?.();
    return lending;
  };
  const share = () => {
    if (maxBytes === undefined) return;
    for (const caller of callers.values())
      void caller.call('budget', { maxBytes: Math.floor(maxBytes / callers.size) }).catch(() => {});
  };
  const drop = (id: number) => {
    if (!callers.delete(id)) return;
    if (fallbackId === id) fallbackId = undefined;
    share();
  };
  const add = (wire: Wire): number => {
    const id = ++lastId;
    callers.set(
      id,
      callerOver<ComputeCalls>(wire, () => drop(id)),
    );
    share();
    return id;
  };
  const ids = (): number[] => {
    if (callers.size === 0) fallbackId = add(fallback());
    return [...callers.keys()];
  };

  return {
    get size() {
      return callers.size;
    },
    async staff(blockCount) {
      if (blockCount <= fewBlocks) return;
      await begin();
    },
    lender(ask) {
      lend = ask;
    },
    add(wire) {
      const stale = fallbackId;
      add(wire);
      if (stale === undefined) return;
      callers.get(stale)?.close(new ExaError('gone', 'A worker was lent: computing moves there.'));
      drop(stale);
    },
    workersOf(place, blockCount) {
      const workers = ids();
      const nodes = Math.ceil(blockCount / treeArity);
      const owners = assigned.get(place) ?? [];
      const load = new Map(workers.map((id) => [id, 0]));
      for (const owner of owners) if (load.has(owner)) load.set(owner, load.get(owner)! + 1);
      const isFirst = owners.every((owner) => !load.has(owner));
      for (let node = 0; node < nodes; node++) {
        if (owners[node] !== undefined && load.has(owners[node]!)) continue;
        const owner = isFirst
          ? workers[Math.floor((node * workers.length) / nodes)]!
          : workers.reduce((least, id) => (load.get(id)! < load.get(least)! ? id : least));
        owners[node] = owner;
        load.set(owner, load.get(owner)! + 1);
      }
      assigned.set(place, owners);
      return (block) => owners[Math.floor(block / treeArity)] ?? workers[0]!;
    },
    async call(worker, name, ask, options) {
      const caller = callers.get(worker);
      if (!caller) throw workerGone();
      if (worker !== fallbackId) void begin();
      try {
        return await caller.call(name, ask, options);
      } catch (error) {
        if (callers.get(worker) !== caller) throw workerGone();
        throw error;
      }
    },
    all(name, ask) {
      if (fallbackId === undefined) void begin();
      return Promise.all([...callers.values()].map((caller) => caller.call(name, ask)));
    },
    budget(bytes) {
      maxBytes = bytes;
      share();
    },
    close() {
      const closing = [...callers.values()];
      callers.clear();
      assigned.clear();
      for (const caller of closing) caller.close(new ExaError('cancelled', 'The tab was closed.'));
    },
  };
}

function workerGone(): ExaError {
  return new ExaError('gone', 'A worker stopped while it computed; its work is given to another.');
}
