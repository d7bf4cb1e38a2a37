import type { ColumnInfo, ColumnType } from '../protocol/column.ts';
import { typeName } from '../protocol/column-words.ts';
import { ExaError } from '../protocol/errors.ts';
import { type ColumnData, isValid, typeOf } from './column-data.ts';

/**
 * `data` as the stored column's type, where every value fits it exactly: whole numbers widen to int64, decimal and
 * float64, decimals to more decimals. Throws `invalid` with the first row that does not fit (rows count from 1).
 */
export function coerceColumn(data: ColumnData, column: ColumnInfo): ColumnData {
  const { type } = column;
  if (data.kind === 'text' && type.kind === 'text') return data;
  if (data.kind !== 'decimal' && data.kind !== 'text' && data.kind === type.kind) return data;
  if (
    data.kind === 'decimal' &&
    type.kind === 'decimal' &&
    data.scale === type.scale &&
    data.precision <= type.precision
  )
    return data;
  if (nothingIn(data)) return nulls(type, data.length);
  if (data.kind === 'int32' || data.kind === 'int64' || data.kind === 'decimal') {
    if (type.kind === 'int32' || type.kind === 'int64' || type.kind === 'decimal')
      return toInteger(data, column);
    if (type.kind === 'float64' && data.kind === 'int32')
      return {
        kind: 'float64',
        length: data.length,
        validity: data.validity,
        values: Float64Array.from(data.values),
      };
    if (type.kind === 'float64' && data.kind === 'int64') return toDouble(data, column);
  }
  throw new ExaError(
    'invalid',
    `The column ${column.name} holds ${typeName(type)}, but was given ${typeName(typeOf(data))}.`,
    { facts: { column: column.name, type: type.kind, given: data.kind } },
  );
}

function nothingIn(data: ColumnData): boolean {
  for (let i = 0; i < data.length; i++) if (isValid(data, i)) return false;
  return true;
}

function nulls(type: ColumnType, length: number): ColumnData {
  const validity = new Uint8Array((length + 7) >> 3);
  switch (type.kind) {
    case 'text':
      return { kind: 'text', length, validity, codes: new Int32Array(length), dictionary: [] };
    case 'bool':
      return { kind: 'bool', length, validity, values: new Uint8Array(length) };
    case 'int32':
    case 'date':
      return { kind: type.kind, length, validity, values: new Int32Array(length) };
    case 'float64':
    case 'timestamp':
      return { kind: type.kind, length, validity, values: new Float64Array(length) };
    case 'int64':
      return { kind: 'int64', length, validity, values: new BigInt64Array(length) };
    case 'decimal':
      return { ...type, length, validity, values: new BigInt64Array(length) };
  }
}

type Integers = Extract<ColumnData, { readonly values: Int32Array } | { readonly values: BigInt64Array }>;

function toInteger(data: Integers, column: ColumnInfo): ColumnData {
  const { type } = column;
  const { length, validity } = data;
  const from = data.kind === 'decimal' ? data.scale : 0;
  const to = type.kind === 'decimal' ? type.scale : 0;
  const limit =
    type.kind === 'decimal' ? 10n ** BigInt(type.precision) : type.kind === 'int32' ? 1n << 31n : 1n << 63n;
  const lowest = type.kind === 'decimal' ? -limit + 1n : -limit;
  const up = 10n ** BigInt(Math.max(0, to - from));
  const down = 10n ** BigInt(Math.max(0, from - to));
  const values = new BigInt64Array(length);
  for (let i = 0; i < length; i++) {
    if (!isValid(data, i)) continue;
    const given = BigInt(data.values[i]!) * up;
    const value = given / down;
    if (value * down !== given || value >= limit || value < lowest) throw misfit(data, i, column);
    values[i] = value;
  }
  if (type.kind === 'int32')
    return { kind: 'int32', length, validity, values: Int32Array.from(values, (value) => Number(value)) };
  if (type.kind === 'decimal') return { ...type, length, validity, values };
  return { kind: 'int64', length, validity, values };
}

function toDouble(data: Extract<ColumnData, { kind: 'int64' }>, column: ColumnInfo): ColumnData {
  const values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (!isValid(data, i)) continue;
    values[i] = Number(data.values[i]!);
    if (BigInt(values[i]!) !== data.values[i]) throw misfit(data, i, column);
  }
  return { kind: 'float64', length: data.length, validity: data.validity, values };
}

function misfit(data: Integers, row: number, column: ColumnInfo): ExaError {
  const unscaled = String(data.values[row]);
  const value = data.kind === 'decimal' ? `${unscaled} ÷ 10^${data.scale}` : unscaled;
  return new ExaError(
    'invalid',
    `Row ${row + 1}: ${value} does not fit the column ${column.name}, which holds ${typeName(column.type)}.`,
    { facts: { column: column.name, row: row + 1 } },
  );
}
