import type { DenseArray } from '../../../src/arrays/dense.ts';
import { compileExpression, type Program } from '../../../src/arrays/expression/compile.ts';
import { Assembly, type PieceResult } from '../../../src/arrays/expression/evaluate.ts';
import { Cuts } from '../../../src/arrays/expression/pieces.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { Progress } from '../chunk-driver.ts';
import { type ArrayFile, visibleOf } from './array-file.ts';
import type { ChunkEntry } from './chunk-index.ts';
import type { Crew } from './evaluate-crew.ts';
import { inOrder } from './level-pages.ts';
import { type ChunkTask, type PieceTask, pieceReader } from './piece-reader.ts';

export interface EvaluateOptions extends Progress {
  readonly checksum: (bytes: Uint8Array) => string;
  readonly crew: Crew;
}

/** Bytes read below which no thread is started. */
const aloneBytes = 16 * 2 ** 20;
/** Pieces computed in one turn. */
const turnPieces = 16;

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
  const { pieces, bytes } = written(program, cuts, files, records);
  const turns = turnsOf(program, pieces, files);
  let done = 0;
  const take = (turn: readonly PieceTask[], results: readonly PieceResult[]) => {
    for (const [i, result] of results.entries()) assembly.add(cuts.piece(turn[i]!.place), result);
    done += turn.length;
    options.progress?.(done / Math.max(1, pieces.length));
  };
  const job = { expression, arrays: [...records.values()] };
  if (bytes >= aloneBytes && options.crew.size > 1) await options.crew.run(job, turns, take, options);
  else {
    const reader = pieceReader(expression, job.arrays, options.checksum);
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

/** A piece that reads something written, and the chunks it reads. */
interface WrittenPiece {
  readonly place: readonly number[];
  readonly chunks: {
    readonly leaf: number;
    readonly entry: ChunkEntry;
    readonly extent?: readonly number[];
  }[];
}

/** Pieces that read something written, in order of their places, and about how many bytes that is. */
function written(
  { leaves }: Program,
  cuts: Cuts,
  files: ReadonlyMap<string, ArrayFile>,
  records: ReadonlyMap<string, ArrayRecord>,
): { readonly pieces: readonly WrittenPiece[]; readonly bytes: number } {
  const found = new Map<string, WrittenPiece>();
  let bytes = 0;
  for (const [i, leaf] of leaves.entries()) {
    const record = records.get(leaf.array.id)!;
    const { index } = files.get(leaf.array.id)!;
    for (const newest of index.entries()) {
      const entry = newest.revision > record.version ? index.at(newest.place, record.version) : newest;
      if (!entry) continue;
      const { extent, cut } = visibleOf(record, entry);
      if (extent.includes(0)) continue;
      const chunk = cut ? { leaf: i, entry, extent } : { leaf: i, entry };
      let isRead = false;
      for (const place of cuts.touched(leaf, entry.place)) {
        const key = place.join();
        const known = found.get(key);
        if (known) known.chunks.push(chunk);
        else found.set(key, { place, chunks: [chunk] });
        isRead = true;
      }
      if (isRead) bytes += entry.location.length;
    }
  }
  return { pieces: [...found.values()].sort((left, right) => inOrder(left.place, right.place)), bytes };
}

function* turnsOf(
  { leaves }: Program,
  pieces: readonly WrittenPiece[],
  files: ReadonlyMap<string, ArrayFile>,
): Generator<readonly PieceTask[]> {
  const journals = leaves.map(({ array }) => files.get(array.id)!.journal);
  for (let from = 0; from < pieces.length; from += turnPieces)
    yield pieces.slice(from, from + turnPieces).map(({ place, chunks }): PieceTask => {
      const tasks = chunks.map(({ leaf, entry, extent }): ChunkTask => {
        const { segment, offset, length, checksum } = entry.location;
        const path = journals[leaf]!.pathOf(segment);
        return { leaf, place: entry.place, path, offset, length, checksum, ...(extent ? { extent } : {}) };
      });
      return { place, chunks: tasks };
    });
}
