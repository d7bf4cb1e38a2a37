import type { ColumnData } from '../../arrow/column-data.ts';
import type { GroupSpec } from '../../protocol/kernel.ts';
import { placeBinnedDoubles, placeBinnedInts, placeInts } from './cube-loops.ts';

/** Small whole numbers to where their groups' cells start: `starts[value − low]`, −1 where there is no group yet. */
export interface StartTable {
  low: number;
  starts: Int32Array;
}

/** Values a start table may span; beyond, groups are found by hashing. */
const maxSpan = 1 << 16;

/** Whether groups of `group` over `data` can be found by a start table: whole numbers or a block's text codes, no nulls. */
export function isDirect(group: GroupSpec | undefined, data: ColumnData): boolean {
  if (!group || data.validity) return false;
  if (group.by === 'value') return data.kind === 'int32' || data.kind === 'date' || data.kind === 'text';
  return group.by === 'number' && (data.kind === 'int32' || data.kind === 'float64');
}

/** What {@link placeDirect} reads and writes; `cells` and `counts` as in `placeRows`. */
export interface DirectRows {
  readonly rows: Uint16Array;
  readonly bins: Int32Array;
  readonly cells: Int32Array;
  readonly counts: Int32Array;
}

/** Places rows from `from` on, until one whose group the table does not know; returns its index, or the end. */
export function placeDirect(
  group: GroupSpec,
  data: ColumnData,
  table: StartTable,
  { rows, bins, cells, counts }: DirectRows,
  from: number,
): number {
  const { low, starts } = table;
  if (group.by === 'number') {
    const { origin, width } = group;
    if (data.kind === 'float64')
      return placeBinnedDoubles(data.values, origin, width, rows, bins, low, starts, cells, counts, from);
    if (data.kind === 'int32')
      return placeBinnedInts(data.values, origin, width, rows, bins, low, starts, cells, counts, from);
  }
  if (data.kind === 'int32' || data.kind === 'date')
    return placeInts(data.values, rows, bins, low, starts, cells, counts, from);
  if (data.kind === 'text') return placeInts(data.codes, rows, bins, low, starts, cells, counts, from);
  return from;
}

/** The table to use for `data`: text codes are a block's own, so each block starts anew. */
export function tableFor(data: ColumnData, numbers: StartTable): StartTable {
  return data.kind === 'text' ? { low: 0, starts: new Int32Array(data.dictionary.length).fill(-1) } : numbers;
}

/** The key of one row, as a column of length 1 of the partial's key type; undefined when it is no finite number. */
export function keyOfRow(
  group: GroupSpec,
  data: ColumnData,
  row: number,
): { value: number; key: ColumnData } | undefined {
  if (data.kind === 'text') {
    const value = data.codes[row]!;
    const key: ColumnData = {
      kind: 'text',
      length: 1,
      codes: Int32Array.of(0),
      dictionary: [data.dictionary[value]!],
    };
    return { value, key };
  }
  if (data.kind !== 'int32' && data.kind !== 'date' && data.kind !== 'float64') return undefined;
  const raw = data.values[row]!;
  const value = group.by === 'number' ? Math.floor((raw - group.origin) / group.width) + 0 : raw;
  if (!Number.isFinite(value)) return undefined;
  if (group.by === 'number')
    return { value, key: { kind: 'float64', length: 1, values: Float64Array.of(value) } };
  if (data.kind === 'float64') return undefined;
  return { value, key: { kind: data.kind, length: 1, values: Int32Array.of(value) } };
}

/** Enters `value` into the table; false when it would span too much. */
export function enterStart(table: StartTable, value: number, start: number): boolean {
  const end = table.low + table.starts.length;
  const empty = table.starts.length === 0;
  const low = empty ? value : Math.min(table.low, value);
  const high = empty ? value + 1 : Math.max(end, value + 1);
  if (high - low > maxSpan) return false;
  if (empty || low < table.low || high > end) {
    // Room on both sides, so that growing is rare.
    const room = Math.min(64, (maxSpan - (high - low)) >> 1);
    const wider = new Int32Array(high - low + 2 * room).fill(-1);
    wider.set(table.starts, empty ? 0 : table.low - low + room);
    table.low = low - room;
    table.starts = wider;
  }
  table.starts[value - table.low] = start;
  return true;
}
