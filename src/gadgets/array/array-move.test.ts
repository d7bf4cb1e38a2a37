import { describe, expect, it } from 'vitest';
import { toIndex, toRegion, toSlice } from './array-move.ts';
import { ArrayPlace, wholeArray } from './array-place.ts';

const none = { rows: undefined, columns: undefined };
const sensors = new ArrayPlace([10n ** 18n, 2n], wholeArray, none);
const matrix = new ArrayPlace([10n ** 9n, 2n * 10n ** 9n], wholeArray, none);

describe('where one is led in an array', () => {
  it('to a row, forty about it, its cell in the first line', () => {
    const { row, part } = toIndex('-1', sensors, false);
    expect(row).toBe(10n ** 18n - 1n);
    expect(part).toEqual({
      rows: '999999999999999960:1000000000000000000',
      cell: '999999999999999999,0',
    });
  });

  it('to a row and a column of a map; thousands may be grouped', () => {
    const { part } = toIndex('1,000, 5', matrix, true);
    expect(part.cell).toBe('1000,5');
    expect([part.rows, part.columns]).toEqual(['980.5:1020.5', '0:40']);
  });

  it('says what is no index there', () => {
    expect(() => toIndex('1e18', sensors, false)).toThrow(/the last index is 999,999,999,999,999,999/);
  });

  it('to a part as NumPy writes it: rows, and lines or columns', () => {
    expect(toSlice('5:8, 1', sensors, true)).toMatchObject({
      rows: '5:8',
      columns: '',
      lines: '1',
      cell: '',
    });
    expect(toSlice('7, 1', sensors, true)).toMatchObject({ rows: '7:8', cell: '7,1' });
    expect(toSlice(':, :', sensors, true)).toMatchObject({ rows: '', lines: '' });
    expect(toSlice('0:10, 5:25', matrix, false)).toMatchObject({ rows: '0:10', columns: '5:25', lines: '' });
  });

  it('to a region, with a twentieth beside it', () => {
    const part = toRegion({ start: 1000n, end: 1200n }, undefined, sensors);
    expect(part).toEqual({ rows: '990:1210', cell: '1000,0' });
  });
});
