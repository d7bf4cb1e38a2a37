import { type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ColumnData } from '../arrow/column-data.ts';
import type { ColumnType } from '../protocol/column.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import { bitmapOf } from './column-builder.ts';
import { fitsDigits } from './parse-value.ts';
import { counted } from './raw-rows.ts';
import type { ImportSource } from './source.ts';
import type { TypedBatch } from './typed-batch.ts';
import type { LocalToUtc } from './zone.ts';

interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** A timestamp that is not adjusted to UTC. */
  readonly local: boolean;
}

/**
 * Row groups of a Parquet file as typed columns, one batch a row group (the first one possibly empty: it carries the
 * columns). Lists, structs and other nested values become JSON text. Throws `invalid`, one sentence, when the file is
 * cut or damaged.
 */
export async function* readParquet(
  source: ImportSource,
  toUtc: LocalToUtc,
  options: { signal?: AbortSignal } = {},
): AsyncIterable<TypedBatch> {
  const file = {
    byteLength: source.byteLength,
    slice: async (start: number, end = source.byteLength) => {
      options.signal?.throwIfAborted();
      const bytes = await source.slice(start, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  const metadata = await whole(source.name, () => parquetMetadataAsync(file));
  const columns = topLevel(metadata).map(columnOf);
  const raw = withoutDecimals(metadata);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const data: Record<string, ColumnData> = {};
    for (const column of columns) {
      const values: unknown[] = new Array(rows).fill(null);
      await whole(source.name, () =>
        parquetRead({
          file,
          metadata: raw,
          compressors,
          columns: [column.name],
          rowStart,
          rowEnd: rowStart + rows,
          utf8: false,
          parsers: instants,
          onChunk: (chunk) => {
            const from = Math.max(rowStart, chunk.rowStart);
            const to = Math.min(rowStart + rows, chunk.rowEnd);
            for (let i = from; i < to; i++) values[i - rowStart] = chunk.columnData[i - chunk.rowStart];
          },
        }),
      );
      data[column.name] = toColumn(column, values, rowStart, toUtc);
    }
    yield { columns: data, rows };
    rowStart += rows;
  }
  if (metadata.row_groups.length === 0)
    yield {
      columns: Object.fromEntries(columns.map((column) => [column.name, toColumn(column, [], 0, toUtc)])),
      rows: 0,
    };
}

const decoder = new TextDecoder();

/** Instants as milliseconds, floored; days as they are. */
const instants = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis),
  timestampFromMicroseconds: (micros: bigint) => floorDivide(micros, 1000n),
  timestampFromNanoseconds: (nanos: bigint) => floorDivide(nanos, 1_000_000n),
  dateFromDays: (days: number) => days,
};

function floorDivide(value: bigint | null | undefined, by: bigint): number | undefined {
  if (value === null || value === undefined) return undefined;
  return Number(value / by - (value % by < 0n ? 1n : 0n));
}

async function whole<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (isExaError(cause) || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
    throw new ExaError(
      'invalid',
      `The file ${name} is cut short or damaged: its Parquet data cannot be read to the end. Get the file again.`,
      { cause },
    );
  }
}

/** The root's children, nested ones without their own children. */
function topLevel({ schema }: FileMetaData): SchemaElement[] {
  const found: SchemaElement[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]!.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) found.push(schema[at]!);
  return found;
}

function columnOf(element: SchemaElement): ParquetColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const as = (kind: Exclude<ColumnType['kind'], 'decimal'>, local = false) => ({
    name,
    type: { kind } as ColumnType,
    local,
  });
  if (element.num_children || element.repetition_type === 'REPEATED') return as('text');
  if (isDecimal(element)) {
    const { precision = 18, scale = 0 } = logical?.type === 'DECIMAL' ? logical : element;
    return { name, type: { kind: 'decimal', precision: Math.min(18, precision), scale }, local: false };
  }
  if (converted === 'DATE' || logical?.type === 'DATE') return as('date');
  if (logical?.type === 'TIMESTAMP') return as('timestamp', !logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS' || type === 'INT96')
    return as('timestamp');
  if (logical?.type === 'TIME' || converted === 'TIME_MILLIS' || converted === 'TIME_MICROS')
    return as('text');
  if (logical?.type === 'FLOAT16' || type === 'FLOAT' || type === 'DOUBLE') return as('float64');
  if (type === 'BOOLEAN') return as('bool');
  if (type === 'INT64') return as('int64');
  if (type === 'INT32') return as(converted === 'UINT_32' ? 'int64' : 'int32');
  return as('text');
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';
}

/** The same metadata with decimals unmarked, so that their integers arrive whole instead of as rounded doubles. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata,
    schema: metadata.schema.map((element) =>
      isDecimal(element) ? { ...element, converted_type: undefined, logical_type: undefined } : element,
    ),
  };
}

function toColumn(
  column: ParquetColumn,
  raw: readonly unknown[],
  rowStart: number,
  toUtc: LocalToUtc,
): ColumnData {
  const { type } = column;
  const length = raw.length;
  const present = Uint8Array.from(raw, (value) => (value === null || value === undefined ? 0 : 1));
  const validity = bitmapOf(present, length);
  const base = { length, ...(validity ? { validity } : {}) };
  const numbers = <T extends Float64Array | Int32Array | Uint8Array>(values: T): T => {
    for (let i = 0; i < length; i++) if (present[i]) values[i] = Number(raw[i]);
    return values;
  };
  switch (type.kind) {
    case 'bool':
      return { ...base, kind: 'bool', values: numbers(new Uint8Array(length)) };
    case 'int32':
    case 'date':
      return { ...base, kind: type.kind, values: numbers(new Int32Array(length)) };
    case 'float64':
      return { ...base, kind: 'float64', values: numbers(new Float64Array(length)) };
    case 'timestamp': {
      const values = numbers(new Float64Array(length));
      return { ...base, kind: 'timestamp', values: column.local ? values.map(toUtc) : values };
    }
    case 'int64':
    case 'decimal': {
      const values = new BigInt64Array(length);
      const digits = type.kind === 'decimal' ? type.precision : undefined;
      for (let i = 0; i < length; i++) {
        if (!present[i]) continue;
        const value = wholeNumber(raw[i]);
        const fits =
          digits === undefined ? BigInt.asIntN(64, value) === value : fitsDigits(value, Math.max(digits, 18));
        if (!fits)
          throw new ExaError(
            'invalid',
            `Row ${counted(rowStart + i + 1)}, column ${column.name}: the number has more digits than can be kept (18 for decimals, 2^63 for integers).`,
            { facts: { row: rowStart + i + 1, column: column.name } },
          );
        values[i] = value;
      }
      return type.kind === 'decimal'
        ? { ...base, kind: 'decimal', precision: type.precision, scale: type.scale, values }
        : { ...base, kind: 'int64', values };
    }
    case 'text': {
      const codes = new Int32Array(length);
      const codeOf = new Map<string, number>();
      for (let i = 0; i < length; i++) {
        if (!present[i]) continue;
        const text = inWords(raw[i]);
        let code = codeOf.get(text);
        if (code === undefined) {
          code = codeOf.size;
          codeOf.set(text, code);
        }
        codes[i] = code;
      }
      return { ...base, kind: 'text', codes, dictionary: [...codeOf.keys()] };
    }
  }
}

/** An unscaled integer, or a big-endian two's complement one. */
function wholeNumber(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  let whole = 0n;
  for (const byte of value) whole = whole * 256n + BigInt(byte);
  return BigInt.asIntN(8 * value.length, whole);
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    return inner instanceof Uint8Array ? decoder.decode(inner) : inner;
  });
}
