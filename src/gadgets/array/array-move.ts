import {
  type Extent,
  elementAt,
  extentOf,
  fitExtent,
  printExtent,
  sameExtent,
  wholeExtent,
} from '../exact/extent.ts';
import { parseIndex } from '../exact/index-text.ts';
import { type ArrayPlace, type ArrayState, between, near, withRoom } from './array-place.ts';
import { parseSlice } from './slice-text.ts';

/** Elements `[start, end)` of an axis. */
interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/** An extent as a state holds it: empty for all of an axis. */
export function printed(extent: Extent, size: bigint): string {
  return sameExtent(extent, wholeExtent(size)) ? '' : printExtent(extent);
}

/** To an index as people write it: a row, or (of a map) a row and a column. Throws `invalid` with a sentence. */
export function toIndex(
  text: string,
  place: ArrayPlace,
  isMap: boolean,
): { readonly row: bigint; readonly part: Partial<ArrayState> } {
  const [rowText = '', columnText] = isMap ? text.split(/,\s+|;|,(?!\d{3}(?:\D|$))/) : [text];
  const row = parseIndex(rowText, place.rows);
  const column =
    columnText === undefined
      ? isMap
        ? elementAt(place.across.from)
        : (place.lines[0] ?? 0n)
      : parseIndex(columnText, place.columns);
  return {
    row,
    part: {
      rows: printed(near(place.extent, row, place.rows), place.rows),
      ...(isMap ? { columns: printed(near(place.across, column, place.columns), place.columns) } : {}),
      cell: `${row},${column}`,
    },
  };
}

/** To a part as NumPy writes it. Throws `invalid` with a sentence. */
export function toSlice(text: string, place: ArrayPlace, isLines: boolean): Partial<ArrayState> {
  const found = parseSlice(text, place.shape);
  const rows = found[place.rowAxis]!;
  const across = place.shape.length > 1 ? found[found.length - 1] : undefined;
  return {
    rows: printed(fitExtent(extentOf(rows), place.rows), place.rows),
    columns: across && !isLines ? printed(fitExtent(extentOf(across), place.columns), place.columns) : '',
    lines:
      across && isLines && (across.isOne || across.end - across.start < place.columns)
        ? between(across).join(',')
        : '',
    at: found
      .slice(0, place.rowAxis)
      .map(({ start }) => start)
      .join(','),
    cell: rows.isOne ? `${rows.start},${across?.isOne ? across.start : 0n}` : '',
  };
}

/** To a region, with a little of what lies beside it. */
export function toRegion(rows: Span, columns: Span | undefined, place: ArrayPlace): Partial<ArrayState> {
  const part = (span: Span, size: bigint): string => printed(withRoom(extentOf(span), size), size);
  return {
    rows: part(rows, place.rows),
    ...(columns ? { columns: part(columns, place.columns) } : {}),
    cell: `${rows.start},${columns?.start ?? place.lines[0] ?? 0n}`,
  };
}
