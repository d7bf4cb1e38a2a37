import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { encodeTexts } from '../../../src/arrow/utf8.ts';
import { int64FromDoubles } from '../../../src/arrow/words.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import { duckType } from './column-type.ts';
import {
  assignText,
  copyIntoVector,
  copyValidity,
  inlineBytes,
  stringBytes,
  vectorOf,
  vectorRows,
} from './vectors.ts';

/** A column to append: its values, or nothing but nulls. */
export interface AppendedColumn {
  readonly type: ColumnType;
  readonly data: ColumnData | undefined;
}

/** Rows handed to DuckDB before the event loop gets a turn. */
const turnRows = 32 * vectorRows;

/**
 * Appends `rows` rows to `table`, inside the connection's transaction if it is in one. `columns` are all of the
 * table's, in its order, each of its declared type.
 */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendedColumn[],
  rows: number,
): Promise<void> {
  if (rows === 0) return;
  const appender = await connection.createAppender(table);
  try {
    const chunk = DuckDBDataChunk.create(columns.map(({ type }) => duckType(type)));
    const writers = columns.map(({ data }) => (data ? writerOf(data) : undefined));
    for (let start = 0; start < rows; start += vectorRows) {
      const count = Math.min(vectorRows, rows - start);
      chunk.reset();
      chunk.rowCount = count;
      for (let i = 0; i < columns.length; i++) {
        const vector = vectorOf(chunk, i);
        const { data } = columns[i]!;
        const write = writers[i];
        if (!data || !write) {
          copyValidity(vector, new Uint8Array(((count + 63) >> 6) * 8));
          continue;
        }
        write(vector, start, count);
        if (data.validity) copyValidity(vector, bitsOf(data.validity, start, count));
      }
      appender.appendDataChunk(chunk);
      if (start % turnRows === turnRows - vectorRows) await new Promise((resolve) => setImmediate(resolve));
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

type Write = (vector: ReturnType<typeof vectorOf>, start: number, count: number) => void;

function writerOf(data: ColumnData): Write {
  if (data.kind === 'text') return textWriter(data);
  const values = data.kind === 'timestamp' ? int64FromDoubles(data.values) : data.values;
  const width = values.BYTES_PER_ELEMENT;
  return (vector, start, count) =>
    copyIntoVector(vector, new Uint8Array(values.buffer, values.byteOffset + start * width, count * width));
}

/** Short texts go over as one block of `duckdb_string_t`, long ones one by one. */
function textWriter(data: Extract<ColumnData, { kind: 'text' }>): Write {
  const { offsets, bytes } = encodeTexts(data.dictionary);
  const strings = new Uint8Array(vectorRows * stringBytes);
  const lengths = new Uint32Array(strings.buffer);
  return (vector, start, count) => {
    strings.fill(0, 0, count * stringBytes);
    const far: number[] = [];
    for (let i = 0; i < count; i++) {
      const row = start + i;
      if (data.validity && ((data.validity[row >> 3]! >> (row & 7)) & 1) === 0) continue;
      const code = data.codes[row]!;
      const from = offsets[code]!;
      const length = offsets[code + 1]! - from;
      if (length > inlineBytes) {
        far.push(i);
        continue;
      }
      lengths[i * 4] = length;
      for (let byte = 0; byte < length; byte++) strings[i * stringBytes + 4 + byte] = bytes[from + byte]!;
    }
    copyIntoVector(vector, strings.subarray(0, count * stringBytes));
    for (const i of far) {
      const code = data.codes[start + i]!;
      assignText(vector, i, bytes.subarray(offsets[code]!, offsets[code + 1]!));
    }
  };
}

/** Bits `[start, start + count)` in whole 64-bit words; `start` is a multiple of the vector size. */
function bitsOf(validity: Uint8Array, start: number, count: number): Uint8Array {
  const words = new Uint8Array(((count + 63) >> 6) * 8);
  words.set(validity.subarray(start >> 3, (start + count + 7) >> 3));
  return words;
}
