import { expect, test } from 'vitest';
import type { ArrayHead } from './array.ts';
import {
  arrayBand,
  arrayTableHead,
  arrayTableId,
  firstArrayTable,
  isOfArray,
  parseArrayTable,
} from './array-table.ts';

const array = (shape: readonly string[], dtype: ArrayHead['dtype'] = 'float64'): ArrayHead => ({
  id: 'readings',
  name: 'readings',
  epoch: 'e',
  scope: 'public',
  version: 3,
  asOf: '2026-11-28T10:00:00.000Z',
  shape,
  dtype,
  chunk: shape.map(() => 64),
  order: 'C',
  fill: 0,
  reduced: shape.map(() => true),
  chunks: 1,
  bytes: 1,
});
const headOf = (head: ArrayHead, dataset: string) =>
  arrayTableHead(head, dataset, { version: 9, scope: 'public' });

test('a part is written and read back exactly, past 2^53', () => {
  const end = 10n ** 18n;
  const id = arrayTableId('readings', [
    { start: end - 5n, end },
    { start: 2n, end: 4n },
  ]);
  expect(id).toBe('array:readings[999999999999999995:1000000000000000000,2:4]');
  expect(parseArrayTable(id)).toEqual({
    array: 'readings',
    parts: [
      { start: end - 5n, end },
      { start: 2n, end: 4n },
    ],
  });
  expect(parseArrayTable('orders')).toBeUndefined();
  expect(isOfArray(id, 'readings')).toBe(true);
  expect(isOfArray(id, 'reading')).toBe(false);
  expect(isOfArray('array:readings2', 'readings')).toBe(false);
});

test('anything else under its prefix is refused in one sentence', () => {
  for (const wrong of [
    'array:',
    'array:a[',
    'array:a[]',
    'array:a[1]',
    'array:a[1:2:3]',
    'array:a[-1:2]',
    'array:[0:1]',
  ])
    expect(() => parseArrayTable(wrong), wrong).toThrow(
      /names no part of an array: write array:ID\[start:stop\]/,
    );
  const head = array(['100', '4']);
  for (const wrong of ['array:readings[0:101]', 'array:readings[7:7]', 'array:readings[0:9,3:5]'])
    expect(() => headOf(head, wrong), wrong).toThrow(
      /is no part of axis \d of the array “readings”, whose shape is 100 × 4/,
    );
  for (const none of [
    array([]),
    array(['4', '4', '4']),
    array(['10'], 'datetime64[s]'),
    array(['10', '257']),
  ])
    expect(() => headOf(none, 'array:readings')).toThrow(/cannot be read as a table/);
});

test('rows are indices, columns those of the second axis under their number', () => {
  const head = headOf(array(['200000', '300'], 'int16'), 'array:readings[1000:132072,100:140]');
  expect(head.columns.map(({ id }) => id)).toEqual([
    'i',
    ...Array.from({ length: 40 }, (_, k) => `c${k + 101}`),
  ]);
  expect(head.columns[1]).toEqual({ id: 'c101', name: 'column 100', type: { kind: 'int32' } });
  expect(head).toMatchObject({ allocated: 131_072, live: [65_536, 65_536], revisions: [3, 3], version: 9 });
  expect(headOf(array(['5']), 'array:readings').columns.map(({ name }) => name)).toEqual(['index', 'value']);
});

test('columns are read some at a time, each once', () => {
  const head = array(['200000', '300']);
  const dataset = 'array:readings[1000:200000,100:170]';
  const seen = Array.from({ length: 70 }, (_, k) => arrayBand(head, dataset, `c${k + 101}`, 1));
  expect(seen.every(({ rows }) => rows.start === 66_536n && rows.end === 132_072n)).toBe(true);
  expect(seen.map(({ columns, at }) => columns.start + BigInt(at!))).toEqual(
    Array.from({ length: 70 }, (_, k) => BigInt(k + 100)),
  );
  expect(new Set(seen.map(({ columns }) => `${columns.start}:${columns.end}`))).toEqual(
    new Set(['100:132', '132:164', '164:170']),
  );
  expect(arrayBand(head, dataset, 'i', 3).rows).toEqual({ start: 197_608n, end: 200_000n });
});

test('what is opened first is the whole array, or as much of its beginning as a table takes', () => {
  expect(firstArrayTable(array(['5000', '3']))).toBe('array:readings');
  expect(firstArrayTable(array([String(10n ** 18n), '2']))).toBe('array:readings[0:131072]');
  expect(firstArrayTable(array(['1000000000', '2000000000']))).toBe('array:readings[0:64,0:16]');
  expect(firstArrayTable(array(['4', '4', '4']))).toBeUndefined();
  expect(firstArrayTable(array(['0', '4']))).toBeUndefined();
});
