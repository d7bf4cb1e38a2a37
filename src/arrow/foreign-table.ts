import {
  type Data,
  DataType,
  DateUnit,
  type Field,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
  type Timestamp,
  TimeUnit,
  Type,
  Vector,
} from 'apache-arrow';
import { ExaError, isExaError } from '../protocol/errors.ts';
import type { ColumnData } from './column-data.ts';
import { dictionaryOf, fromArrow } from './from-arrow.ts';

/** Some rows of an Arrow file another program wrote. */
export interface ForeignBatch {
  readonly names: readonly string[];
  readonly columns: readonly ColumnData[];
  readonly rows: number;
  /** Columns that are timestamps without a zone: local milliseconds, not UTC. */
  readonly local: readonly boolean[];
}

/**
 * Batches of an Arrow IPC file or stream, the first one possibly empty (it carries the names). Every Arrow type that a
 * column type can hold exactly is accepted: integers of any width, floats, decimals to 18 digits, dates, timestamps of
 * any unit (floored to milliseconds), texts and dictionaries of them, nulls; others become JSON text.
 * Throws `invalid`, one sentence with `name`, when the bytes are cut or are no Arrow.
 */
export async function* readArrowTable(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncIterable<ForeignBatch> {
  const cut = (cause?: unknown) =>
    new ExaError(
      'invalid',
      `The file ${name} is cut short or damaged: its Arrow data cannot be read to the end. Get the file again.`,
      { cause },
    );
  let schema: Schema;
  let batches: AsyncIterator<RecordBatch>;
  try {
    const reader = await RecordBatchReader.from(chunks);
    await reader.open();
    schema = reader.schema;
    batches = reader[Symbol.asyncIterator]() as AsyncIterator<RecordBatch>;
  } catch (cause) {
    throw isExaError(cause) ? cause : cut(cause);
  }
  if (!schema) throw cut();
  const names = schema.fields.map((field) => field.name);
  const local = schema.fields.map((field) => isLocal(field.type));
  let first = true;
  for (;;) {
    let next: IteratorResult<RecordBatch>;
    try {
      next = await batches.next();
    } catch (cause) {
      if (isExaError(cause) || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
      throw cut(cause);
    }
    if (next.done) break;
    first = false;
    const batch = next.value;
    const columns = schema.fields.map((field, i) => columnOf(field, batch.data.children[i]!));
    yield { names, columns, rows: batch.numRows, local };
  }
  if (!first) return;
  const empty = schema.fields.map((field) => columnOf(field, new Vector([]).data[0] as Data, 0));
  yield { names, columns: empty, rows: 0, local };
}

function isLocal(type: DataType): boolean {
  return DataType.isTimestamp(type) && !type.timezone;
}

function columnOf(field: Field, data: Data | undefined, rows = data?.length ?? 0): ColumnData {
  if (!data || rows === 0) return emptyColumn(field);
  const type = field.type;
  if (DataType.isTimestamp(type) && type.unit !== TimeUnit.MILLISECOND) return scaledTimestamps(type, data);
  if (DataType.isDate(type) && type.unit !== DateUnit.DAY) return fromArrow(field, data);
  if (DataType.isFloat(type) && !(data.values instanceof Float64Array))
    return generic(data, 'float64', (value) => Number(value));
  if (isNative(type)) return fromArrow(field, data);
  return textOf(data);
}

function isNative(type: DataType): boolean {
  if (DataType.isDictionary(type)) return type.dictionary.typeId === Type.Utf8;
  return (
    DataType.isBool(type) ||
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isDate(type) ||
    DataType.isTimestamp(type) ||
    DataType.isUtf8(type) ||
    (DataType.isDecimal(type) && type.bitWidth === 128)
  );
}

function emptyColumn(field: Field): ColumnData {
  const { type } = field;
  if (DataType.isBool(type)) return { kind: 'bool', length: 0, values: new Uint8Array(0) };
  if (DataType.isInt(type))
    return type.bitWidth === 64 || (type.bitWidth === 32 && !type.isSigned)
      ? { kind: 'int64', length: 0, values: new BigInt64Array(0) }
      : { kind: 'int32', length: 0, values: new Int32Array(0) };
  if (DataType.isFloat(type)) return { kind: 'float64', length: 0, values: new Float64Array(0) };
  if (DataType.isDate(type)) return { kind: 'date', length: 0, values: new Int32Array(0) };
  if (DataType.isTimestamp(type)) return { kind: 'timestamp', length: 0, values: new Float64Array(0) };
  if (DataType.isDecimal(type))
    return {
      kind: 'decimal',
      length: 0,
      precision: Math.min(18, type.precision),
      scale: type.scale,
      values: new BigInt64Array(0),
    };
  return { kind: 'text', length: 0, codes: new Int32Array(0), dictionary: [] };
}

const unitsPerMs: Record<number, readonly [bigint, bigint]> = {
  [TimeUnit.SECOND]: [1000n, 1n],
  [TimeUnit.MICROSECOND]: [1n, 1000n],
  [TimeUnit.NANOSECOND]: [1n, 1_000_000n],
};

function scaledTimestamps(type: Timestamp, data: Data): ColumnData {
  const [times, per] = unitsPerMs[type.unit]!;
  const source = data.values as BigInt64Array;
  const values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const scaled = source[i]! * times;
    const floored = scaled / per - (scaled % per < 0n ? 1n : 0n);
    values[i] = Number(floored);
  }
  return { kind: 'timestamp', length: data.length, values, ...validity(data) };
}

function generic(data: Data, kind: 'float64', read: (value: unknown) => number): ColumnData {
  const vector = new Vector([data]);
  const values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value: unknown = vector.get(i);
    if (value !== null) values[i] = read(value);
  }
  return { kind, length: data.length, values, ...validity(data) };
}

function textOf(data: Data): ColumnData {
  const vector = new Vector([data]);
  const texts: string[] = [];
  for (let i = 0; i < data.length; i++) texts.push(inWords(vector.get(i)));
  return { ...dictionaryOf(texts), ...validity(data) };
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

/** Validity by asking each value: correct for every layout (null type, unions, offsets). */
function validity(data: Data): { readonly validity?: Uint8Array } {
  if (data.typeId !== Type.Null && data.nullCount === 0) return {};
  const bits = new Uint8Array((data.length + 7) >> 3);
  for (let i = 0; i < data.length; i++)
    if (data.typeId !== Type.Null && data.getValid(i)) bits[i >> 3]! |= 1 << (i & 7);
  return { validity: bits };
}
