import type { ColumnData } from '../src/arrow/column-data.ts';
import type { Columns } from '../src/arrow/columns-stream.ts';

/** Rows of the benchmark's clients table at scale 1; 24 bytes a row, 168 MB. */
export const clientRows = 7_000_000;
/** Rows of the benchmark's orders table at scale 1. */
export const orderRows = 10_000_000;

/** A 32-bit mixing function of a row number: rows are the same whoever makes them, in whatever order (splitmix32). */
export function mix(seed: number): number {
  let z = (seed + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Rows `[start, end)`: country 0…49, segment 0…9, orders 0…199 (skewed), since in days 0…3649, revenue in currency. */
export function clientsColumns(start: number, end: number): Columns {
  const length = end - start;
  const country = new Int32Array(length);
  const segment = new Int32Array(length);
  const orders = new Int32Array(length);
  const since = new Int32Array(length);
  const revenue = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const a = mix((start + i) * 2);
    const b = mix((start + i) * 2 + 1);
    const skew = (a & 0xffff) / 65_536;
    country[i] = Math.floor(((b & 0xfff) / 4096) * ((b & 0xfff) / 4096) * 50);
    segment[i] = (b >>> 12) % 10;
    orders[i] = Math.floor(skew * skew * skew * 200);
    since[i] = (a >>> 16) % 3650;
    revenue[i] = orders[i]! * (10 + ((b >>> 20) % 5000) / 50);
  }
  const int32 = (values: Int32Array): ColumnData => ({ kind: 'int32', length, values });
  return {
    country: int32(country),
    segment: int32(segment),
    orders: int32(orders),
    since: int32(since),
    revenue: { kind: 'float64', length, values: revenue },
  };
}

/** Rows `[start, end)`: id (the key), amount in cents as decimal(12,2), state 0…4, day. */
export function ordersColumns(start: number, end: number): Columns {
  const length = end - start;
  const id = new Int32Array(length);
  const amount = new BigInt64Array(length);
  const words = new Int32Array(amount.buffer);
  const state = new Int32Array(length);
  const day = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const a = mix(start + i);
    id[i] = start + i;
    words[2 * i] = a % 1_000_000;
    state[i] = a % 5;
    day[i] = Math.floor((start + i) / 2740);
  }
  return {
    id: { kind: 'int32', length, values: id },
    amount: { kind: 'decimal', precision: 12, scale: 2, length, values: amount },
    state: { kind: 'int32', length, values: state },
    day: { kind: 'int32', length, values: day },
  };
}
