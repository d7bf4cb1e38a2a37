import type { ChunkPart } from './chunk-plan.ts';
import type { Values } from './dtype.ts';

/** A dense block of elements and the elements to step over along each axis of the array. */
export interface Block {
  readonly values: Values;
  readonly strides: readonly number[];
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/** Copies what a part takes from its chunk into the result. Strides of the result are by axis of the *array*. */
export function gather(part: ChunkPart, chunk: Block, result: Block): void {
  copy(
    part,
    chunk,
    part.spans.map((span) => span.offsets),
    result,
    part.spans.map((span) => span.places),
  );
}

/** Copies what a part takes from dense values into its chunk; of an index listed twice the last one stays. */
export function scatter(part: ChunkPart, source: Block, chunk: Block): void {
  copy(
    part,
    source,
    part.spans.map((span) => span.places),
    chunk,
    part.spans.map((span) => span.offsets),
  );
}

/**
 * Bits are moved, never numbers, so that every NaN arrives as it was; eight-byte elements go as pairs of words.
 */
function copy(
  { spans }: ChunkPart,
  from: Block,
  fromIndex: readonly ArrayLike<number>[],
  to: Block,
  toIndex: readonly ArrayLike<number>[],
): void {
  const scale = from.values.BYTES_PER_ELEMENT === 8 ? 2 : 1;
  const source = wordsOf(from.values);
  const target = wordsOf(to.values);
  const rank = spans.length;
  if (rank === 0) {
    for (let word = 0; word < scale; word++) target[word] = source[word]!;
    return;
  }
  const last = fastest(from.strides, to.strides);
  const axes = [...spans.keys()].filter((axis) => axis !== last);
  const count = spans[last]!.offsets.length;
  const a = fromIndex[last]!;
  const b = toIndex[last]!;
  const aStride = from.strides[last]! * scale;
  const bStride = to.strides[last]! * scale;
  const dense = aStride === scale && bStride === scale && isRun(a) && isRun(b);
  const walk = (depth: number, at: number, into: number): void => {
    if (depth < axes.length) {
      const axis = axes[depth]!;
      const sources = fromIndex[axis]!;
      const targets = toIndex[axis]!;
      const sourceStride = from.strides[axis]! * scale;
      const targetStride = to.strides[axis]! * scale;
      for (let i = 0; i < sources.length; i++)
        walk(depth + 1, at + sources[i]! * sourceStride, into + targets[i]! * targetStride);
      return;
    }
    if (dense) {
      const start = at + a[0]! * scale;
      target.set(source.subarray(start, start + count * scale), into + b[0]! * scale);
      return;
    }
    if (scale === 1)
      for (let i = 0; i < count; i++) target[into + b[i]! * bStride] = source[at + a[i]! * aStride]!;
    else
      for (let i = 0; i < count; i++) {
        const s = at + a[i]! * aStride;
        const t = into + b[i]! * bStride;
        target[t] = source[s]!;
        target[t + 1] = source[s + 1]!;
      }
  };
  if (spans.every((span) => span.offsets.length > 0)) walk(0, 0, 0);
}

/** The axis whose steps are smallest at both ends: the inner loop. */
function fastest(from: readonly number[], to: readonly number[]): number {
  let best = 0;
  for (let axis = 1; axis < from.length; axis++)
    if (from[axis]! + to[axis]! <= from[best]! + to[best]!) best = axis;
  return best;
}

function isRun(index: ArrayLike<number>): boolean {
  if (index.length === 0) return false;
  if (index[index.length - 1]! - index[0]! !== index.length - 1) return false;
  for (let i = 1; i < index.length; i++) if (index[i]! - index[i - 1]! !== 1) return false;
  return true;
}

function wordsOf(values: Values): Words {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = values;
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Copies a box of `shape` elements from one block into another, each by its own strides. */
export function copyElements(shape: readonly number[], from: Block, to: Block): void {
  const spans = shape.map((size) => ({
    chunk: 0,
    offsets: Int32Array.from({ length: size }, (_, i) => i),
    places: Float64Array.from({ length: size }, (_, i) => i),
  }));
  const index = spans.map((span) => span.offsets);
  copy({ chunk: [], spans }, from, index, to, index);
}
