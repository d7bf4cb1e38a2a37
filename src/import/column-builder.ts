import type { ColumnData } from '../arrow/column-data.ts';
import type { ColumnReading } from './infer.ts';
import { parseValue } from './parse-value.ts';
import type { LocalToUtc } from './zone.ts';

/** Builds one column of up to `capacity` rows from texts; reused from batch to batch. */
export class ColumnBuilder {
  readonly reading: ColumnReading;
  readonly #toUtc: LocalToUtc;
  readonly #capacity: number;
  #values: Uint8Array | Int32Array | Float64Array | BigInt64Array;
  #present: Uint8Array;
  #codes = new Map<string, number>();

  constructor(reading: ColumnReading, capacity: number, toUtc: LocalToUtc) {
    this.reading = reading;
    this.#toUtc = toUtc;
    this.#capacity = capacity;
    this.#values = this.#room();
    this.#present = new Uint8Array(capacity);
  }

  /** Sets row `i` of the batch (null for a missing value); false when the text is no value of this column. */
  set(i: number, text: string | null): boolean {
    if (text === null) {
      this.#present[i] = 0;
      this.#values[i] = this.#values instanceof BigInt64Array ? 0n : 0;
      return true;
    }
    const value = parseValue(text, this.reading, this.#toUtc);
    if (value === undefined) return false;
    this.#present[i] = 1;
    this.#values[i] = typeof value === 'string' ? this.#code(value) : value;
    return true;
  }

  /** The first `length` rows as a column; the builder starts afresh. */
  take(length: number): ColumnData {
    const { type } = this.reading;
    const values = this.#values.length === length ? this.#values : this.#values.slice(0, length);
    const validity = bitmapOf(this.#present, length);
    const base = { length, ...(validity ? { validity } : {}) };
    const dictionary = [...this.#codes.keys()];
    this.#values = this.#room();
    this.#codes = new Map();
    switch (type.kind) {
      case 'text':
        return { ...base, kind: 'text', codes: values as Int32Array, dictionary };
      case 'bool':
        return { ...base, kind: 'bool', values: values as Uint8Array };
      case 'int32':
      case 'date':
        return { ...base, kind: type.kind, values: values as Int32Array };
      case 'float64':
      case 'timestamp':
        return { ...base, kind: type.kind, values: values as Float64Array };
      case 'int64':
        return { ...base, kind: 'int64', values: values as BigInt64Array };
      case 'decimal':
        return {
          ...base,
          kind: 'decimal',
          precision: type.precision,
          scale: type.scale,
          values: values as BigInt64Array,
        };
    }
  }

  #code(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#codes.size;
      this.#codes.set(text, code);
    }
    return code;
  }

  #room(): Uint8Array | Int32Array | Float64Array | BigInt64Array {
    switch (this.reading.type.kind) {
      case 'bool':
        return new Uint8Array(this.#capacity);
      case 'float64':
      case 'timestamp':
        return new Float64Array(this.#capacity);
      case 'int64':
      case 'decimal':
        return new BigInt64Array(this.#capacity);
      default:
        return new Int32Array(this.#capacity);
    }
  }
}

/** An Arrow bitmap of the first `length` of `present` (0 or 1 each), or undefined when all are present. */
export function bitmapOf(present: Uint8Array, length: number): Uint8Array | undefined {
  const bits = new Uint8Array((length + 7) >> 3);
  let missing = false;
  for (let i = 0; i < length; i++) {
    if (present[i]) bits[i >> 3]! |= 1 << (i & 7);
    else missing = true;
  }
  return missing ? bits : undefined;
}
