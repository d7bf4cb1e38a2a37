import {
  type Data,
  type Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import type { ColumnData } from './column-data.ts';
import { type ArrowForm, toArrow } from './to-arrow.ts';

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

/** Bytes that own their whole buffer: structured clone and IndexedDB copy the buffer behind a view. */
export function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
