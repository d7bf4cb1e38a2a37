import type { ColumnData } from '../arrow/column-data.ts';
import type { Dtype, MemoryOrder } from '../protocol/array.ts';
import { type AxisPart, arrayColumnType } from '../protocol/array-table.ts';
import { numberAt, type Values } from './dtype.ts';

/** Rows of an array, `length` by `width` elements in `order`. */
export interface Band {
  readonly dtype: Dtype;
  readonly order: MemoryOrder;
  readonly values: Values;
}

/** A column of a band as a table has it: `at` counts from the band's first. */
export function tableColumn(
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
export function indexValues({ start, end }: AxisPart): ColumnData {
  const length = Number(end - start);
  const values = new BigInt64Array(length);
  for (let i = 0; i < length; i++) values[i] = start + BigInt(i);
  return { kind: 'int64', length, values };
}
