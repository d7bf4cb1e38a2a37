import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type ColumnData, isValid } from '../arrow/column-data.ts';
import type { Bytes, Encoder, EncoderOptions, FileColumn } from './encoder.ts';

/** A Parquet file (Snappy), a row group a batch; every value exact: 64-bit integers, decimals, UTC milliseconds. */
export function parquetEncoder({ columns }: EncoderOptions): Encoder {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'schema', num_children: columns.length }, ...columns.map(elementOf)],
    createdBy: 'exanalytics',
  });
  const drain = (): Bytes => {
    const bytes = writer.getBytes().slice() as Bytes;
    writer.index = 0;
    return bytes;
  };
  return {
    cut: 0,
    append(batch) {
      const rows = batch[0]?.length ?? 0;
      if (rows > 0)
        void file.write({
          columnData: batch.map((column, i) => ({ name: columns[i]!.name, data: valuesOf(column) })),
          rowGroupSize: rows,
        });
      return drain();
    },
    finish() {
      void file.finish();
      return drain();
    },
  };
}

function elementOf({ name, like }: FileColumn): SchemaElement {
  const element = { name, repetition_type: 'OPTIONAL' } as const;
  switch (like.kind) {
    case 'bool':
      return { ...element, type: 'BOOLEAN' };
    case 'int32':
      return { ...element, type: 'INT32' };
    case 'int64':
      return { ...element, type: 'INT64' };
    case 'float64':
      return { ...element, type: 'DOUBLE' };
    case 'date':
      return { ...element, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'timestamp':
      return {
        ...element,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    case 'decimal':
      return {
        ...element,
        type: 'INT64',
        converted_type: 'DECIMAL',
        precision: like.precision,
        scale: like.scale,
        logical_type: { type: 'DECIMAL', precision: like.precision, scale: like.scale },
      };
    case 'text':
      return { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  }
}

function valuesOf(column: ColumnData): unknown[] {
  const read = readerOf(column);
  return Array.from({ length: column.length }, (_, row) => (isValid(column, row) ? read(row) : null));
}

function readerOf(column: ColumnData): (row: number) => unknown {
  switch (column.kind) {
    case 'text':
      return (row) => column.dictionary[column.codes[row]!];
    case 'bool':
      return (row) => column.values[row] !== 0;
    case 'timestamp':
      return (row) => BigInt(column.values[row]!);
    default:
      return (row) => column.values[row];
  }
}
