import { ExaError } from '../../protocol/errors.ts';
import { planChunks } from '../chunk-plan.ts';
import { gather } from '../copy-elements.ts';
import { filled, fillValues, type Values } from '../dtype.ts';
import { type AxisSelection, lengthOf, type Selection } from '../selection.ts';
import { stridesOf } from '../shape.ts';
import type { Leaf, Program } from './compile.ts';

/** A box of an expression's shape: where the first array's chunks cut it. */
export interface Piece {
  /** Its place along each axis, from 0 on. */
  readonly place: readonly number[];
  readonly from: readonly bigint[];
  readonly length: readonly number[];
}

/** How one axis of an expression is cut. */
interface AxisCut {
  /** Pieces along it. */
  readonly count: number;
  from(piece: number): bigint;
  /** The piece an element lies in. */
  at(position: bigint): number;
}

/** Elements of a piece along axes that no chunk cuts: lists, and steps longer than a chunk. */
const looseElements = 65_536;

/** How an expression is cut into pieces: by the chunks of its first array, whoever computes it. */
export class Cuts {
  readonly axes: readonly AxisCut[];
  readonly #shape: readonly bigint[];

  constructor({ leaves, shape }: Program) {
    const { selection, array } = leaves[0]!;
    const isLoose = selection.result.map((axis) => {
      const taken = axis < 0 ? undefined : selection.axes[axis]!;
      return taken !== undefined && (taken.kind === 'list' || size(taken.step) >= BigInt(array.chunk[axis]!));
    });
    const loose = Math.max(1, isLoose.filter((one) => one).length);
    const length = Math.max(1, Math.floor(looseElements ** (1 / loose)));
    this.#shape = shape;
    this.axes = selection.result.map((axis, i) => {
      if (axis < 0) return evenly(1n, 1);
      if (isLoose[i]) return evenly(shape[i]!, length);
      return byChunks(selection.axes[axis]!, array.chunk[axis]!);
    });
  }

