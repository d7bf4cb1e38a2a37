import { expect, it } from 'vitest';
import type { ColumnData } from './column-data.ts';
import { encodeColumns } from './columns-stream.ts';
import { decodeColumns } from './read-columns.ts';

it('columns that share their values, or parts of them, are each written', () => {
  const values = Float64Array.of(1, 2, 3, 4);
  const column = (view: Float64Array): ColumnData => ({ kind: 'float64', length: view.length, values: view });
  const whole = { a: column(values), b: column(values), c: column(values) };
  expect(decodeColumns(encodeColumns(whole))).toMatchObject(whole);
  const halves = { a: column(values.subarray(0, 3)), b: column(values.subarray(1, 4)) };
  expect(decodeColumns(encodeColumns(halves))).toMatchObject(halves);
});
