import type { Selection } from './key-codes.ts';

/** Which group each position of a block falls into; undefined when there is one group. */
export type Codes = Int32Array | undefined;

/** Positions whose mask byte is set, ascending; in `room` where given. */
export function selectRows(mask: Uint8Array, room?: Uint16Array): Uint16Array {
  const rows = room && room.length >= mask.length ? room : new Uint16Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    rows[count] = i;
    count += mask[i]!;
  }
  return rows.subarray(0, count);
}

/** The selected positions that are not null too. */
export function selectValid(rows: Selection, validity: Uint8Array | undefined, length: number): Selection {
  if (!validity) return rows;
  const valid = new Uint16Array(rows ? rows.length : length);
  let count = 0;
  for (let n = 0; n < valid.length; n++) {
    const i = rows ? rows[n]! : n;
    valid[count] = i;
    count += (validity[i >> 3]! >> (i & 7)) & 1;
  }
  return valid.subarray(0, count);
}

/** Selected rows of each of `size` groups. */
export function countRows(codes: Codes, rows: Selection, length: number, size: number): Float64Array {
  if (!codes) return Float64Array.of(rows ? rows.length : length);
  const counts = new Int32Array(size);
  if (rows) for (let n = 0; n < rows.length; n++) counts[codes[rows[n]!]!]!++;
  else for (let i = 0; i < length; i++) counts[codes[i]!]!++;
  return new Float64Array(counts);
}

/** Sums of 32-bit integers, exact in doubles over a block. */
export function sumInts(
  values: Int32Array,
  codes: Codes,
  rows: Selection,
  length: number,
  size: number,
): Float64Array {
  const sums = new Float64Array(size);
  if (codes && rows)
    for (let n = 0; n < rows.length; n++) {
      const i = rows[n]!;
      sums[codes[i]!]! += values[i]!;
    }
  else if (codes) for (let i = 0; i < length; i++) sums[codes[i]!]! += values[i]!;
  else {
    let sum = 0;
    if (rows) for (let n = 0; n < rows.length; n++) sum += values[rows[n]!]!;
    else for (let i = 0; i < length; i++) sum += values[i]!;
    sums[0] = sum;
  }
  return sums;
}

/** Sums of the low (unsigned) and high (signed) 32-bit words of 64-bit integers, exact in doubles over a block. */
export function sumWords(
  values: BigInt64Array,
  codes: Codes,
  rows: Selection,
  size: number,
): { lows: Float64Array; highs: Float64Array } {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const lows = new Float64Array(size);
  const highs = new Float64Array(size);
  const count = rows ? rows.length : values.length;
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    const group = codes ? codes[i]! : 0;
    lows[group]! += words[2 * i]! >>> 0;
    highs[group]! += words[2 * i + 1]!;
  }
  return { lows, highs };
}

/**
 * Sums of doubles in the order the algebra fixes: of one group, eight lanes by `position mod 8` joined
 * ((0+1)+(2+3))+((4+5)+(6+7)); of several, plain row order.
 */
export function sumDoubles(
  values: Float64Array,
  codes: Codes,
  rows: Selection,
  length: number,
  size: number,
): Float64Array {
  if (!codes) return Float64Array.of(sumLanes(values, rows, length));
  const sums = new Float64Array(size);
  if (rows)
    for (let n = 0; n < rows.length; n++) {
      const i = rows[n]!;
      sums[codes[i]!]! += values[i]!;
    }
  else for (let i = 0; i < length; i++) sums[codes[i]!]! += values[i]!;
  return sums;
}

function sumLanes(values: Float64Array, rows: Selection, length: number): number {
  const lanes = new Float64Array(8);
  if (rows)
    for (let n = 0; n < rows.length; n++) {
      const i = rows[n]!;
      lanes[i & 7]! += values[i]!;
    }
  else for (let i = 0; i < length; i++) lanes[i & 7]! += values[i]!;
  return joinLanes(lanes);
}

function joinLanes(lanes: Float64Array): number {
  const [a, b, c, d, e, f, g, h] = lanes as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return a + b + (c + d) + (e + f + (g + h));
}

/**
 * Mean and Σ(x − mean)² of each group in two passes over the block, in the order of {@link sumDoubles}
 * (two-pass variance: Chan, Golub, LeVeque 1983).
 */
export function momentsOf(
  values: Float64Array,
  codes: Codes,
  rows: Selection,
  length: number,
  counts: Float64Array,
): { mean: Float64Array; m2: Float64Array } {
  const mean = sumDoubles(values, codes, rows, length, counts.length);
  for (let g = 0; g < mean.length; g++) if (counts[g]! > 0) mean[g]! /= counts[g]!;
  const squares = new Float64Array(length);
  const count = rows ? rows.length : length;
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    const difference = values[i]! - mean[codes ? codes[i]! : 0]!;
    squares[i] = difference * difference;
  }
  return { mean, m2: sumDoubles(squares, codes, rows, length, counts.length) };
}

/** Least and greatest double of each group; `present` groups only. −0 comes before +0; a NaN makes both NaN. */
export function extremesOf(
  values: Float64Array | Int32Array | Uint8Array,
  codes: Codes,
  rows: Selection,
  length: number,
  size: number,
): { min: Float64Array; max: Float64Array } {
  const min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const count = rows ? rows.length : length;
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    const group = codes ? codes[i]! : 0;
    const value = values[i]!;
    if (value < min[group]!) min[group] = value;
    if (value > max[group]!) max[group] = value;
    // The comparisons above miss these; Math.min and Math.max order −0 before +0 and keep NaN.
    if (value === 0 || Number.isNaN(value)) {
      min[group] = Math.min(min[group]!, value);
      max[group] = Math.max(max[group]!, value);
    }
  }
  return { min, max };
}