  piece(place: readonly number[]): Piece {
    const from = this.axes.map((cut, axis) => cut.from(place[axis]!));
    const length = this.axes.map((cut, axis) => {
      const next = place[axis]! + 1;
      return Number((next < cut.count ? cut.from(next) : this.#shape[axis]!) - from[axis]!);
    });
    return { place, from, length };
  }

  /** Pieces of the whole expression. */
  get count(): bigint {
    return this.axes.reduce((product, { count }) => product * BigInt(count), 1n);
  }

  /** Pieces that a written chunk of an array has a part in; none where the expression does not read it. */
  *touched({ selection, array }: Leaf, chunk: readonly number[]): Generator<readonly number[]> {
    const ranges: (readonly number[])[] = [];
    for (const [axis, taken] of selection.axes.entries()) {
      const positions = positionsIn(taken, chunk[axis]!, array.chunk[axis]!);
      if (positions.length === 0) return;
      const along = selection.result.indexOf(axis);
      if (along < 0) continue;
      const pieces = new Set<number>();
      for (const [first, last] of positions)
        for (let piece = this.axes[along]!.at(first); piece <= this.axes[along]!.at(last); piece++)
          pieces.add(piece);
      ranges[along] = [...pieces];
    }
    for (const [along, axis] of selection.result.entries()) if (axis < 0) ranges[along] = [0];
    let places: number[][] = [[]];
    for (const range of ranges) places = places.flatMap((head) => range.map((piece) => [...head, piece]));
    yield* places;
  }
}

function size(step: bigint): bigint {
  return step < 0n ? -step : step;
}

function evenly(length: bigint, each: number): AxisCut {
  const by = BigInt(each);
  return {
    count: Number((length + by - 1n) / by),
    from: (piece) => BigInt(piece) * by,
    at: (position) => Number(position / by),
  };
}

/** One piece a chunk, as the selection walks them. */
function byChunks(taken: AxisSelection, side: number): AxisCut {
  if (taken.kind === 'list') return evenly(BigInt(taken.at.length), looseElements);
  const { start, step, count } = taken;
  const chunk = BigInt(side);
  const first = start / chunk;
  const stride = size(step);
  const last = count === 0n ? first : (start + step * (count - 1n)) / chunk;
  return {
    count: count === 0n ? 0 : Number(size(last - first)) + 1,
    from(piece) {
      if (piece === 0) return 0n;
      if (step > 0n) return ((first + BigInt(piece)) * chunk - start + stride - 1n) / stride;
      return (start - (first - BigInt(piece) + 1n) * chunk) / stride + 1n;
    },
    at: (position) => Number(size((start + step * position) / chunk - first)),
  };
}

/** Runs of positions `[first, last]` of a selection whose elements lie in a chunk of an axis. */
function positionsIn(taken: AxisSelection, chunk: number, side: number): (readonly [bigint, bigint])[] {
  const low = BigInt(chunk) * BigInt(side);
  const high = low + BigInt(side);
  if (taken.kind === 'list')
    return taken.at.flatMap((at, i) => (at >= low && at < high ? [[BigInt(i), BigInt(i)] as const] : []));
  const { start, step, count } = taken;
  if (count === 0n) return [];
  const stride = size(step);
  const ceil = (value: bigint) => (value <= 0n ? 0n : (value + stride - 1n) / stride);
  const first = step > 0n ? ceil(low - start) : ceil(start - high + 1n);
  const end = step > 0n ? ceil(high - start) : ceil(start - low + 1n);
  const last = (end < count ? end : count) - 1n;
  return first <= last ? [[first, last]] : [];
}

/** What a piece takes of an array. */
export function selectionOf({ selection }: Leaf, { from, length }: Piece): Selection {
  const axes = selection.axes.map((taken, axis): AxisSelection => {
    const along = selection.result.indexOf(axis);
    if (along < 0) return taken;
    if (taken.kind === 'list') {
      const at = Number(from[along]!);
      return { kind: 'list', at: taken.at.slice(at, at + length[along]!) };
    }
    return {
      kind: 'range',
      start: taken.start + taken.step * from[along]!,
      step: taken.step,
      count: BigInt(length[along]!),
    };
  });
  return {
    axes,
    result: selection.result,
    shape: selection.result.map((axis) => (axis < 0 ? 1n : lengthOf(axes[axis]!))),
  };
}

/** Most chunks of one array under one piece. */
const pieceChunks = 262_144;

/** Chunks of an array that a piece reads, by arithmetic where its axes are ranges. Throws `refused` for too many. */
export function chunksOf(leaf: Leaf, piece: Piece): (readonly number[])[] {
  const { axes } = selectionOf(leaf, piece);
  let places: number[][] = [[]];
  for (const [axis, taken] of axes.entries()) {
    const along = chunksAlong(taken, leaf.array.chunk[axis]!);
    if (places.length * along.length > pieceChunks)
      throw new ExaError(
        'refused',
        `A step of the calculation reads more than ${pieceChunks} chunks of ${leaf.array.name}: take a smaller part at once.`,
      );
    places = places.flatMap((head) => along.map((chunk) => [...head, chunk]));
  }
  return places;
}

function chunksAlong(taken: AxisSelection, side: number): number[] {
  const chunk = BigInt(side);
  if (taken.kind === 'list') return [...new Set(taken.at.map((at) => Number(at / chunk)))];
  const { start, step, count } = taken;
  if (count === 0n) return [];
  if (size(step) >= chunk)
    return Array.from({ length: Number(count) }, (_, i) => Number((start + step * BigInt(i)) / chunk));
  const first = Number(start / chunk);
  const last = Number((start + step * (count - 1n)) / chunk);
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) =>
    first <= last ? first + i : first - i,
  );
}

/** The chunk a piece is, in its own order and whole; undefined where it is anything else. */
function wholeChunk({ selection, array }: Leaf, { from, length }: Piece): number[] | undefined {
  if (array.order !== 'C') return undefined;
  const place: number[] = [];
  for (const [axis, taken] of selection.axes.entries()) {
    const side = BigInt(array.chunk[axis]!);
    const isOne = side === 1n && selection.result[axis] !== axis;
    if (taken.kind === 'list' || (selection.result[axis] !== axis && !isOne)) return undefined;
    const start = isOne ? taken.start : taken.start + taken.step * from[axis]!;
    const count = isOne ? taken.count : BigInt(length[axis]!);
    if (taken.step !== 1n || count !== side || start % side !== 0n) return undefined;
    place.push(Number(start / side));
  }
  return selection.result.length === selection.axes.length ? place : undefined;
}

/** The elements of an array over a piece, in C order; a view of the chunk itself where it is just that. */
export function leafValues(
  leaf: Leaf,
  piece: Piece,
  chunkAt: (place: readonly number[]) => Values | undefined,
): Values {
  const { array } = leaf;
  const volume = piece.length.reduce((product, length) => product * length, 1);
  const whole = wholeChunk(leaf, piece);
  const chunk = whole && chunkAt(whole);
  if (chunk) return chunk;
  const values = filled(array.dtype, volume, fillValues(array.dtype, array.fill));
  const own = stridesOf(piece.length, 'C');
  const strides = array.chunk.map((_, axis) => {
    const along = leaf.selection.result.indexOf(axis);
    return along < 0 ? 0 : own[along]!;
  });
  if (whole) return values;
  for (const part of planChunks(selectionOf(leaf, piece), array.chunk, pieceChunks)) {
    const chunk = chunkAt(part.chunk);
    if (chunk)
      gather(part, { values: chunk, strides: stridesOf(array.chunk, array.order) }, { values, strides });
  }
  return values;
}
