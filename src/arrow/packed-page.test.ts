import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryColumn, columnTypes } from './arbitrary-column.testing.ts';
import { literalAt } from './build-column.ts';
import { byteSize, type ColumnData } from './column-data.ts';
import { type ColumnRoom, openPage, type Page, pageBytes, unpacked } from './packed-page.ts';
import { decodePage, encodePage } from './page.ts';

const literals = (data: ColumnData) => Array.from({ length: data.length }, (_, i) => literalAt(data, i));

describe.each(columnTypes)('a page of $kind', (type) => {
  it('is the same column wherever its values are laid, and takes no more memory before', () => {
    fc.assert(
      fc.property(arbitraryColumn(type), (data) => {
        const page = openPage(encodePage(data));
        const wanted = literals(data);
        expect(literals(unpacked(page))).toEqual(wanted);
        if (page.kind !== 'packed') return;
        expect(page.length).toBe(data.length);
        expect(pageBytes(page)).toBeLessThanOrEqual(byteSize(data) + 64);
        const room: ColumnRoom = { buffer: new ArrayBuffer(8 * data.length + 8) };
        const lent = page.lend(room);
        expect(('values' in lent ? lent.values : lent.codes).buffer).toBe(room.buffer);
        expect(literals(lent)).toEqual(wanted);
        new Uint8Array(room.buffer).fill(255);
        room.holder = undefined;
        expect(page.lend(room)).toBe(lent);
        expect(literals(lent)).toEqual(wanted);
        new Uint8Array(room.buffer).fill(255);
        expect(literals(page.unpack())).toEqual(wanted);
      }),
    );
  });
});

it('lays the values of two pages into one room in turn', () => {
  const ints = (...values: number[]): ColumnData => ({
    kind: 'int32',
    length: values.length,
    values: Int32Array.from(values),
  });
  const room: ColumnRoom = { buffer: new ArrayBuffer(16) };
  const lend = (page: Page) => (page.kind === 'packed' ? literals(page.lend(room)) : undefined);
  const [one, other] = [openPage(encodePage(ints(1, 2))), openPage(encodePage(ints(-3, 4)))];
  for (let i = 0; i < 2; i++) {
    expect(lend(one)).toEqual([1, 2]);
    expect(lend(other)).toEqual([-3, 4]);
  }
});

it('keeps small integers, times and small decimals as narrow as they are stored', () => {
  const length = 1000;
  const int = (value: number): ColumnData => ({
    kind: 'int32',
    length,
    values: new Int32Array(length).fill(value),
  });
  const sizes = [int(7), int(-300), int(70_000)].map((data) => pageBytes(openPage(encodePage(data))));
  expect(sizes).toEqual([1000, 2000, 4000]);
  const cents: ColumnData = {
    kind: 'decimal',
    precision: 12,
    scale: 2,
    length,
    values: new BigInt64Array(length).fill(-99_999n),
  };
  const page = openPage(encodePage(cents));
  expect(pageBytes(page)).toBe(4000);
  expect(unpacked(page)).toEqual(decodePage(encodePage(cents)));
});
