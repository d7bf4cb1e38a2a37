import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Placement } from './column-builder.ts';
import { vectorBytes, vectorOf, vectorValidity } from './vectors.ts';

const wideBytes = 16;

/** 128-bit sums as DuckDB gives them (HUGEINT, DECIMAL(38)): low and high 64 bits; null is 0. */
export class WideBuilder {
  readonly #low: BigInt64Array;
  readonly #high: BigInt64Array;

  constructor(length: number) {
    this.#low = new BigInt64Array(length);
    this.#high = new BigInt64Array(length);
  }

  add(chunk: DuckDBDataChunk, column: number, { rows, start }: Placement): void {
    const vector = vectorOf(chunk, column);
    const validity = vectorValidity(vector, rows);
    const bytes = vectorBytes(vector, rows * wideBytes);
    const words = new BigInt64Array(bytes.buffer, bytes.byteOffset, rows * 2);
    for (let i = 0; i < rows; i++) {
      if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
      this.#low[start + i] = words[2 * i]!;
      this.#high[start + i] = words[2 * i + 1]!;
    }
  }

  slice(start: number, end: number): { low: BigInt64Array; high: BigInt64Array } {
    return { low: this.#low.slice(start, end), high: this.#high.slice(start, end) };
  }
}
