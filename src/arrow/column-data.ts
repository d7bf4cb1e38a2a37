import type { ColumnType } from '../protocol/column.ts';

/**
 * One column's values as kernels read them. `validity` is an Arrow bitmap (bit `i & 7` of byte `i >> 3`, set = present)
 * or undefined when nothing is null; values under a null are unspecified.
 * - `bool`: 0 or 1 a byte. `date`: days since 1970-01-01. `timestamp`: UTC milliseconds as exact doubles.
 * - `int64`, `decimal`: the (unscaled) integers; an Int32Array over `values.buffer` gives low and high words.
 * - `text`: `codes` index `dictionary`, which is this page's own and holds no value twice.
 */
export type ColumnData = { readonly length: number; readonly validity?: Uint8Array } & (
  | { readonly kind: 'bool'; readonly values: Uint8Array }
  | { readonly kind: 'int32' | 'date'; readonly values: Int32Array }
  | { readonly kind: 'float64' | 'timestamp'; readonly values: Float64Array }
  | { readonly kind: 'int64'; readonly values: BigInt64Array }
  | {
      readonly kind: 'decimal';
      readonly scale: number;
      readonly precision: number;
      readonly values: BigInt64Array;
    }
  | { readonly kind: 'text'; readonly codes: Int32Array; readonly dictionary: readonly string[] }
);

/** Bytes the values take in memory (dictionaries estimated), for byte budgets. */
export function byteSize(data: ColumnData): number {
  const validity = data.validity?.byteLength ?? 0;
  if (data.kind === 'text')
    return (
      validity + data.codes.byteLength + data.dictionary.reduce((sum, text) => sum + 32 + 2 * text.length, 0)
    );
  return validity + data.values.byteLength;
}

export function isValid(data: ColumnData, index: number): boolean {
  return data.validity === undefined || ((data.validity[index >> 3]! >> (index & 7)) & 1) === 1;
}

/** The logical type of a column in memory. */
export function typeOf(data: ColumnData): ColumnType {
  return data.kind === 'decimal'
    ? { kind: 'decimal', precision: data.precision, scale: data.scale }
    : { kind: data.kind };
}
