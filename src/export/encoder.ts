import { type ColumnData, typeOf } from '../arrow/column-data.ts';
import type { Columns } from '../arrow/columns-stream.ts';
import { decodeColumns } from '../arrow/read-columns.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ExportColumn, ExportFormat } from '../protocol/export.ts';

/** Bytes of a file in the making. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Writes tables one after the other into one file. Memory stays that of one batch. */
export interface Encoder {
  /** The bytes that are ready after these rows, maybe none. Every batch has the columns it was opened with. */
  append(columns: readonly ColumnData[]): Bytes | Promise<Bytes>;
  /** The last bytes of the file. */
  finish(): Bytes | Promise<Bytes>;
  /** Texts cut so far to what the format allows. */
  readonly cut: number;
}

/** A column of a file: its name is unique in it. */
export interface FileColumn {
  readonly id: string;
  readonly name: string;
  /** No rows; says the type. */
  readonly like: ColumnData;
}

export interface EncoderOptions {
  readonly columns: readonly FileColumn[];
  /** Name of the sheet of a workbook. */
  readonly sheet: string;
}

/** The encoder of a format; its library is loaded when it is first used. */
export async function openEncoder(format: ExportFormat, options: EncoderOptions): Promise<Encoder> {
  switch (format) {
    case 'csv':
      return (await import('./write-csv.ts')).csvEncoder(options);
    case 'xlsx':
      return (await import('./write-workbook.ts')).workbookEncoder(options);
    case 'parquet':
      return (await import('./write-parquet.ts')).parquetEncoder(options);
    case 'arrow':
      return (await import('./write-arrow.ts')).arrowEncoder(options);
  }
}

/** The columns of a file by `empty`, an encoded table; a name that comes twice is told apart: "Name (2)". */
export function fileColumns(empty: Uint8Array, columns: readonly ExportColumn[]): FileColumn[] {
  const types = decodeColumns(empty);
  const taken = new Set<string>();
  return columns.map(({ id, name }) => {
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`;
    taken.add(unique);
    return { id, name: unique, like: columnOf(types, id) };
  });
}

/** The columns of a batch in the order of the file. Throws `corrupt` where one is missing or of another type. */
export function batchColumns(bytes: Uint8Array, columns: readonly FileColumn[]): ColumnData[] {
  const found = decodeColumns(bytes);
  return columns.map(({ id, like }) => {
    const column = columnOf(found, id);
    if (JSON.stringify(typeOf(column)) !== JSON.stringify(typeOf(like)))
      throw new ExaError('corrupt', `The column ${id} changed its type while the file was written.`, {
        facts: { column: id },
      });
    return column;
  });
}

function columnOf(columns: Columns, id: string): ColumnData {
  const column = columns[id];
  if (!column)
    throw new ExaError('missing', `There is no column ${id} to export.`, { facts: { column: id } });
  return column;
}
