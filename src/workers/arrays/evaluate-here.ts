import { itemSize, valuesOf } from '../../arrays/dtype.ts';
import { arraysIn, compileExpression } from '../../arrays/expression/compile.ts';
import { Assembly, type PieceResult } from '../../arrays/expression/evaluate.ts';
import { Cuts, chunksOf, type Piece } from '../../arrays/expression/pieces.ts';
import { chunkVolume } from '../../arrays/shape.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { Elements } from '../../protocol/array-client.ts';
import type { Expression } from '../../protocol/array-expression.ts';
import type { PieceChunks } from '../../protocol/array-messages.ts';
import { cancelled, ExaError } from '../../protocol/errors.ts';
import { isLocal } from '../../protocol/local.ts';
import type { Pool } from '../pool.ts';
import type { BookedArray } from './array-book.ts';
import { type ArrayWorld, headNow } from './array-world.ts';
import type { HereChunk } from './chunk-desk.ts';

/** Pieces up to which an expression is computed here though the store could; and ever. */
const fewPieces = 64n;
const mostPieces = 16_384n;
/** Bytes of chunks brought for pieces computed together, about, and most pieces; turns under way a worker, one fetching. */
const turnBytes = 8 * 2 ** 20;
const turnPieces = 32;
const turnsAWorker = 2;

/** An array an expression reads. Throws `invalid` where it reads none, or some of the store and some of this browser. */
export function firstArray(expression: Expression): string {
  const [first, ...others] = arraysIn(expression);
  if (first === undefined) throw new ExaError('invalid', 'The expression reads no array.');
  if (others.some((other) => isLocal(other) !== isLocal(first)))
    throw new ExaError(
      'invalid',
      'Arrays of the store and arrays kept in this browser are not calculated with in one expression.',
    );
  return first;
}

/**
 * Evaluates an expression here or in the store: here when told to, offline, or when it reads little. Throws `offline` for
 * chunks that are nowhere, `refused` for more than 16 384 of them here.
 */
export async function evaluate(
  world: ArrayWorld,
  pool: Pool,
  expression: Expression,
  {
    where,
    signal,
    progress,
  }: {
    readonly where?: 'here' | 'store';
    readonly signal: AbortSignal;
    readonly progress: (done: number) => void;
  },
): Promise<Elements> {
  const booked = new Map<string, BookedArray>();
  let isAway = world.connection.contact === 'offline';
  for (const id of arraysIn(expression)) {
    const now = await headNow(world, id, signal);
    isAway ||= now.isAway;
    booked.set(id, now.booked);
  }
  const headOf = (id: string): ArrayHead => booked.get(id)!.head;
  const program = compileExpression(expression, headOf);
  const cuts = new Cuts(program);
  const isHere =
    world.store.keep !== undefined ||
    where === 'here' ||
    (where === undefined && (isAway || cuts.count <= fewPieces));
  if (!isHere) {
    const { dtype, shape, bytes } = await world.store.evaluate(expression, { signal, progress });
    return { dtype, shape, values: valuesOf(dtype, bytes.slice()) };
  }
  if (cuts.count > mostPieces)
    throw new ExaError(
      'refused',
      `This reads ${cuts.count} chunks: at most ${mostPieces} are gone through here, so take a smaller part or ask the store.`,
    );
  const assembly = new Assembly(program, cuts);
  const heads = [...booked.values()].map(({ head }) => head);
  const pieceBytes = program.leaves.reduce(
    (sum, { array }) => sum + chunkVolume(array.chunk) * itemSize(array.dtype),
    1,
  );
  const perTurn = Math.max(1, Math.min(turnPieces, Math.floor(turnBytes / pieceBytes)));
  const given = new Set<string>();
  const total = Number(cuts.count);
  let done = 0;
  let taken = 0;

  const chunksFor = async (piece: Piece): Promise<(HereChunk & { leaf: number })[]> => {
    const all = await Promise.all(
      program.leaves.map(async (leaf, i) => {
        const places = chunksOf(leaf, piece);
        const of = booked.get(leaf.array.id)!;
        const here = await world.desk.here(of, 0, places);
        return await Promise.all(
          places.map(async (place, k) => {
            let chunk = here[k];
            if (!isAway && !chunk?.current) chunk = await world.desk.bring(of, 0, place, chunk, { signal });
            if (!chunk)
              throw new ExaError(
                'offline',
                `Chunk [${place.join(', ')}] of ${leaf.array.name} was not opened here before, and the store cannot be reached.`,
              );
            return { ...chunk, leaf: i };
          }),
        );
      }),
    );
    return all.flat();
  };

  /** Computes pieces side by side with others like it; what is all holes is left to arithmetic. */
  const run = async (lane: number): Promise<void> => {
    const worker = pool.workersOf('arrays', 8 * lanes)(8 * lane);
    for (;;) {
      const from = taken;
      taken += perTurn;
      if (from >= total) return;
      const pieces = placesFrom(cuts, from, Math.min(total, from + perTurn)).map((place) =>
        cuts.piece(place),
      );
      const chunks = await Promise.all(pieces.map(chunksFor));
      const kept = pieces
        .map((piece, i) => ({ piece, chunks: chunks[i]! }))
        .filter((one) => one.chunks.some(({ bytes }) => bytes));
      if (kept.length > 0) {
        const results = await compute(worker, kept);
        for (const [i, { piece }] of kept.entries()) assembly.add(piece, results[i]!);
      }
      done += pieces.length;
      progress(done / total);
      if (signal.aborted) throw cancelled();
    }
  };

  const compute = async (
    worker: number,
    pieces: readonly { piece: Piece; chunks: readonly (HereChunk & { leaf: number })[] }[],
  ): Promise<readonly PieceResult[]> => {
    let needed: ReadonlySet<string> = new Set();
    for (let tries = 0; tries < 3; tries++) {
      const ask = pieces.map(
        ({ piece, chunks }): PieceChunks => ({
          place: piece.place,
          chunks: chunks.map(({ key, level, place, bytes, leaf }) => {
            if (!bytes) return { key, level, place, leaf, isHole: true };
            const own = `${worker}/${key}`;
            const isThere = given.has(own) && !needed.has(key);
            given.add(own);
            return isThere ? { key, level, place, leaf } : { key, level, place, leaf, bytes };
          }),
        }),
      );
      const answer = await pool.call(worker, 'arrayPieces', { expression, heads, pieces: ask }, { signal });
      if (answer.kind === 'results') return answer.results as readonly PieceResult[];
      needed = new Set(answer.keys);
    }
    throw new ExaError('broken', 'A compute worker could not keep the chunks of one step.');
  };

  // What one turn waits for comes while another is computed.
  await pool.staff(8 * turnsAWorker);
  const lanes = turnsAWorker * Math.max(1, Math.min(pool.size, 4));
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return assembly.finish();
}

/** Places of pieces `[from, to)` in C order. */
function placesFrom({ axes }: Cuts, from: number, to: number): number[][] {
  return Array.from({ length: to - from }, (_, i) => {
    let rest = from + i;
    const place: number[] = [];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      place[axis] = rest % axes[axis]!.count;
      rest = Math.floor(rest / axes[axis]!.count);
    }
    return place;
  });
}
