import type { ColumnType } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import { literalAt } from './build-column.ts';
import { type ColumnData, isValid, typeOf } from './column-data.ts';
import { decodeColumns } from './read-columns.ts';

/** A small finished answer, read by column name and row. Reading an unknown column throws `missing`. */
export interface AnswerTable {
  readonly rows: number;
  readonly names: readonly string[];
  has(name: string): boolean;
  type(name: string): ColumnType;
  /** For drawing: decimals as the nearest number, dates as days, timestamps as UTC ms, int64 as bigint. */
  value(name: string, row: number): string | number | bigint | boolean | null;
  /** All digits, as in JSON literals; the empty string for null. */
  exact(name: string, row: number): string;
  /** A numeric, date or timestamp column as doubles, NaN for null. */
  numbers(name: string): Float64Array;
}

/** Throws `corrupt` when `bytes` are not an Arrow stream. */
export function openAnswer(bytes: Uint8Array): AnswerTable {
  const columns = decodeColumns(bytes);
  const names = Object.keys(columns);
  const column = (name: string): ColumnData => {
    const found = columns[name];
    if (!found)
      throw new ExaError('missing', `The answer has no column ${name}.`, { facts: { column: name } });
    return found;
  };
  return {
    rows: names.length ? column(names[0]!).length : 0,
    names,
    has: (name) => name in columns,
    type: (name) => typeOf(column(name)),
    value: (name, row) => displayAt(column(name), row),
    exact: (name, row) => String(literalAt(column(name), row) ?? ''),
    numbers: (name) => numbersOf(column(name)),
  };
}

function displayAt(data: ColumnData, row: number): string | number | bigint | boolean | null {
  if (!isValid(data, row)) return null;
  if (data.kind === 'text') return data.dictionary[data.codes[row]!]!;
  if (data.kind === 'bool') return data.values[row] !== 0;
  if (data.kind === 'decimal') return Number(data.values[row]) / 10 ** data.scale;
  return data.values[row]!;
}

/** Values as doubles, NaN for null; throws `invalid` for text. */
export function numbersOf(data: ColumnData): Float64Array {
  if (data.kind === 'text') throw new ExaError('invalid', 'A text column has no numbers.');
  const numbers = new Float64Array(data.length);
  const divisor = data.kind === 'decimal' ? 10 ** data.scale : 1;
  for (let i = 0; i < data.length; i++)
    numbers[i] = isValid(data, i) ? Number(data.values[i]) / divisor : Number.NaN;
  return numbers;
}
