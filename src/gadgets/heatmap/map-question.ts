import type { PictureQuestion } from '../../protocol/array-client.ts';
import { type Extent, elementsIn, fitExtent, parts, wholeExtent } from '../exact/extent.ts';
import type { MapExtent } from './map-cells.ts';

/** The plane that is drawn: the last two axes of an array, at `at` along those before them. */
export interface MapPlane {
  readonly array: string;
  readonly shape: readonly bigint[];
  readonly at: readonly bigint[] | undefined;
}

/** Cells asked for along an axis at most. */
const mostCells = 512;
/** Share of what is in view that is asked for beyond each side. */
const margin = 0.125;
/** Least elements in view along an axis. */
export const leastElements = 2n;

/** The picture of an extent and a little beyond it; `ahead`: the way it moves down and across. */
export function questionOf(
  plane: MapPlane,
  { rows, columns }: MapExtent,
  { width, height }: { readonly width: number; readonly height: number },
  ahead: readonly number[],
): PictureQuestion | undefined {
  const more = ({ from, to }: Extent): Extent => {
    const by = (BigInt(Math.round(margin * 1000)) * (to - from)) / 1000n;
    return { from: from - by, to: to + by };
  };
  const cells = (px: number): number => Math.min(mostCells, Math.ceil(px * (1 + 2 * margin)));
  return pictureOf(plane, { rows: more(rows), columns: more(columns) }, [cells(height), cells(width)], ahead);
}

/** All of the plane, small. */
export function wholeQuestion(plane: MapPlane): PictureQuestion | undefined {
  const [rows = 1n, columns = 1n] = plane.shape.slice(-2);
  return pictureOf(plane, { rows: wholeExtent(rows), columns: wholeExtent(columns) }, [64, 96], []);
}

function pictureOf(
  { array, shape, at }: MapPlane,
  { rows, columns }: MapExtent,
  pixels: readonly [number, number],
  ahead: readonly number[],
): PictureQuestion | undefined {
  if (shape.length < 2 || shape.includes(0n)) return undefined;
  const [height, width] = shape.slice(-2) as [bigint, bigint];
  const down = elementsIn(fitExtent(rows, height, leastElements));
  const across = elementsIn(fitExtent(columns, width, leastElements));
  const places = shape.slice(0, -2).map((size, axis) => {
    const asked = at?.[axis] ?? 0n;
    return asked < size ? asked : size - 1n;
  });
  return {
    array,
    start: [...places, down.start, across.start],
    end: [...places.map((place) => place + 1n), down.end, across.end],
    pixels: [...places.map(() => 0), ...pixels],
    ...(ahead.some((way) => way !== 0) ? { ahead: [...places.map(() => 0), ...ahead] } : {}),
  };
}

/** Whether an extent is all of the plane. */
export function isWhole({ rows, columns }: MapExtent, height: bigint, width: bigint): boolean {
  return rows.to - rows.from >= height * parts && columns.to - columns.from >= width * parts;
}
