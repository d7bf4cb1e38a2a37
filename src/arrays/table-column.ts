import type { ColumnData } from '../arrow/column-data.ts';
import type { ArrayHead, Dtype, MemoryOrder } from '../protocol/array.ts';
import { type AxisPart, arrayBand, arrayColumnType } from '../protocol/array-table.ts';
import { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { liveColumn } from '../protocol/page.ts';
import { numberAt, type Values } from './dtype.ts';
import type { Index } from './selection.ts';

/** Rows of an array, `length` by `width` elements in `order`. */
export interface Band {
  readonly dtype: Dtype;
  readonly order: MemoryOrder;
  readonly values: Values;
}

/** Reads the part of an array that `indices` select. `name` is that of no other part, nor of another version. */
export type ReadBand = (name: string, indices: readonly Index[]) => Promise<Band>;

/** A column of a block of an array that stands in a table's place, by that table's head. Throws `missing`. */
export async function readTableColumn(
  array: ArrayHead,
  table: Pick<Head, 'id' | 'columns' | 'live'>,
  column: string,
  block: number,
  read: ReadBand,
): Promise<ColumnData> {
  const length = table.live[block] ?? 0;
  const isThere = column === liveColumn || table.columns.some(({ id }) => id === column);
  if (!isThere || length === 0)
    throw new ExaError(
      'missing',
      `The array “${array.name}” has no ${isThere ? `block ${block}` : `column ${column}`}.`,
      { facts: { dataset: table.id, block } },
    );
  if (column === liveColumn) return { kind: 'bool', length, values: new Uint8Array(length).fill(1) };
  const { rows, columns, at } = arrayBand(array, table.id, column, block);
  if (at === undefined) return indexValues(rows);
  const parts = [rows, columns].slice(0, array.shape.length);
  const place = parts.map(({ start, end }) => `${start}:${end}`).join('/');
  const band = await read(
    `${array.id}@${array.epoch}@${array.version}/${place}`,
    parts.map(({ start, end }) => ({ kind: 'slice', start, stop: end })),
  );
  return tableColumn(band, { length, width: Number(columns.end - columns.start), at });
}

/** A column of a band as a table has it: `at` counts from the band's first. */
function tableColumn(
  { dtype, values, order }: Band,
  { length, width, at }: { readonly length: number; readonly width: number; readonly at: number },
): ColumnData {
  const from = order === 'C' ? (i: number) => i * width + at : (i: number) => at * length + i;
  const kind = arrayColumnType(dtype)?.kind;
  if (kind === 'int64' && values instanceof BigInt64Array) {
    const out = new BigInt64Array(length);
    for (let i = 0; i < length; i++) out[i] = values[from(i)]!;
    return { kind, length, values: out };
  }
  const fill = <T extends Uint8Array | Int32Array | Float64Array>(out: T): T => {
    if (values instanceof Float64Array) for (let i = 0; i < length; i++) out[i] = values[from(i)]!;
    else for (let i = 0; i < length; i++) out[i] = numberAt(dtype, values, from(i));
    return out;
  };
  if (kind === 'bool') return { kind, length, values: fill(new Uint8Array(length)) };
  if (kind === 'int32') return { kind, length, values: fill(new Int32Array(length)) };
  return { kind: 'float64', length, values: fill(new Float64Array(length)) };
}

/** The index of each row along the first axis. */
function indexValues({ start, end }: AxisPart): ColumnData {
  const length = Number(end - start);
  const values = new BigInt64Array(length);
  for (let i = 0; i < length; i++) values[i] = start + BigInt(i);
  return { kind: 'int64', length, values };
}
