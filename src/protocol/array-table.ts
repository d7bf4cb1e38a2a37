import type { ArrayHead, Dtype } from './array.ts';
import { blockRows, type ColumnInfo, type ColumnType } from './column.ts';
import { ExaError } from './errors.ts';
import type { Head } from './head.ts';
import { plainProfile } from './plain-profile.ts';
import type { Profile } from './profile.ts';

/** Indices `[start, end)` along an axis. */
export interface AxisPart {
  readonly start: bigint;
  readonly end: bigint;
}

/** An array, or a part of it along each axis, in a table's place: `array:ID`, `array:ID[0:5000]`, `array:ID[0:5000,2:4]`. */
export interface ArrayTable {
  readonly array: string;
  /** Of the first axes, in order; the others are whole. */
  readonly parts: readonly AxisPart[];
}

const prefix = 'array:';
/** The column with each row's index along the first axis. */
export const indexColumn = 'i';
/** Columns and blocks that are read as a table at most. */
export const mostArrayColumns = 256;
const mostArrayRows = 65_536 * blockRows;
/** Rows and columns chosen first of an array that is too large to be one table. */
const firstRows = 131_072n;
const firstColumns = 16n;

/** Whether a part of an array, its rows and then its columns where it has two axes, is too much for a table. */
export function isTooLarge([rows, columns]: readonly AxisPart[]): boolean {
  const isMore = (part: AxisPart | undefined, most: number): boolean =>
    part !== undefined && part.end - part.start > most;
  return isMore(rows, mostArrayRows) || isMore(columns, mostArrayColumns);
}

/** Whether a data set is an array in a table's place. */
export function isArrayTable(dataset: string): boolean {
  return dataset.startsWith(prefix);
}

/** Whether a data set is that array, or a part of it. */
export function isOfArray(dataset: string, array: string): boolean {
  return dataset === `${prefix}${array}` || dataset.startsWith(`${prefix}${array}[`);
}

export function arrayTableId(array: string, parts: readonly AxisPart[] = []): string {
  const text = parts.map(({ start, end }) => `${start}:${end}`).join(',');
  return text === '' ? `${prefix}${array}` : `${prefix}${array}[${text}]`;
}

/** Undefined for the id of a table. Throws `invalid` for what is no part. */
export function parseArrayTable(dataset: string): ArrayTable | undefined {
  if (!isArrayTable(dataset)) return undefined;
  const [, array, text] = /^array:([^[\]]+)(?:\[([\d:,]+)\])?$/.exec(dataset) ?? [];
  const parts = (text?.split(',') ?? []).map((axis) => {
    const [, start, end] = /^(\d{1,19}):(\d{1,19})$/.exec(axis) ?? [];
    if (start === undefined || end === undefined) throw noPart(dataset);
    return { start: BigInt(start), end: BigInt(end) };
  });
  if (array === undefined || parts.length > 2) throw noPart(dataset);
  return { array, parts };
}

function noPart(dataset: string): ExaError {
  return new ExaError(
    'invalid',
    `“${dataset}” names no part of an array: write array:ID[start:stop] or array:ID[start:stop,start:stop].`,
    { facts: { dataset } },
  );
}

/** The rows and columns of an array's part. Throws `invalid` where it is not within the array's shape. */
function extentOf(head: ArrayHead, dataset: string): { readonly rows: AxisPart; readonly columns: AxisPart } {
  const { parts } = parseArrayTable(dataset) ?? { parts: [] };
  const shape = head.shape.map(BigInt);
  const along = (axis: number): AxisPart => parts[axis] ?? { start: 0n, end: shape[axis] ?? 1n };
  for (const [axis, { start, end }] of parts.entries())
    if (start >= end || end > (shape[axis] ?? 0n))
      throw new ExaError(
        'invalid',
        `${start}:${end} is no part of axis ${axis} of the array “${head.name}”, whose shape is ${head.shape.join(' × ')}.`,
        { facts: { dataset } },
      );
  return { rows: along(0), columns: along(1) };
}

/** What a column of such an array is; undefined where it is no number. */
export function arrayColumnType(dtype: Dtype): ColumnType | undefined {
  switch (dtype) {
    case 'float64':
    case 'float32':
    case 'float16':
    case 'uint32':
    case 'uint64':
      return { kind: 'float64' };
    case 'int64':
      return { kind: 'int64' };
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
      return { kind: 'int32' };
    case 'bool':
      return { kind: 'bool' };
    default:
      return undefined;
  }
}

