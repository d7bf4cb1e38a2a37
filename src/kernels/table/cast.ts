import { emptyColumn } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { valueOfLiteral } from '../../arrow/literal.ts';
import { int64FromDoubles } from '../../arrow/words.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import { decimalDigits, scaleOf } from '../../protocol/formula-type.ts';
import { bigintsOf, doublesOf, exactDoubles } from './numbers.ts';
import { allNull } from './validity.ts';

/** A column that holds one literal in every row. Throws `invalid` when the literal is not of `type`. */
export function constantColumn(type: ColumnType, literal: Literal, length: number): ColumnData {
  if (literal === null) return nullColumn(type, length);
  const value = valueOfLiteral(type, literal);
  switch (type.kind) {
    case 'bool':
      return { kind: 'bool', length, values: new Uint8Array(length).fill(value as number) };
    case 'int32':
    case 'date':
      return { kind: type.kind, length, values: new Int32Array(length).fill(value as number) };
    case 'float64':
    case 'timestamp':
      return { kind: type.kind, length, values: new Float64Array(length).fill(value as number) };
    case 'int64':
      return { kind: 'int64', length, values: new BigInt64Array(length).fill(value as bigint) };
    case 'decimal':
      return { ...type, length, values: new BigInt64Array(length).fill(value as bigint) };
    case 'text':
      return { kind: 'text', length, codes: new Int32Array(length), dictionary: [value as string] };
  }
}

/** A column of nulls. */
export function nullColumn(type: ColumnType, length: number): ColumnData {
  const validity = length ? allNull(length) : undefined;
  switch (type.kind) {
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
    case 'text':
      return {
        ...emptyColumn(type),
        kind: 'text',
        length,
        validity,
        codes: new Int32Array(length),
        dictionary: [],
      };
  }
}

/** A number brought to a wider type: integers to int64, to a larger scale, or to float64 (the nearest). */
export function castColumn(data: ColumnData, type: ColumnType): ColumnData {
  const { length, validity } = data;
  if (data.kind === 'decimal' && type.kind === 'decimal' && data.scale === type.scale)
    return data.precision === type.precision ? data : { ...data, precision: type.precision };
  if (data.kind === type.kind && data.kind !== 'decimal') return data;
  if (type.kind === 'float64') return { kind: 'float64', length, validity, values: doublesOf(data) };
  if (type.kind === 'int64' || type.kind === 'decimal') {
    const doubles = exactDoubles(data, scaleOf(type));
    const values = doubles
      ? int64FromDoubles(doubles)
      : BigInt64Array.from(checked(bigintsOf(data, scaleOf(type)), type, validity));
    return type.kind === 'int64'
      ? { kind: 'int64', length, validity, values }
      : { ...type, length, validity, values };
  }
  throw new ExaError('invalid', `A ${data.kind} cannot become a ${type.kind}.`);
}

/** `values` when all that are not null fit `type`; values under a null become 0. Throws `invalid` on overflow. */
export function checked(values: bigint[], type: ColumnType, validity: Uint8Array | undefined): bigint[] {
  const end = type.kind === 'decimal' ? 10n ** BigInt(decimalDigits) : 2n ** 63n;
  const start = type.kind === 'decimal' ? -end + 1n : -end;
  for (let i = 0; i < values.length; i++) {
    if (validity && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) values[i] = 0n;
    else if (values[i]! >= end || values[i]! < start)
      throw new ExaError(
        'invalid',
        type.kind === 'decimal'
          ? 'A calculated value has more than 18 digits: round or divide its parts first.'
          : 'A calculated whole number passes 2^63: divide its parts first.',
        { facts: { row: i } },
      );
  }
  return values;
}
