import { blockRows } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { liveColumn } from '../protocol/page.ts';
import { allSet } from './bitmap.ts';
import { columnOfLength, type Mutable } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import { isValid } from './column-data.ts';
import { encodeColumns } from './columns-stream.ts';
import { decodeColumns } from './read-columns.ts';

/** Rows changed since a revision, by row number ascending; `live[i]` is 0 where the row was deleted. */
export interface Patch {
  readonly rows: Float64Array;
  readonly live: Uint8Array;
  readonly columns: Readonly<Record<string, ColumnData>>;
}

export function encodePatch(patch: Patch): Uint8Array {
  const length = patch.rows.length;
  return encodeColumns({
    _row: { kind: 'float64', length, values: patch.rows },
    [liveColumn]: { kind: 'bool', length, values: patch.live },
    ...patch.columns,
  });
}

/** Throws `corrupt` when `bytes` are not a patch. */
export function decodePatch(bytes: Uint8Array): Patch {
  const { _row: rows, [liveColumn]: live, ...columns } = decodeColumns(bytes);
  if (rows?.kind !== 'float64' || live?.kind !== 'bool')
    throw new ExaError('corrupt', 'The bytes received are not a patch.');
  return { rows: rows.values, live: live.values, columns };
}

/**
 * The page of `column` over `block` after `patch`, `length` rows long; the page before it is left as it was.
 * `data` is that page, undefined for a block that is new or a `_live` column that was omitted (all live).
 */
export function applyPatch(
  data: ColumnData | undefined,
  block: number,
  column: string,
  patch: Patch,
  length: number,
): ColumnData {
  const first = lowerBound(patch.rows, block * blockRows);
  const end = lowerBound(patch.rows, block * blockRows + length);
  const source: ColumnData | undefined =
    column === liveColumn
      ? { kind: 'bool', length: patch.live.length, values: patch.live }
      : patch.columns[column];
  if (!source) {
    if (!data) throw new ExaError('corrupt', `The patch has no column ${column}.`, { facts: { column } });
    if (first === end && data.length === length) return data;
    throw new ExaError('corrupt', `The patch has no column ${column}.`, { facts: { column } });
  }
  const page = columnOfLength(data, source, length);
  if (column === liveColumn && page.kind === 'bool') {
    page.values.fill(1, data?.length ?? 0);
    page.validity = undefined;
  }
  for (let i = first; i < end; i++) setValue(page, patch.rows[i]! - block * blockRows, source, i);
  return page as ColumnData;
}

/** Copies value `from` of `source` to position `at` of `page`, both of one kind. */
function setValue(page: Mutable, at: number, source: ColumnData, from: number): void {
  const valid = isValid(source, from);
  if (!valid && !page.validity) page.validity = allSet(page.length);
  if (page.validity) {
    if (valid) page.validity[at >> 3]! |= 1 << (at & 7);
    else page.validity[at >> 3]! &= ~(1 << (at & 7));
  }
  if (page.kind === 'text' && source.kind === 'text') {
    page.codes[at] = valid ? page.codeOf(source.dictionary[source.codes[from]!]!) : 0;
  } else if (page.kind !== 'text' && source.kind !== 'text') {
    page.values[at] = source.values[from]!;
  }
}

/** First index whose row is at least `row`. */
function lowerBound(rows: Float64Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
