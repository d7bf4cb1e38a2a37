import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { BlockInput } from '../../src/kernels/block.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import type { FitTask } from '../../src/kernels/ml/program/compile-fit.ts';
import { programHost } from '../../src/kernels/ml/program/program-host.ts';
import { taskKey } from '../../src/kernels/ml/program/task-kernel.ts';
import { mergeTree } from '../../src/kernels/tree.ts';
import { toWireError, type WireError } from '../../src/protocol/errors.ts';

/** What the store's main thread asks of the thread of a fit: begin a program, map blocks for its pass, end the pass, go on. */
export type ThreadAsk =
  | { readonly name: 'begin'; readonly plan: unknown; readonly quick?: number }
  | { readonly name: 'block'; readonly input: BlockInput }
  /** The pass is over; `blocks` are how many the data set has. */
  | { readonly name: 'pass'; readonly blocks: number }
  /** With what the pass came to: just now, or as it was kept of another fit. */
  | { readonly name: 'goOn'; readonly kept?: readonly unknown[] };

/** What it answers: the columns the next pass reads and the keys of its tasks, what it came to, or the end. */
export type ThreadTurn =
  | {
      readonly kind: 'pass';
      readonly columns: readonly string[];
      readonly keys: readonly string[];
      readonly phase: string;
    }
  | { readonly kind: 'merged'; readonly partials: readonly unknown[]; readonly bytes: number }
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'mapped' };

export type ThreadReply =
  | { readonly id: number; readonly value: ThreadTurn }
  | { readonly id: number; readonly error: WireError };

/** The calls of one fit's thread: its program, and the partials of the pass under way, which never leave it. */
export function fitThread(): (ask: ThreadAsk) => Promise<ThreadTurn> {
  const host = programHost(() => setImmediate());
  const never = new AbortController().signal;
  let kernels: Kernel<unknown>[] = [];
  let made: Map<number, unknown>[] = [];
  let merged: readonly unknown[] = [];
  const goOn = async (answers?: readonly unknown[]): Promise<ThreadTurn> => {
    const turn = await host.goOn('fit', answers, { signal: never, progress: () => {} });
    if (turn.kind === 'done') return turn;
    const tasks = turn.tasks as readonly FitTask[];
    const keys = tasks.map(taskKey);
    kernels = host.kernelsOf(tasks, keys);
    made = tasks.map(() => new Map());
    return {
      kind: 'pass',
      columns: [...new Set(tasks.flatMap(({ columns }) => columns))].sort(),
      keys,
      phase: turn.phase,
    };
  };
  return async (ask) => {
    if (ask.name === 'begin') {
      host.begin('fit', ask.plan, ask.quick);
      return goOn();
    }
    if (ask.name === 'block') {
      for (const [k, kernel] of kernels.entries()) made[k]!.set(ask.input.block, kernel.map(ask.input));
      return { kind: 'mapped' };
    }
    if (ask.name === 'goOn') return goOn(ask.kept ?? merged);
    merged = kernels.map((kernel, k) =>
      mergeTree(kernel, ask.blocks, (node) => (node.level === 0 ? made[k]!.get(node.index) : undefined)),
    );
    const bytes = kernels.reduce(
      (sum, kernel, k) => sum + (merged[k] === undefined ? 0 : kernel.byteSize(merged[k])),
      0,
    );
    return { kind: 'merged', partials: merged, bytes };
  };
}

/** Tells this script that it runs as a fit's thread, rather than being imported. */
export const threadMark = 'exanalytics fit';

if (parentPort && workerData === threadMark) {
  const port = parentPort;
  const answer = fitThread();
  port.on('message', ({ id, ask }: { id: number; ask: ThreadAsk }) => {
    answer(ask).then(
      (value) => port.postMessage({ id, value } satisfies ThreadReply),
      (error: unknown) => port.postMessage({ id, error: toWireError(error) } satisfies ThreadReply),
    );
  });
}
