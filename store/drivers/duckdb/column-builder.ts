import type { DuckDBDataChunk } from '@duckdb/node-api';
import { allSet } from '../../../src/arrow/bitmap.ts';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { doublesFromInt64 } from '../../../src/arrow/words.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import { readTexts } from './read-texts.ts';
import { TextInterner } from './text-interner.ts';
import { type Vector, vectorBytes, vectorOf, vectorValidity } from './vectors.ts';

/** Where a chunk's rows go: from `start` on, or each at its own of `positions`. */
export interface Placement {
  readonly rows: number;
  readonly start: number;
  readonly positions?: Int32Array;
}

type Values = Uint8Array | Int32Array | Float64Array | BigInt64Array;

/** A column of `length` rows filled from DuckDB's vectors; every row must be placed once. */
export class ColumnBuilder {
  readonly #type: ColumnType;
  readonly #length: number;
  readonly #values: Values;
  readonly #texts: TextInterner | undefined;
  #validity: Uint8Array | undefined;
  #placed = 0;

  constructor(type: ColumnType, length: number) {
    this.#type = type;
    this.#length = length;
    this.#values = valuesOf(type, length);
    this.#texts = type.kind === 'text' ? new TextInterner() : undefined;
  }

  add(chunk: DuckDBDataChunk, column: number, placement: Placement): void {
    const { rows, start, positions } = placement;
    const vector = vectorOf(chunk, column);
    const validity = vectorValidity(vector, rows);
    if (this.#texts) this.#addTexts(vector, validity, this.#texts, placement);
    else {
      const source = sourceOf(this.#type, vector, rows);
      if (positions) for (let i = 0; i < rows; i++) this.#values[positions[i]!] = source[i]!;
      else (this.#values as { set(values: Values, offset: number): void }).set(source, start);
    }
    if (validity) {
      for (let i = 0; i < rows; i++)
        if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) this.#setNull(positions ? positions[i]! : start + i);
    }
    this.#placed += rows;
  }

  finish(): ColumnData {
    const length = this.#length;
    if (this.#placed < length) throw new Error(`A column of ${length} rows was given only ${this.#placed}.`);
    const validity = this.#validity;
    const type = this.#type;
    const values = this.#values;
    if (this.#texts)
      return {
        kind: 'text',
        length,
        validity,
        codes: values as Int32Array,
        dictionary: this.#texts.dictionary(),
      };
    return { ...type, length, validity, values } as ColumnData;
  }

  #setNull(row: number): void {
    this.#validity ??= allSet(this.#length);
    this.#validity[row >> 3]! &= ~(1 << (row & 7));
  }

  #addTexts(
    vector: Vector,
    validity: Uint8Array | undefined,
    texts: TextInterner,
    { rows, start, positions }: Placement,
  ): void {
    const codes = this.#values;
    readTexts(vector, validity, rows, (row, bytes, from, length) => {
      codes[positions ? positions[row]! : start + row] = texts.codeOf(bytes, from, length);
    });
  }
}

function valuesOf(type: ColumnType, length: number): Values {
  switch (type.kind) {
    case 'bool':
      return new Uint8Array(length);
    case 'int32':
    case 'date':
    case 'text':
      return new Int32Array(length);
    case 'float64':
    case 'timestamp':
      return new Float64Array(length);
    case 'int64':
    case 'decimal':
      return new BigInt64Array(length);
  }
}

/** The vector's values as its column holds them; a view where it can be one. */
function sourceOf(type: ColumnType, vector: Vector, rows: number): Values {
  switch (type.kind) {
    case 'bool':
      return vectorBytes(vector, rows);
    case 'int32':
    case 'date': {
      const bytes = vectorBytes(vector, rows * 4);
      return new Int32Array(bytes.buffer, bytes.byteOffset, rows);
    }
    case 'float64': {
      const bytes = vectorBytes(vector, rows * 8);
      return new Float64Array(bytes.buffer, bytes.byteOffset, rows);
    }
    default: {
      const bytes = vectorBytes(vector, rows * 8);
      const words = new BigInt64Array(bytes.buffer, bytes.byteOffset, rows);
      return type.kind === 'timestamp' ? doublesFromInt64(words) : words;
    }
  }
}
