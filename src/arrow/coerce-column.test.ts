import { expect, it } from 'vitest';
import type { ColumnType, Literal } from '../protocol/column.ts';
import { columnFromLiterals, literalAt } from './build-column.ts';
import { coerceColumn } from './coerce-column.ts';

const int32: ColumnType = { kind: 'int32' };
const int64: ColumnType = { kind: 'int64' };
const float64: ColumnType = { kind: 'float64' };
const text: ColumnType = { kind: 'text' };
const decimal = (precision: number, scale: number): ColumnType => ({ kind: 'decimal', precision, scale });

const fits: [ColumnType, Literal[], ColumnType, Literal[]][] = [
  [int32, [1, null, -5], int64, [1, null, -5]],
  [int64, [2147483647, -2147483648], int32, [2147483647, -2147483648]],
  [int32, [7, null], decimal(5, 2), ['7.00', null]],
  [decimal(4, 1), ['1.5', '-0.1'], decimal(12, 3), ['1.500', '-0.100']],
  [decimal(6, 3), ['1.500'], decimal(3, 1), ['1.5']],
  [decimal(6, 2), ['3.00'], int64, [3]],
  [int64, ['9007199254740992'], float64, [9007199254740992]],
  [text, [null, null], decimal(5, 2), [null, null]],
  [{ kind: 'bool' }, [null], { kind: 'timestamp' }, [null]],
];
it.each(fits)('%o %o fits %o', (from, values, type, expected) => {
  const data = coerceColumn(columnFromLiterals(from, values), { id: 'c1', name: 'amount', type });
  expect(Array.from({ length: data.length }, (_, i) => literalAt(data, i))).toEqual(expected);
});

const misfits: [ColumnType, Literal[], ColumnType, RegExp][] = [
  [int64, [1, 2147483648], int32, /^Row 2: 2147483648 does not fit the column amount/],
  [decimal(6, 3), ['1.555'], decimal(6, 2), /^Row 1: 1555 ÷ 10\^3 does not fit/],
  [
    int32,
    [1000],
    decimal(4, 2),
    /^Row 1: 1000 does not fit the column amount, which holds decimal numbers \(4 digits/,
  ],
  [int64, ['9007199254740993'], float64, /^Row 1: 9007199254740993 does not fit/],
  [text, ['a'], int32, /^The column amount holds whole numbers, but was given text\.$/],
  [float64, [1], int32, /^The column amount holds whole numbers, but was given numbers\.$/],
  [int32, [1], text, /^The column amount holds text, but was given whole numbers\.$/],
];
it.each(misfits)('%o %o does not fit %o', (from, values, type, sentence) => {
  const data = columnFromLiterals(from, values);
  expect(() => coerceColumn(data, { id: 'c1', name: 'amount', type })).toThrow(sentence);
});
