import { describe, expect, test } from 'vitest';
import { cellText, sheetTable } from './sheet-table.ts';

describe('the table in a sheet', () => {
  test('a plain sheet is its header and rows', () => {
    const table = sheetTable([
      ['name', 'units'],
      ['Lamp', 3],
      [null, null],
      ['Chair', 4],
    ]);
    expect(table).toEqual({
      names: ['name', 'units'],
      rows: [
        ['Lamp', 3],
        ['Chair', 4],
      ],
      notes: [],
    });
  });

  test('a title above is left out, and it is said', () => {
    const table = sheetTable([
      ['Sales of 2011', null, null],
      [],
      ['day', 'country', 'units'],
      [new Date('2011-12-09T00:00:00Z'), 'France', 3],
    ]);
    expect(table?.names).toEqual(['day', 'country', 'units']);
    expect(table?.notes).toEqual(['A title row above the table was left out.']);
  });

  test('two header rows with merged cells become one', () => {
    const table = sheetTable([
      ['Country', '2010', null, '2011', null],
      [null, 'Units', 'Amount', 'Units', 'Amount'],
      ['France', 1, 2.5, 3, 4.5],
    ]);
    expect(table?.names).toEqual(['Country', '2010 Units', '2010 Amount', '2011 Units', '2011 Amount']);
    expect(table?.rows).toEqual([['France', 1, 2.5, 3, 4.5]]);
    expect(table?.notes).toEqual(['Two header rows were joined into one.']);
  });

  test('texts under a header are data, not a second header', () => {
    const table = sheetTable([
      ['name', 'country'],
      ['Lamp', 'France'],
      ['Chair', 'Spain'],
    ]);
    expect(table?.rows.length).toBe(2);
  });

  test('300 columns, and a sheet without cells', () => {
    const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
    expect(sheetTable([names, names.map((_, i) => i)])?.names.length).toBe(300);
    expect(sheetTable([[], [null, ' ']])).toBeUndefined();
  });

  test('cells as texts', () => {
    expect([
      cellText(new Date('2011-12-09T00:00:00Z')),
      cellText(new Date('2011-12-09T12:50:00Z')),
      cellText(12.5),
      cellText(true),
      cellText(''),
      cellText(null),
    ]).toEqual(['2011-12-09', '2011-12-09T12:50:00', '12.5', 'true', null, null]);
  });
});