/** Whether some part of an array can stand in a table's place. */
export function canBeTable({ shape, dtype }: Pick<ArrayHead, 'shape' | 'dtype'>): boolean {
  return (
    arrayColumnType(dtype) !== undefined &&
    (shape.length === 1 || shape.length === 2) &&
    shape.every((size) => size !== '0')
  );
}

/** The whole array where that is one table, else its beginning; undefined where no part of it is a table. */
export function firstArrayTable(head: ArrayHead): string | undefined {
  if (!canBeTable(head)) return undefined;
  const [rows, columns = 1n] = head.shape.map(BigInt) as [bigint, bigint?];
  const isWide = columns > mostArrayColumns;
  if (rows <= mostArrayRows && !isWide) return arrayTableId(head.id);
  // Of a map of tiles the first ones down, of lines their first rows.
  const most = isWide ? BigInt(head.chunk[0]!) : firstRows;
  const down = { start: 0n, end: rows < most ? rows : most };
  return arrayTableId(head.id, isWide ? [down, { start: 0n, end: firstColumns }] : [down]);
}

/** What such a table means: numbers under their index. */
export function arrayProfile(label: string): Profile {
  return plainProfile(label, { roles: { id: indexColumn } });
}

/**
 * An array's head as a table's: a row an index of the first axis, a column one of the second, under its number in the
 * array, and the index itself as a column. `version`: what the head is as of. Throws `refused` for one that is no table.
 */
export function arrayTableHead(
  head: ArrayHead,
  dataset: string,
  { version, scope }: { readonly version: number; readonly scope: string },
): Head {
  const type = arrayColumnType(head.dtype);
  const { rows, columns } = extentOf(head, dataset);
  const count = rows.end - rows.start;
  const width = columns.end - columns.start;
  if (!type || !canBeTable(head) || width > mostArrayColumns || count > mostArrayRows)
    throw new ExaError(
      'refused',
      `The array “${head.name}” (${head.shape.join(' × ')} of ${head.dtype}) cannot be read as a table: that takes one or two axes of numbers or booleans, at most 2^32 rows and ${mostArrayColumns} columns. Name a part of it, as in array:ID[0:5000].`,
      { facts: { dataset } },
    );
  const blocks = Math.ceil(Number(count) / blockRows);
  const first = Number(columns.start);
  const own = Array.from(
    { length: Number(width) },
    (_, at): ColumnInfo => ({
      id: `c${first + at + 1}`,
      name: head.shape.length === 1 ? 'value' : `column ${first + at}`,
      type,
    }),
  );
  const isWhole = rows.start === 0n && String(rows.end) === head.shape[0];
  const label = isWhole ? head.name : `${head.name} ${rows.start}:${rows.end}`;
  return {
    id: dataset,
    name: head.name,
    epoch: head.epoch,
    scope,
    version: Math.max(version, head.version),
    asOf: head.asOf,
    allocated: Number(count),
    columns: [{ id: indexColumn, name: 'index', type: { kind: 'int64' } }, ...own],
    profile: arrayProfile(label),
    // A write is known to have touched the array, not which rows.
    revisions: Array.from({ length: blocks }, () => head.version),
    live: Array.from({ length: blocks }, (_, block) =>
      Math.min(blockRows, Number(count) - block * blockRows),
    ),
    zones: {},
  };
}

/** Columns read together: those of a block are asked for one after another, and chunks hold several. */
const columnsAtOnce = 32n;

/** Where a column of a block lies: rows and columns of the array to read at once, and its place among those columns. */
export interface ArrayBand {
  readonly rows: AxisPart;
  readonly columns: AxisPart;
  /** Undefined for the index itself: nothing need be read. */
  readonly at: number | undefined;
}

export function arrayBand(head: ArrayHead, dataset: string, column: string, block: number): ArrayBand {
  const { rows, columns } = extentOf(head, dataset);
  const start = rows.start + BigInt(block) * BigInt(blockRows);
  const stop = start + BigInt(blockRows);
  const own = { start, end: stop < rows.end ? stop : rows.end };
  const [, place] = /^c([1-9]\d{0,18})$/.exec(column) ?? [];
  if (place === undefined)
    return { rows: own, columns: { start: columns.start, end: columns.start }, at: undefined };
  const within = BigInt(place) - 1n - columns.start;
  const first = columns.start + within - (within % columnsAtOnce);
  const last = first + columnsAtOnce;
  return {
    rows: own,
    columns: { start: first, end: last < columns.end ? last : columns.end },
    at: Number(within % columnsAtOnce),
  };
}
