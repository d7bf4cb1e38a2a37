import type { ColumnData } from '../../arrow/column-data.ts';

/** Rows present in both bitmaps; undefined when nothing is null. */
export function bothValid(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  if (!a || !b) return a ?? b;
  const both = new Uint8Array(Math.min(a.length, b.length));
  for (let i = 0; i < both.length; i++) both[i] = a[i]! & b[i]!;
  return both;
}

/** A bitmap from bytes of 0 and 1; undefined when all are 1. */
export function bitmapOf(present: Uint8Array): Uint8Array | undefined {
  const bits = new Uint8Array((present.length + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < present.length; i++) {
    const bit = present[i]!;
    missing |= bit ^ 1;
    bits[i >> 3]! |= bit << (i & 7);
  }
  return missing ? bits : undefined;
}

/** A bitmap of `length` unset bits: a column of nulls. */
export function allNull(length: number): Uint8Array {
  return new Uint8Array((length + 7) >> 3);
}

/** A bool column as bytes: 0 false, 1 true, 2 unknown. */
export function truthOf(data: ColumnData): Uint8Array {
  if (data.kind !== 'bool') return new Uint8Array(data.length).fill(2);
  if (!data.validity) return data.values;
  const truth = data.values.slice(0, data.length);
  const { validity } = data;
  for (let i = 0; i < truth.length; i++) if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) truth[i] = 2;
  return truth;
}

/** The inverse of {@link truthOf}. */
export function fromTruth(truth: Uint8Array): ColumnData {
  const values = new Uint8Array(truth.length);
  const present = new Uint8Array(truth.length);
  for (let i = 0; i < truth.length; i++) {
    values[i] = truth[i]! & 1;
    present[i] = (truth[i]! >> 1) ^ 1;
  }
  return { kind: 'bool', length: truth.length, values, validity: bitmapOf(present) };
}
