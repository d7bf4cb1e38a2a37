import { type ColumnData, isValid, typeOf } from '../arrow/column-data.ts';
import { blockRows, type ColumnType } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { bitmapOf, ColumnBuilder } from './column-builder.ts';
import { quote } from './infer.ts';
import { counted } from './raw-rows.ts';

/** Rows in columns by name, all of one length. */
export interface TypedBatch {
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly rows: number;
}

/** The same rows in batches of at most {@link blockRows}. */
export function* cutBatch(batch: TypedBatch): Iterable<TypedBatch> {
  if (batch.rows <= blockRows) {
    yield batch;
    return;
  }
  for (let start = 0; start < batch.rows; start += blockRows) {
    const end = Math.min(batch.rows, start + blockRows);
    const columns = Object.fromEntries(
      Object.entries(batch.columns).map(([name, data]) => [name, sliceColumn(data, start, end)]),
    );
    yield { columns, rows: end - start };
  }
}

/** Rows `[start, end)` of a column; a text's dictionary shrinks to the values used. */
export function sliceColumn(data: ColumnData, start: number, end: number): ColumnData {
  const length = end - start;
  const present = new Uint8Array(length);
  for (let i = 0; i < length; i++) present[i] = isValid(data, start + i) ? 1 : 0;
  const validity = bitmapOf(present, length);
  const base = { length, ...(validity ? { validity } : {}) };
  switch (data.kind) {
    case 'text': {
      const codes = new Int32Array(length);
      const newCode = new Int32Array(data.dictionary.length).fill(-1);
      const dictionary: string[] = [];
      for (let i = 0; i < length; i++) {
        if (!present[i]) continue;
        const code = data.codes[start + i]!;
        if (newCode[code] === -1) newCode[code] = dictionary.push(data.dictionary[code]!) - 1;
        codes[i] = newCode[code]!;
      }
      return { ...base, kind: 'text', codes, dictionary };
    }
    case 'bool':
      return { ...base, kind: 'bool', values: data.values.slice(start, end) };
    case 'int32':
    case 'date':
      return { ...base, kind: data.kind, values: data.values.slice(start, end) };
    case 'float64':
    case 'timestamp':
      return { ...base, kind: data.kind, values: data.values.slice(start, end) };
    case 'int64':
      return { ...base, kind: 'int64', values: data.values.slice(start, end) };
    case 'decimal': {
      const { precision, scale } = data;
      return { ...base, kind: 'decimal', precision, scale, values: data.values.slice(start, end) };
    }
  }
}

/** The value at a row as text a reader of numbers, dates and instants understands; null when missing. */
export function textAt(data: ColumnData, i: number): string | null {
  if (!isValid(data, i)) return null;
  switch (data.kind) {
    case 'text':
      return data.dictionary[data.codes[i]!]!;
    case 'bool':
      return data.values[i] ? 'true' : 'false';
    case 'decimal':
      return decimalText(data.values[i]!, data.scale);
    case 'date':
      return isoDate(data.values[i]! * 86_400_000);
    case 'timestamp':
      return isoInstant(data.values[i]!);
    default:
      return String(data.values[i]!);
  }
}

/** An unscaled integer as a decimal number: `-1250n`, scale 2 → `-12.50`. */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function isoInstant(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}

function isoDate(ms: number): string {
  const text = isoInstant(ms);
  const end = text.indexOf('T');
  return end < 0 ? text : text.slice(0, end);
}

/**
 * A column as another type, when each of its values has an exact form there (an append to a data set whose column is
 * wider). Throws `invalid` naming the row, counted from `rowStart`, that has none.
 */
export function convertColumn(
  name: string,
  data: ColumnData,
  type: ColumnType,
  rowStart: number,
): ColumnData {
  const from = typeOf(data);
  if (
    from.kind === type.kind &&
    (from.kind !== 'decimal' || type.kind !== 'decimal' || from.scale === type.scale)
  )
    return data.kind === 'decimal' && type.kind === 'decimal' ? { ...data, precision: type.precision } : data;
  const reading = { name, type, mark: '.', order: 'dmy' } as const;
  const builder = new ColumnBuilder(reading, data.length, (ms) => ms);
  for (let i = 0; i < data.length; i++) {
    const text = textAt(data, i);
    if (!builder.set(i, text))
      throw new ExaError(
        'invalid',
        `Row ${counted(rowStart + i + 1)}, column ${name}: ${quote(text ?? '')} cannot be kept as ${typeName(type)}, which is this column's type.`,
        { facts: { row: rowStart + i + 1, column: name, value: text } },
      );
  }
  return builder.take(data.length);
}

/** A type as sentences name it. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case 'bool':
      return 'true or false';
    case 'int32':
    case 'int64':
      return 'a whole number';
    case 'decimal':
      return `a decimal with ${type.scale} places`;
    case 'float64':
      return 'a number';
    case 'date':
      return 'a date';
    case 'timestamp':
      return 'a date and time';
    case 'text':
      return 'text';
  }
}
