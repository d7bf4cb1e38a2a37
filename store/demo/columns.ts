import type { ColumnData } from '../../src/arrow/column-data.ts';

/** `length` int32 values by a function of the position. */
export function int32Column(length: number, valueAt: (i: number) => number): ColumnData {
  return { kind: 'int32', length, values: Int32Array.from({ length }, (_, i) => valueAt(i)) };
}

/** The same with some missing: `valueAt` answers undefined there. */
export function optionalInt32Column(length: number, valueAt: (i: number) => number | undefined): ColumnData {
  const values = new Int32Array(length);
  const validity = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i++) {
    const value = valueAt(i);
    if (value === undefined) continue;
    values[i] = value;
    validity[i >> 3]! |= 1 << (i & 7);
  }
  return { kind: 'int32', length, values, validity };
}

export function boolColumn(length: number, valueAt: (i: number) => boolean): ColumnData {
  return { kind: 'bool', length, values: Uint8Array.from({ length }, (_, i) => (valueAt(i) ? 1 : 0)) };
}

/** Days since 1970-01-01. */
export function dateColumn(length: number, valueAt: (i: number) => number): ColumnData {
  return { kind: 'date', length, values: Int32Array.from({ length }, (_, i) => valueAt(i)) };
}

/** UTC milliseconds. */
export function timestampColumn(length: number, valueAt: (i: number) => number): ColumnData {
  return { kind: 'timestamp', length, values: Float64Array.from({ length }, (_, i) => valueAt(i)) };
}

/** Money in cents, as decimal(`precision`, 2). */
export function centsColumn(length: number, precision: number, valueAt: (i: number) => number): ColumnData {
  const values = BigInt64Array.from({ length }, (_, i) => BigInt(valueAt(i)));
  return { kind: 'decimal', precision, scale: 2, length, values };
}

/** One of a few texts each: `codeAt` is an index into `dictionary`, which holds no text twice. */
export function chosenColumn(
  length: number,
  dictionary: readonly string[],
  codeAt: (i: number) => number,
): ColumnData {
  return { kind: 'text', length, dictionary, codes: Int32Array.from({ length }, (_, i) => codeAt(i)) };
}

/** Any texts. */
export function textColumn(length: number, valueAt: (i: number) => string): ColumnData {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const text = valueAt(i);
    let code = codeOf.get(text);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { kind: 'text', length, codes, dictionary: [...codeOf.keys()] };
}
