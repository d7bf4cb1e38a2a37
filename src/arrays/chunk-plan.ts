import { ExaError } from '../protocol/errors.ts';
import { type AxisSelection, lengthOf, type Selection } from './selection.ts';

/** Elements of one chunk along one axis, and where they go in the result's walk of that axis. */
export interface Span {
  /** Index of the chunk along the axis, a plain exact number below 2^53. */
  readonly chunk: number;
  /** Elements. */
  readonly length: number;
  /** Offsets within the chunk, and positions in the result, of each element. */
  readonly offsets: Steps;
  readonly places: Steps;
}

/** Exact whole numbers: `from`, then one `step` further each; or, where they are not even, as `list` has them. */
export interface Steps {
  readonly from: number;
  readonly step: number;
  readonly list?: ArrayLike<number>;
}

/** The `i`-th of them. */
export function stepAt({ from, step, list }: Steps, i: number): number {
  return list ? list[i]! : from + i * step;
}

/** What a selection takes of one chunk: a span an axis. */
export interface ChunkPart {
  readonly chunk: readonly number[];
  readonly spans: readonly Span[];
}

/** Chunks an axis selection touches, by arithmetic for ranges. */
export function countAxisChunks(axis: AxisSelection, size: number): bigint {
  const chunk = BigInt(size);
  if (axis.kind === 'list') return BigInt(new Set(axis.at.map((at) => at / chunk)).size);
  if (axis.count === 0n) return 0n;
  const stride = axis.step < 0n ? -axis.step : axis.step;
  if (stride >= chunk) return axis.count;
  const first = axis.start / chunk;
  const last = (axis.start + axis.step * (axis.count - 1n)) / chunk;
  return (last > first ? last - first : first - last) + 1n;
}

/** Chunks a selection touches, at no cost that depends on how many. */
export function countChunks(selection: Selection, chunk: readonly number[]): bigint {
  return selection.axes.reduce((product, axis, i) => product * countAxisChunks(axis, chunk[i]!), 1n);
}

/**
 * The chunks a selection touches, in C order of their indices as the selection walks them. Throws `refused` when they
 * are more than `most`, or a result's axis has 2^31 elements or more.
 */
export function* planChunks(
  selection: Selection,
  chunk: readonly number[],
  most = 65_536,
): Generator<ChunkPart> {
  const count = countChunks(selection, chunk);
  if (count === 0n) return;
  if (count > BigInt(most))
    throw new ExaError(
      'refused',
      `The selection touches ${count} chunks: at most ${most} can be asked for at once, so take a smaller part.`,
      { facts: { chunks: Number(count), most } },
    );
  const spans = selection.axes.map((axis, i) => axisSpans(axis, chunk[i]!));
  yield* product(spans, 0, []);
}

function* product(
  spans: readonly (readonly Span[])[],
  axis: number,
  chosen: readonly Span[],
): Generator<ChunkPart> {
  if (axis === spans.length) {
    yield { chunk: chosen.map((span) => span.chunk), spans: chosen };
    return;
  }
  for (const span of spans[axis]!) yield* product(spans, axis + 1, [...chosen, span]);
}

/** The spans of an axis selection, each chunk once. Throws `refused` past 2^31 elements. */
export function axisSpans(axis: AxisSelection, size: number): Span[] {
  const length = lengthOf(axis);
  if (length >= 2n ** 31n)
    throw new ExaError(
      'refused',
      `The selection has ${length} elements along one axis: take a smaller part at once.`,
    );
  return axis.kind === 'range'
    ? rangeSpans(axis.start, axis.step, Number(length), size)
    : listSpans(axis.at, size);
}

/** BigInt once an end; then `(chunk, offset)` steps in plain numbers. */
function rangeSpans(start: bigint, step: bigint, count: number, size: number): Span[] {
  const big = BigInt(size);
  const stride = step < 0n ? -step : step;
  const sign = step < 0n ? -1 : 1;
  // A single element needs no step, and its step may be past 2^53 chunks.
  const chunkStep = count > 1 ? sign * Number(stride / big) : 0;
  const offsetStep = count > 1 ? sign * Number(stride % big) : 0;
  let chunk = Number(start / big);
  let offset = Number(start % big);
  const spans: Span[] = [];
  for (let at = 0; at < count; ) {
    let run = 1;
    if (chunkStep === 0 && offsetStep !== 0) {
      const room =
        offsetStep > 0 ? Math.floor((size - 1 - offset) / offsetStep) : Math.floor(offset / -offsetStep);
      run = Math.min(count - at, room + 1);
    }
    spans.push({
      chunk,
      length: run,
      offsets: { from: offset, step: run > 1 ? offsetStep : 1 },
      places: { from: at, step: 1 },
    });
    at += run;
    chunk += run * chunkStep;
    offset += run * offsetStep;
    if (offset >= size) {
      chunk++;
      offset -= size;
    } else if (offset < 0) {
      chunk--;
      offset += size;
    }
  }
  return spans;
}

function listSpans(at: readonly bigint[], size: number): Span[] {
  const big = BigInt(size);
  const byChunk = new Map<number, { offsets: number[]; places: number[] }>();
  for (const [place, index] of at.entries()) {
    const chunk = Number(index / big);
    const found = byChunk.get(chunk) ?? { offsets: [], places: [] };
    byChunk.set(chunk, found);
    found.offsets.push(Number(index % big));
    found.places.push(place);
  }
  return [...byChunk].map(([chunk, { offsets, places }]) => ({
    chunk,
    length: offsets.length,
    offsets: { from: 0, step: 1, list: offsets },
    places: { from: 0, step: 1, list: places },
  }));
}
