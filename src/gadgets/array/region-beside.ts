import type { ArrayClient } from '../../protocol/array-client.ts';
import { elementsIn, type IndexRange } from '../exact/extent.ts';
import type { ArrayPlace } from './array-place.ts';
import { nextRegion, nextTile } from './written-region.ts';

/** A written part: rows, and columns where a map is looked at. */
export interface WrittenPart {
  readonly rows: IndexRange;
  readonly columns: IndexRange | undefined;
}

/**
 * The written part after (towards −1, before) the middle of what is in view, in the plane shown; undefined when there is
 * none. From all of an array it is the first (last) one, not the one after its middle.
 */
export async function regionBeside(
  client: ArrayClient,
  array: string,
  place: ArrayPlace,
  isMap: boolean,
  towards: 1 | -1,
  signal: AbortSignal,
): Promise<WrittenPart | undefined> {
  const { shape, leading, rowAxis: axis, rows } = place;
  const start = shape.map((_, i) => (i < axis ? leading[i]! : 0n));
  const end = shape.map((size, i) => (i < axis ? leading[i]! + 1n : size));
  const [view, across] = [elementsIn(place.extent), elementsIn(place.across)];
  const isWhole = view.start === 0n && view.end === rows;
  const row = isWhole ? (towards > 0 ? -1n : rows) : (view.start + view.end) / 2n;
  const walk = { client, array, axis, start, end, signal };
  if (isMap) return await nextTile(walk, { row, column: (across.start + across.end) / 2n }, towards);
  const found = await nextRegion(walk, row, towards);
  return found && { rows: found, columns: undefined };
}
