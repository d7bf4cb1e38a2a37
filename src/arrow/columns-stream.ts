import {
  type Data,
  type Field,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import { ExaError } from '../protocol/errors.ts';
import { type ArrowForm, fromArrow, toArrow } from './arrow-column.ts';
import { concatColumns } from './build-column.ts';
import type { ColumnData } from './column-data.ts';

/** A small table by column name; every column has the same length. */
export type Columns = Readonly<Record<string, ColumnData>>;

/** An Arrow IPC stream of one record batch. The same columns give the same bytes. */
export function encodeColumns(columns: Columns, options: { form?: ArrowForm } = {}): Uint8Array {
  const fields: Field[] = [];
  const children: Data[] = [];
  let length = 0;
  const seen: Uint8Array[] = [];
  for (const [name, given] of Object.entries(columns)) {
    const column = withOwnValues(given, seen);
    const { field, data } = toArrow(name, column, fields.length, options.form ?? 'packed');
    fields.push(field);
    children.push(data);
    length = column.length;
  }
  const schema = new Schema(fields);
  const struct = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, struct));
  writer.finish();
  return exact(writer.toUint8Array(true));
}

/**
 * The column with values that no column before it has. Arrow's writer takes two views of the same bytes that follow
 * each other for one (`collapseContiguousByteRanges`) and would write them once.
 */
function withOwnValues(column: ColumnData, seen: Uint8Array[]): ColumnData {
  const values = column.kind === 'text' ? column.codes : column.values;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const overlaps = seen.some(
    (other) =>
      other.buffer === bytes.buffer &&
      other.byteOffset < bytes.byteOffset + bytes.byteLength &&
      bytes.byteOffset < other.byteOffset + other.byteLength,
  );
  if (!overlaps) {
    seen.push(bytes);
    return column;
  }
  if (column.kind === 'text') return { ...column, codes: column.codes.slice() };
  return { ...column, values: column.values.slice() } as ColumnData;
}

/**
 * Columns of an Arrow IPC stream; several record batches are joined. Values are views of `bytes` where possible.
 * Throws `corrupt` when the bytes are not an Arrow stream, `invalid` for a type no column type holds.
 */
export function decodeColumns(bytes: Uint8Array): Record<string, ColumnData> {
  let schema: Schema;
  let batches: RecordBatch[];
  try {
    const reader = RecordBatchReader.from(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()).open();
    schema = reader.schema;
    batches = reader.readAll();
  } catch (cause) {
    throw new ExaError('corrupt', 'The bytes received are not Arrow data.', { cause });
  }
  if (!schema) throw new ExaError('corrupt', 'The bytes received are not Arrow data.');
  const columns: Record<string, ColumnData> = {};
  schema.fields.forEach((field, i) => {
    const parts = batches.map((batch) => fromArrow(field, batch.data.children[i]!));
    columns[field.name] =
      parts.length === 1
        ? parts[0]!
        : concatColumns(
            parts.length ? parts : [fromArrow(field, makeData({ type: field.type, length: 0 }) as Data)],
          );
  });
  return columns;
}

/** Bytes that own their whole buffer: structured clone and IndexedDB copy the buffer behind a view. */
export function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
