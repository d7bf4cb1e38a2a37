import { type ChunkPart, type Steps, stepAt } from './chunk-plan.ts';
import type { Values } from './dtype.ts';

/** A dense block of elements and the elements to step over along each axis of the array. */
export interface Block {
  readonly values: Values;
  readonly strides: readonly number[];
}

/** Elements from which on a row is copied as one. */
const leastRun = 16;

type Words = Uint8Array | Uint16Array | Uint32Array;

/** Copies what a part takes from its chunk into the result. Strides of the result are by axis of the *array*. */
export function gather({ spans }: ChunkPart, chunk: Block, result: Block): void {
  copy(
    spans.map(({ length, offsets, places }) => ({ length, from: offsets, to: places })),
    chunk,
    result,
  );
}

/** Copies what a part takes from dense values into its chunk; of an index listed twice the last one stays. */
export function scatter({ spans }: ChunkPart, source: Block, chunk: Block): void {
  copy(
    spans.map(({ length, offsets, places }) => ({ length, from: places, to: offsets })),
    source,
    chunk,
  );
}

/** Elements along one axis: where each is, and where it goes. */
interface AxisWalk {
  readonly length: number;
  readonly from: Steps;
  readonly to: Steps;
}

/**
 * Bits are moved, never numbers, so that every NaN arrives as it was; eight-byte elements go as pairs of words.
 */
function copy(axes: readonly AxisWalk[], from: Block, to: Block): void {
  if (axes.some(({ length }) => length === 0)) return;
  const scale = from.values.BYTES_PER_ELEMENT === 8 ? 2 : 1;
  const source = wordsOf(from.values);
  const target = wordsOf(to.values);
  if (axes.length === 0) {
    for (let word = 0; word < scale; word++) target[word] = source[word]!;
    return;
  }
  const walks = axes.map(({ length, from: sources, to: targets }, axis) => ({
    length,
    a: scaled(sources, from.strides[axis]! * scale),
    b: scaled(targets, to.strides[axis]! * scale),
  }));
  const [inner] = walks.splice(fastest(from.strides, to.strides), 1);
  let { length: count, a, b } = inner!;
  const isEven = !a.list && !b.list;
  let isRun = isEven && a.step === scale && b.step === scale;
  // Rows that lie one behind the other at both ends are one long row.
  for (let axis = walks.length - 1; isRun && axis >= 0; axis--) {
    const { length, a: sources, b: targets } = walks[axis]!;
    if (sources.list || targets.list || sources.step !== count * scale || targets.step !== count * scale)
      break;
    a = { from: a.from + sources.from, step: scale };
    b = { from: b.from + targets.from, step: scale };
    count *= length;
    walks.length = axis;
  }
  isRun &&= count >= leastRun;
  const walk = (depth: number, at: number, into: number): void => {
    const axis = walks[depth];
    if (axis) {
      for (let i = 0; i < axis.length; i++) walk(depth + 1, at + stepAt(axis.a, i), into + stepAt(axis.b, i));
    } else if (isRun) {
      const start = at + a.from;
      target.set(source.subarray(start, start + count * scale), into + b.from);
    } else if (isEven) {
      let s = at + a.from;
      let t = into + b.from;
      for (let i = 0; i < count; i++) {
        target[t] = source[s]!;
        if (scale === 2) target[t + 1] = source[s + 1]!;
        s += a.step;
        t += b.step;
      }
    } else {
      for (let i = 0; i < count; i++) {
        const s = at + stepAt(a, i);
        const t = into + stepAt(b, i);
        for (let word = 0; word < scale; word++) target[t + word] = source[s + word]!;
      }
    }
  };
  walk(0, 0, 0);
}

/** Steps in words. */
function scaled({ from, step, list }: Steps, stride: number): Steps {
  return list
    ? { from: 0, step: 1, list: Float64Array.from(list, (at) => at * stride) }
    : { from: from * stride, step: step * stride };
}

/** The axis whose steps are smallest at both ends: the inner loop. */
function fastest(from: readonly number[], to: readonly number[]): number {
  let best = 0;
  for (let axis = 1; axis < from.length; axis++)
    if (from[axis]! + to[axis]! <= from[best]! + to[best]!) best = axis;
  return best;
}

function wordsOf(values: Values): Words {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = values;
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Copies a box of `shape` elements from one block into another, each by its own strides. */
export function copyElements(shape: readonly number[], from: Block, to: Block): void {
  copy(
    shape.map((length) => ({ length, from: { from: 0, step: 1 }, to: { from: 0, step: 1 } })),
    from,
    to,
  );
}
