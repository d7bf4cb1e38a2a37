import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DenseArray } from '../../../src/arrays/dense.ts';
import { compileExpression, type Program } from '../../../src/arrays/expression/compile.ts';
import { Assembly, type PieceResult } from '../../../src/arrays/expression/evaluate.ts';
import { Cuts, chunksOf } from '../../../src/arrays/expression/pieces.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import { ExaError, fromWireError, type WireError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { Progress } from '../chunk-driver.ts';
import { type ArrayFile, visibleOf } from './array-file.ts';
import { inOrder } from './level-pages.ts';
import { type ChunkTask, type PieceTask, pieceReader } from './piece-reader.ts';

/** The threads of an evaluation. */
export interface Crew {
  /** As many as processors, at most 4, where little is not read. */
  readonly threads?: number;
  /** The built script of a thread; the one beside this one by default. Without one, all is done on this thread. */
  readonly script?: string;
}

export interface EvaluateOptions extends Progress, Crew {
  readonly checksum: (bytes: Uint8Array) => string;
}

/** Bytes read below which no thread is started. */
const aloneBytes = 16 * 2 ** 20;
/** Pieces a thread is given at once, and turns it has waiting. */
const turnPieces = 16;
const turnsAhead = 2;

/**
 * Evaluates an expression over the files of its arrays, each as of its newest record: pieces with something written, in the
 * order of their places; the rest by arithmetic. The same bits whatever the number of threads.
 */
export async function evaluateOver(
  expression: Expression,
  fileOf: (array: string) => ArrayFile,
  options: EvaluateOptions,
): Promise<DenseArray> {
  const files = new Map<string, ArrayFile>();
  // Compiled once to learn the arrays, and again over their records as they are held.
  compileExpression(expression, (id) => {
    const file = fileOf(id);
    files.set(id, file);
    return file.record;
  });
  const held = [...files];
  const records = new Map<string, ArrayRecord>();
  const hold = async (i: number): Promise<DenseArray> => {
    const next = held[i];
    if (next)
      return await next[1].reading((record) => {
        records.set(next[0], record);
        return hold(i + 1);
      });
    return await evaluateHeld(expression, files, records, options);
  };
  return await hold(0);
}

async function evaluateHeld(
  expression: Expression,
  files: ReadonlyMap<string, ArrayFile>,
  records: ReadonlyMap<string, ArrayRecord>,
  options: EvaluateOptions,
): Promise<DenseArray> {
  const program = compileExpression(expression, (id) => records.get(id)!);
  const cuts = new Cuts(program);
  const assembly = new Assembly(program, cuts);
  const { places, bytes } = written(program, cuts, files, records);
  const threads = bytes < aloneBytes ? 1 : (options.threads ?? Math.min(4, availableParallelism()));
  const worker = options.script ?? workerFile();
  const turns = turnsOf(program, cuts, places, files, records);
  const done = { pieces: 0 };
  const take = (turn: readonly PieceTask[], results: readonly PieceResult[]) => {
    for (const [i, result] of results.entries()) assembly.add(cuts.piece(turn[i]!.place), result);
    done.pieces += turn.length;
    options.progress?.(done.pieces / Math.max(1, places.length));
  };
  const arrays = [...records.values()];
  if (threads > 1 && worker) await onThreads(threads, worker, { expression, arrays }, turns, take, options);
  else {
    const reader = pieceReader(expression, arrays, options.checksum);
    try {
      for (const turn of turns) {
        options.signal?.throwIfAborted();
        take(turn, reader.run(turn));
        // Others have the thread in between.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      reader.close();
    }
  }
  return { ...assembly.finish(), order: 'C' };
}

/** Places of the pieces that read something written, in order, and about how many bytes that is. */
function written(
  { leaves }: Program,
  cuts: Cuts,
  files: ReadonlyMap<string, ArrayFile>,
  records: ReadonlyMap<string, ArrayRecord>,
): { readonly places: (readonly number[])[]; readonly bytes: number } {
  const found = new Map<string, readonly number[]>();
  let bytes = 0;
  for (const leaf of leaves) {
    const record = records.get(leaf.array.id)!;
    const { index } = files.get(leaf.array.id)!;
    for (const newest of index.entries()) {
      const entry = newest.revision > record.version ? index.at(newest.place, record.version) : newest;
      if (!entry || visibleOf(record, entry).extent.includes(0)) continue;
      let isRead = false;
      for (const place of cuts.touched(leaf, entry.place)) {
        found.set(place.join(), place);
        isRead = true;
      }
      if (isRead) bytes += entry.location.length;
    }
  }
  return { places: [...found.values()].sort(inOrder), bytes };
}

function* turnsOf(
  { leaves }: Program,
  cuts: Cuts,
  places: readonly (readonly number[])[],
  files: ReadonlyMap<string, ArrayFile>,
  records: ReadonlyMap<string, ArrayRecord>,
): Generator<readonly PieceTask[]> {
  for (let from = 0; from < places.length; from += turnPieces)
    yield places.slice(from, from + turnPieces).map((place): PieceTask => {
      const piece = cuts.piece(place);
      const chunks = leaves.flatMap((leaf, i): ChunkTask[] => {
        const record = records.get(leaf.array.id)!;
        const { index, journal } = files.get(leaf.array.id)!;
        return chunksOf(leaf, piece).flatMap((at): ChunkTask[] => {
          const entry = index.at(at, record.version);
          if (!entry) return [];
          const { extent, cut } = visibleOf(record, entry);
          if (extent.includes(0)) return [];
          const { segment, ...location } = entry.location;
          const path = journal.pathOf(segment);
          return [{ leaf: i, place: at, path, ...location, ...(cut ? { extent } : {}) }];
        });
      });
      return { place, chunks };
    });
}

type Reply =
  | { readonly kind: 'done'; readonly results: readonly PieceResult[] }
  | { readonly kind: 'failed'; readonly error: WireError };

/** Turns go to whichever thread is free; the first failure ends all. */
async function onThreads(
  count: number,
  file: string,
  workerData: object,
  turns: Iterator<readonly PieceTask[]>,
  take: (turn: readonly PieceTask[], results: readonly PieceResult[]) => void,
  { signal }: Progress,
): Promise<void> {
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from(
        { length: count },
        () =>
          new Promise<void>((resolve, reject) => {
            const worker = new Worker(file, { workerData });
            workers.push(worker);
            const waiting: (readonly PieceTask[])[] = [];
            const next = () => {
              const turn = turns.next();
              if (turn.done) {
                if (waiting.length === 0) resolve();
                return;
              }
              waiting.push(turn.value);
              worker.postMessage(turn.value);
            };
            worker.on('message', (reply: Reply) => {
              try {
                if (reply.kind === 'failed') throw fromWireError(reply.error);
                take(waiting.shift()!, reply.results);
                next();
              } catch (error) {
                reject(error);
              }
            });
            worker.on('error', reject);
            worker.on('exit', (code) =>
              reject(new ExaError('broken', `A thread of the store ended with ${code} while it calculated.`)),
            );
            signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
            if (signal?.aborted) reject(signal.reason);
            for (let i = 0; i < turnsAhead; i++) next();
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The built script of a thread; none when the store runs from its sources, in tests. */
function workerFile(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, join(here, '..')]
    .map((folder) => join(folder, 'evaluate-worker.js'))
    .find((file) => existsSync(file));
}
