import type { Dtype } from '../../protocol/array.ts';
import type { PictureQuestion, WindowQuestion } from '../../protocol/array-client.ts';
import { isWide } from '../exact/element-text.ts';
import { type Extent, elementsIn, fitExtent } from '../exact/extent.ts';

/** The line that is drawn: an array along `axis`, at `places` along the others. */
export interface SeriesLine {
  readonly array: string;
  readonly shape: readonly bigint[];
  readonly axis: number;
  readonly places: readonly bigint[];
}

/** Elements fetched at either side of what is in view, as a share of it. */
const margin = 0.25;
/** Most points of a line. */
const mostPoints = 4000;
/** Least elements in view. */
export const leastElements = 1n;

/** Indices along every axis: those given, the column where it is one, the last element for what lies beyond. */
export function placesOf(
  shape: readonly bigint[],
  at: readonly bigint[] | undefined,
  column: string | undefined,
): readonly bigint[] {
  return shape.map((size, axis) => {
    const asked =
      at?.[axis] ?? (axis === shape.length - 1 && /^\d{1,20}$/.test(column ?? '') ? BigInt(column!) : 0n);
    return asked < size ? asked : size - 1n;
  });
}

/** The picture of an extent and a little beyond it, `width` pixels wide; `ahead`: the way it moves. */
export function questionOf(
  line: SeriesLine,
  { from, to }: Extent,
  width: number,
  ahead: number,
): PictureQuestion | undefined {
  const more = (BigInt(Math.round(margin * 1000)) * (to - from)) / 1000n;
  const points = Math.min(mostPoints, Math.ceil(width * (1 + 2 * margin)));
  return pictureOf(line, { from: from - more, to: to + more }, points, ahead);
}

/** The picture of exactly an extent. */
export function pictureOf(
  { array, shape, axis, places }: SeriesLine,
  extent: Extent,
  points: number,
  ahead = 0,
): PictureQuestion | undefined {
  if (shape.length === 0 || shape.includes(0n)) return undefined;
  const { start, end } = elementsIn(fitExtent(extent, shape[axis] ?? 1n, leastElements));
  return {
    array,
    start: places.map((place, at) => (at === axis ? start : place)),
    end: places.map((place, at) => (at === axis ? end : place + 1n)),
    pixels: places.map((_, at) => (at === axis ? points : 0)),
    ...(ahead === 0 ? {} : { ahead: places.map((_, at) => (at === axis ? ahead : 0)) }),
  };
}

/** The exact element at an index, asked for where no double holds every element. */
export function elementQuestion(
  { array, axis, places }: SeriesLine,
  dtype: Dtype,
  index: bigint,
): WindowQuestion | undefined {
  if (!isWide(dtype)) return undefined;
  const start = places.map((place, at) => (at === axis ? index : place));
  return { array, start, end: start.map((at) => at + 1n) };
}
