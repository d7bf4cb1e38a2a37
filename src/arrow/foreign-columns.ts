import { type Data, makeData, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import { concatColumns } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import { fromArrow } from './from-arrow.ts';
import { notArrow } from './stream-messages.ts';

/**
 * Columns of an Arrow IPC stream that another program made; several record batches are joined. Values are views of `bytes`
 * where possible. Throws `corrupt` when the bytes are not an Arrow stream, `invalid` for a type no column type holds.
 */
export function foreignColumns(bytes: Uint8Array): Record<string, ColumnData> {
  let schema: Schema;
  let batches: RecordBatch[];
  try {
    const reader = RecordBatchReader.from(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()).open();
    schema = reader.schema;
    batches = reader.readAll();
  } catch (cause) {
    throw notArrow(cause);
  }
  if (!schema) throw notArrow();
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
