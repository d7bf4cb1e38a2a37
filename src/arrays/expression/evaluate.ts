import type { Dtype } from '../../protocol/array.ts';
import { ExaError } from '../../protocol/errors.ts';
import { copyElements } from '../copy-elements.ts';
import { filled, itemSize, type Values } from '../dtype.ts';
import { stridesOf, volume } from '../shape.ts';
import type { Program } from './compile.ts';
import { stored, type Working } from './numbers.ts';
import { type Cuts, leafValues, type Piece } from './pieces.ts';
import { finishReduced, mergeReduced, type ReducePartial, reduceBox, reduceConstant } from './reduce.ts';

/** The merge tree's fan-out, as of tables. */
const evaluateArity = 8;
const mostResultBytes = 64 * 2 ** 20;

/** What a piece comes to: a partial of the reduction, or its elements. */
export type PieceResult = ReducePartial | { readonly elements: Values };

/** The element of an array's chunk, by leaf and place. */
export type ChunkOf = (leaf: number, place: readonly number[]) => Values | undefined;

/** Computes one piece; its chunks are at hand. */
export function evaluatePiece(program: Program, piece: Piece, chunkOf: ChunkOf): PieceResult {
  const inputs = program.leaves.map((leaf, i) => leafValues(leaf, piece, (place) => chunkOf(i, place)));
  const size = piece.length.reduce((product, length) => product * length, 1);
  let values: Working = program.compute(inputs);
  const { reduce, dtype } = program;
  if (!reduce) {
    if (values.length !== size) values = spread(values, dtype, size);
    return { elements: stored(dtype, values) };
  }
  if (values.length !== size) values = spread(values, dtype, size);
  const { axis } = reduce;
  const shape =
    axis === undefined
      ? { outer: 1, n: size, inner: 1 }
      : {
          outer: product(piece.length.slice(0, axis)),
          n: piece.length[axis]!,
          inner: product(piece.length.slice(axis + 1)),
        };
  return reduceBox(reduce.by, dtype, values, shape, (i) => positionOf(program, piece, i));
}

function spread(values: Working, dtype: Dtype, length: number): Working {
  return dtype === 'float16'
    ? new Float64Array(length).fill(values[0] as number)
    : (filled(dtype, length, values as Values) as Working);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((whole, size) => whole * size, 1);
}

/** Index of a piece's element: in C order of the expression, or along the reduced axis. */
function positionOf({ shape, reduce }: Program, { from, length }: Piece, i: number): bigint {
  const strides = stridesOf(length, 'C');
  let rest = i;
  let position = 0n;
  for (const [axis, stride] of strides.entries()) {
    const index = from[axis]! + BigInt(Math.floor(rest / stride));
    rest %= stride;
    if (reduce?.axis === axis) return index;
    position = position * shape[axis]! + index;
  }
  return position;
}

/** An evaluation's result in the making: takes what pieces came to, in any order. */
export class Assembly {
  readonly #program: Program;
  readonly #cuts: Cuts;
  readonly #dense: Values | undefined;
  /** Of a reduction: the partials of each group of kept places, by their number along what is reduced. */
  readonly #groups = new Map<string, Map<bigint, ReducePartial>>();

  /** Throws `refused` for a result past 64 MiB. */
  constructor(program: Program, cuts: Cuts) {
    this.#program = program;
    this.#cuts = cuts;
    const { reduce, dtype, shape, fill } = program;
    const kept = this.keptShape;
    const bytes = volume(kept) * BigInt(reduce ? 8 : itemSize(dtype));
    if (bytes > BigInt(mostResultBytes))
      throw new ExaError(
        'refused',
        `The result takes ${bytes} bytes: at most ${mostResultBytes} are given at once, so take a smaller part or reduce it.`,
      );
    if (!reduce) this.#dense = filled(dtype, Number(volume(shape)), stored(dtype, fill));
  }

  /** Shape of the result. */
  get keptShape(): bigint[] {
    const { reduce, shape } = this.#program;
    if (!reduce) return [...shape];
    return reduce.axis === undefined ? [] : shape.filter((_, axis) => axis !== reduce.axis);
  }

