/**
 * Positions along an axis are counted in millionths of an element, as bigints: exact at 10^18 and beyond, smooth between
 * two elements, and decimal text holds them whole.
 */
export const parts = 1_000_000n;

/** What is in view along an axis: positions `[from, to)` in {@link parts}. */
export interface Extent {
  readonly from: bigint;
  readonly to: bigint;
}

/** Elements `[start, end)`. */
export interface IndexRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The extent of elements `[start, end)`. */
export function extentOf({ start, end }: IndexRange): Extent {
  return { from: start * parts, to: end * parts };
}

/** All of an axis of `size` elements; an empty one shows the room of one. */
export function wholeExtent(size: bigint): Extent {
  return { from: 0n, to: (size > 0n ? size : 1n) * parts };
}

/** The elements an extent touches. */
export function elementsIn({ from, to }: Extent): IndexRange {
  return { start: floorDivide(from, parts), end: -floorDivide(-to, parts) };
}

/** The element at a position. */
export function elementAt(position: bigint): bigint {
  return floorDivide(position, parts);
}

/** Moves and shortens an extent until it lies within the axis; at least `least` elements stay where there are any. */
export function fitExtent({ from, to }: Extent, size: bigint, least = 1n): Extent {
  const whole = wholeExtent(size);
  const shortest = least * parts < whole.to ? least * parts : whole.to;
  const asked = to - from;
  const length = asked < shortest ? shortest : asked > whole.to ? whole.to : asked;
  const first = from - (length - asked) / 2n;
  const latest = whole.to - length;
  const start = first < 0n ? 0n : first > latest ? latest : first;
  return { from: start, to: start + length };
}

/** Zooms by `factor` (2 shows half as much) about the fraction `at` of the extent, which stays where it is. */
export function zoomExtent(extent: Extent, factor: number, at: number, size: bigint, least = 1n): Extent {
  const length = extent.to - extent.from;
  const shortest = least * parts;
  const zoomed = times(length, 1 / factor);
  const next = zoomed < shortest ? shortest : zoomed;
  const from = extent.from + times(length, at) - times(next, at);
  return fitExtent({ from, to: from + next }, size, least);
}

/** Moves an extent by a fraction of its length; stops at the ends of the axis. */
export function panExtent(extent: Extent, fraction: number, size: bigint): Extent {
  const by = times(extent.to - extent.from, fraction);
  return fitExtent({ from: extent.from + by, to: extent.to + by }, size);
}

/** Which way an extent moved (−1, 1): `kept` where it stands still, 0 where it was zoomed. */
export function directionOf(before: Extent, after: Extent, kept: number): number {
  if (after.to - after.from !== before.to - before.from) return 0;
  if (after.from === before.from) return kept;
  return after.from > before.from ? 1 : -1;
}

/** An extent of the same length with `index` in its middle. */
export function centredOn(extent: Extent, index: bigint, size: bigint): Extent {
  const length = extent.to - extent.from;
  const from = index * parts + parts / 2n - length / 2n;
  return fitExtent({ from, to: from + length }, size);
}

/** Where a position lies in an extent: 0 at its beginning, 1 at its end; as exact as a double is between the two. */
export function fractionOf(extent: Extent, position: bigint): number {
  return Number(position - extent.from) / Number(extent.to - extent.from);
}

/** The position at a fraction of an extent. */
export function positionAt(extent: Extent, fraction: number): bigint {
  return extent.from + times(extent.to - extent.from, fraction);
}

/** `start:end` with at most six decimals: `123456789012345678:123456789012345690.5`. */
export function printExtent({ from, to }: Extent): string {
  return `${printPosition(from)}:${printPosition(to)}`;
}

/** Reads what {@link printExtent} wrote, cut to the axis; undefined for anything else, an empty extent included. */
export function parseExtent(text: string, size: bigint): Extent | undefined {
  const found = /^(\d{1,20})(?:\.(\d{1,6}))?:(\d{1,20})(?:\.(\d{1,6}))?$/.exec(text);
  if (!found) return undefined;
  const position = (whole: string, rest = ''): bigint => BigInt(whole) * parts + BigInt(rest.padEnd(6, '0'));
  const extent = { from: position(found[1]!, found[2]), to: position(found[3]!, found[4]) };
  return extent.to > extent.from ? fitExtent(extent, size) : undefined;
}

/** Whether two extents are the same. */
export function sameExtent(one: Extent | undefined, other: Extent | undefined): boolean {
  return one?.from === other?.from && one?.to === other?.to;
}

/** A bigint times a double, to about forty bits of the double. */
export function times(value: bigint, factor: number): bigint {
  if (!Number.isFinite(factor)) return 0n;
  const bits = Math.max(0, 40 - Math.max(0, Math.ceil(Math.log2(Math.abs(factor) || 1))));
  return (value * BigInt(Math.round(factor * 2 ** bits))) >> BigInt(bits);
}

function printPosition(position: bigint): string {
  const rest = String(position % parts)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${position / parts}${rest === '' ? '' : `.${rest}`}`;
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value >= 0n ? value / by : -((-value + by - 1n) / by);
}
