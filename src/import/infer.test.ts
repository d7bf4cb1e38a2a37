import { describe, expect, test } from 'vitest';
import type { ImportOptions } from './import-options.ts';
import { readAll, textSource } from './read-all.testing.ts';

/** The type and values of one column of texts. */
async function read(cells: readonly string[], options: ImportOptions = {}) {
  const { types, rows } = await readAll(
    textSource('t.tsv', `n\tv\n${cells.map((c) => `x\t${c}`).join('\n')}\n`),
    options,
  );
  const type = types.v!;
  const name = type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
  return [name, rows.map((row) => row[1])] as const;
}

describe('types by evidence', () => {
  test.each<[string, string[], string, (string | null)[], ImportOptions?]>([
    ['leading zeros stay text', ['007', '12'], 'text', ['007', '12']],
    ['a zero alone does not', ['0', '12', '-0'], 'int32', ['0', '12', '0']],
    ['beyond 2^31', ['2147483648', '1'], 'int64', ['2147483648', '1']],
    ['the ends of int32', ['-2147483648', '2147483647'], 'int32', ['-2147483648', '2147483647']],
    ['beyond 2^63', ['9223372036854775808'], 'text', ['9223372036854775808']],
    ['twenty digits are an identifier', ['12345678901234567890'], 'text', ['12345678901234567890']],
    ['telephone numbers', ['+33612345678', '+4930123456'], 'text', ['+33612345678', '+4930123456']],
    ['prices', ['2.5', '10', '0.125'], 'decimal(18,3)', ['2.500', '10.000', '0.125']],
    ['more than 18 digits', ['1234567890123456.789'], 'float64', ['1234567890123456.8']],
    ['measurements', ['0.00479298817650529'], 'float64', ['0.00479298817650529']],
    ['an exponent', ['1e3', '2.5'], 'float64', ['1000', '2.5']],
    ['NaN and infinity', ['NaN', '-inf', '1'], 'float64', ['NaN', '-Infinity', '1']],
    ['thousands by commas', ['1,234.50', '12.00'], 'decimal(18,2)', ['1234.50', '12.00']],
    ['thousands by two commas', ['1,234,567', '12'], 'int32', ['1234567', '12']],
    ['a decimal comma', ['1,5', '12,25'], 'decimal(18,2)', ['1.50', '12.25']],
    ['dots and a decimal comma', ['1.234,56', '7'], 'decimal(18,2)', ['1234.56', '7.00']],
    ['spaces and a decimal comma', ['1 234,56', '7,00'], 'decimal(18,2)', ['1234.56', '7.00']],
    ['no-break spaces', ['1\u00a0234', '1\u202f234\u202f567'], 'int32', ['1234', '1234567']],
    ['digits in threes by spaces are a code', ['552 100 554'], 'text', ['552 100 554']],
    ['a minus behind, as SAP has it', ['12.50-', '3.00'], 'decimal(18,2)', ['-12.50', '3.00']],
    ['the mark is given', ['1,234', '5,678'], 'decimal(18,3)', ['1.234', '5.678'], { decimal: ',' }],
    ['the other mark is given', ['1,234', '5,678'], 'int32', ['1234', '5678'], { decimal: '.' }],
    ['nulls of every spelling', ['1', '', 'NULL', 'N/A', '\\N'], 'int32', ['1', null, null, null, null]],
    ['Namibia is not missing', ['NA', 'FR'], 'text', ['NA', 'FR']],
    ['nulls by option', ['1', '-'], 'int32', ['1', null], { nulls: ['', '-'] }],
    ['booleans', ['TRUE', 'false'], 'bool', ['true', 'false']],
    ['yes and no stay words', ['yes', 'no'], 'text', ['yes', 'no']],
    ['text keeps its spaces', [' a ', 'b'], 'text', [' a ', 'b']],
    ['numbers lose them', [' 1 ', '2'], 'int32', ['1', '2']],
    ['day first, by evidence', ['13/02/2024', '01/02/2024'], 'date', ['2024-02-13', '2024-02-01']],
    ['month first, by evidence', ['02/13/2024', '01/02/2024'], 'date', ['2024-02-13', '2024-01-02']],
    ['dots are day first', ['01.02.2024', '1.2.24'], 'date', ['2024-02-01', '2024-02-01']],
    ['order given', ['01/02/2024'], 'date', ['2024-01-02'], { dateOrder: 'mdy' }],
    ['both readings are the same day', ['01/01/2024', '2/2/2024'], 'date', ['2024-01-01', '2024-02-02']],
    ['months by name', ['4 Jul 1996', 'Dec 25, 2020'], 'date', ['1996-07-04', '2020-12-25']],
    [
      '29 February needs a leap year',
      ['2023-02-28', '2023-02-29'],
      'text',
      ['2023-02-28', '2023-02-29'],
      { onBad: 'text' },
    ],
    [
      'a month and half a day',
      ['12/13/2010 8:26 PM', '1/1/2010 12:00 AM'],
      'timestamp',
      ['2010-12-13T20:26:00.000Z', '2010-01-01T00:00:00.000Z'],
    ],
    [
      'offsets',
      ['2024-03-01T00:30:00+02:00', '2024-03-01 00:30:00Z'],
      'timestamp',
      ['2024-02-29T22:30:00.000Z', '2024-03-01T00:30:00.000Z'],
    ],
    ['the year 9999 and the year 1', ['9999-12-31', '0001-01-01'], 'date', ['9999-12-31', '0001-01-01']],
    [
      'dates among instants',
      ['2024-01-01', '2024-01-01 08:00'],
      'timestamp',
      ['2024-01-01T00:00:00.000Z', '2024-01-01T08:00:00.000Z'],
    ],
    ['nothing but nulls', ['', ''], 'text', [null, null]],
  ])('%s', async (_, cells, type, values, options) => {
    expect(await read(cells, options)).toEqual([type, values]);
  });

  test('local times of a zone, over both changes of the clocks', async () => {
    const local = [
      '2024-03-31 01:59',
      '2024-03-31 02:30',
      '2024-03-31 03:00',
      '2024-10-27 02:30',
      '2024-10-27 03:00',
    ];
    expect(await read(local, { zone: 'Europe/Paris' })).toEqual([
      'timestamp',
      [
        '2024-03-31T00:59:00.000Z',
        '2024-03-31T01:30:00.000Z',
        '2024-03-31T01:00:00.000Z',
        '2024-10-27T00:30:00.000Z',
        '2024-10-27T02:00:00.000Z',
      ],
    ]);
  });

  test('Excel’s line that names the delimiter is no row', async () => {
    const { types, rows } = await readAll(textSource('t.csv', 'sep=|\r\na|b\r\n1|2\r\n'));
    expect([Object.keys(types), rows]).toEqual([['a', 'b'], [['1', '2']]]);
  });

  test('times without a zone are said to be read as UTC, unless one is given', async () => {
    const source = textSource('t.csv', 'n,at\n1,2024-01-01 08:00\n');
    expect((await readAll(source)).inspection.notes).toEqual(['Times without a zone (at) are read as UTC.']);
    expect((await readAll(source, { zone: 'Europe/Paris' })).inspection.notes).toEqual([]);
  });

  test('one word among many numbers makes text, and that is said', async () => {
    const cells = Array.from({ length: 200 }, (_, i) => `x,${i === 40 ? 'n.a.' : i}`);
    const { types, inspection } = await readAll(textSource('t.csv', `n,v\n${cells.join('\n')}\n`));
    expect(types.v).toEqual({ kind: 'text' });
    expect(inspection.notes).toEqual([
      'v is kept as text: 1 of its 200 values are not numbers (row 41: “n.a.”).',
    ]);
  });

  test('a first row of data is said to be read as names', async () => {
    const { inspection } = await readAll(textSource('t.csv', '1,2024-01-01\n2,2024-01-02\n'));
    expect(inspection.notes[0]).toMatch(/looks like data/);
  });

  test('the decimal mark of one column decides for another that leaves it open', async () => {
    const { types, rows } = await readAll(textSource('t.tsv', 'a\tb\n1,5\t1,234\n2,25\t5,678\n'));
    expect(types.b).toMatchObject({ kind: 'decimal', scale: 3 });
    expect(rows[0]).toEqual(['1.50', '1.234']);
  });

  test('a dot before three digits means thousands where the file has decimal commas', async () => {
    const { types, rows } = await readAll(textSource('t.csv', 'a;b\n1,5;1.234\n2,25;7\n'));
    expect([types.b, rows[0]![1]]).toEqual([{ kind: 'int32' }, '1234']);
  });
});