  add(piece: Piece, result: PieceResult): void {
    if ('elements' in result) {
      const target = this.#dense!;
      const strides = stridesOf(this.#program.shape.map(Number), 'C');
      const offset = piece.from.reduce((sum, at, axis) => sum + Number(at) * strides[axis]!, 0);
      copyElements(
        piece.length,
        { values: result.elements, strides: stridesOf(piece.length, 'C') },
        { values: target.subarray(offset) as Values, strides },
      );
      return;
    }
    const group = this.groupOf(piece.place);
    const partials = this.#groups.get(group) ?? new Map<bigint, ReducePartial>();
    this.#groups.set(group, partials);
    partials.set(this.numberOf(piece.place), result);
  }

  /** Pieces with one key reduce into the same places. */
  groupOf(place: readonly number[]): string {
    const axis = this.#program.reduce?.axis;
    return axis === undefined ? '' : place.filter((_, i) => i !== axis).join();
  }

  /** A piece's number along what is reduced: its leaf in the merge tree. */
  numberOf(place: readonly number[]): bigint {
    const axis = this.#program.reduce?.axis;
    if (axis !== undefined) return BigInt(place[axis]!);
    return place.reduce((sum, at, i) => sum * BigInt(this.#cuts.axes[i]!.count) + BigInt(at), 0n);
  }

  finish(): { readonly dtype: Dtype; readonly shape: readonly number[]; readonly values: Values } {
    const { reduce, dtype } = this.#program;
    const shape = this.keptShape.map(Number);
    if (!reduce) return { dtype, shape, values: this.#dense! };
    const { by, axis, ddof } = reduce;
    if (axis === undefined) {
      const { dtype: type, values } = finishReduced(by, dtype, this.#whole(''), 1, ddof);
      return { dtype: type, shape, values };
    }
    // One group a place of the pieces along the kept axes; each fills its box of the result.
    const cuts = this.#cuts.axes.filter((_, i) => i !== axis);
    let places: number[][] = [[]];
    for (const { count } of cuts)
      places = places.flatMap((head) => Array.from({ length: count }, (_, i) => [...head, i]));
    const strides = stridesOf(shape, 'C');
    let out: { readonly dtype: Dtype; readonly values: Values } | undefined;
    for (const place of places) {
      const from = place.map((at, i) => Number(cuts[i]!.from(at)));
      const length = place.map((at, i) =>
        at + 1 < cuts[i]!.count ? Number(cuts[i]!.from(at + 1)) - from[i]! : shape[i]! - from[i]!,
      );
      const size = product(length);
      const done = finishReduced(by, dtype, this.#whole(place.join(), size), size, ddof);
      out ??= { dtype: done.dtype, values: filled(done.dtype, product(shape), done.values) };
      const offset = from.reduce((sum, at, i) => sum + at * strides[i]!, 0);
      copyElements(
        length,
        { values: done.values, strides: stridesOf(length, 'C') },
        { values: out.values.subarray(offset) as Values, strides },
      );
    }
    out ??= finishReduced(by, dtype, undefined, 0, ddof);
    return { ...out, shape };
  }

  /** All of a group's partials up the tree, then what was never written, by arithmetic. */
  #whole(group: string, kept = 1): ReducePartial | undefined {
    const { reduce, dtype, shape, fill } = this.#program;
    const { by, axis } = reduce!;
    const partials = this.#groups.get(group) ?? new Map<bigint, ReducePartial>();
    const merged = mergeTree([...partials], (left, right) => mergeReduced(by, dtype, left, right));
    const total = axis === undefined ? volume(shape) : shape[axis]!;
    const rest = total - (merged?.seen ?? 0n);
    if (rest === 0n) return merged;
    const first = axis === undefined ? this.#firstHole(partials) : this.#firstHoleAlong(axis, partials);
    const holes = reduceConstant(by, dtype, fill, rest, kept, () => first);
    return merged ? mergeReduced(by, dtype, merged, holes) : holes;
  }

  /** Lowest position, in C order, of an element that is in no piece given. */
  #firstHole(partials: ReadonlyMap<bigint, ReducePartial>): bigint {
    const { shape } = this.#program;
    const { axes } = this.#cuts;
    if (partials.size === 0) return 0n;
    const taken = new Set([...partials.keys()].map(String));
    let best: bigint | undefined;
    // The first hole is in one of the first pieces that is not there; rows of pieces overlap, so a few are looked at.
    const counts = axes.map(({ count }) => count);
    const across = counts.slice(1).reduce((all, count) => all * count, 1);
    for (let number = 0n; number <= BigInt(partials.size) + BigInt(Math.min(across, 65_536)); number++) {
      if (taken.has(String(number))) continue;
      let rest = number;
      const place: number[] = [];
      for (let axis = counts.length - 1; axis >= 0; axis--) {
        place[axis] = Number(rest % BigInt(counts[axis]!));
        rest /= BigInt(counts[axis]!);
      }
      if (rest > 0n) break;
      const position = place.reduce((sum, at, axis) => sum * shape[axis]! + axes[axis]!.from(at), 0n);
      if (best === undefined || position < best) best = position;
    }
    return best ?? 0n;
  }

  #firstHoleAlong(axis: number, partials: ReadonlyMap<bigint, ReducePartial>): bigint {
    for (let number = 0n; ; number++)
      if (!partials.has(number)) return this.#cuts.axes[axis]!.from(Number(number));
  }
}

/** The fixed 8-ary tree over leaves by number: left to right, absent ones skipped. */
export function mergeTree<P>(
  leaves: readonly (readonly [bigint, P])[],
  merge: (left: P, right: P) => P,
): P | undefined {
  let nodes = [...leaves].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  while (nodes.length > 1) {
    const above: [bigint, P][] = [];
    for (const [number, partial] of nodes) {
      const parent = number / BigInt(evaluateArity);
      const last = above.at(-1);
      if (last && last[0] === parent) last[1] = merge(last[1], partial);
      else above.push([parent, partial]);
    }
    nodes = above;
  }
  return nodes[0]?.[1];
}
