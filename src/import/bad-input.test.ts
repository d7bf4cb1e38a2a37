import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isExaError } from '../protocol/errors.ts';
import type { ImportOptions } from './import-options.ts';
import { readAll, textSource } from './read-all.testing.ts';
import { bytesSource, type ImportSource } from './source.ts';

/** What is wrong, the file, and the whole sentence. */
const refused: [string, ImportSource, string | RegExp, ImportOptions?][] = [
  ['an empty file', textSource('a.csv', ''), 'The file a.csv is empty: there is nothing to import.'],
  ['an empty gzip', bytesSource('a.csv.gz', gzipSync('')), /a\.csv\.gz is empty: there is nothing to import/],
  ['white space', textSource('a.csv', ' \n\n'), /a\.csv holds only white space/],
  [
    'a row too short',
    textSource('a.csv', 'a,b\n1,2\n3\n'),
    'Row 2 of a.csv has 1 cell where the header has 2: mend the file, or skip or pad such rows.',
  ],
  ['a row too long', textSource('a.csv', 'a,b\n1,2\n3,4,5\n'), /^Row 2 of a\.csv has 3 cells/],
  [
    'a quote never closed',
    textSource('a.csv', 'a,b\n1,2\n"3,4\n5,6\n'),
    /^Row 2 of a\.csv opens a quote that is never closed/,
  ],
  ['a picture', bytesSource('a.csv', png()), /^The file a\.csv is not text/],
  [
    'an Excel workbook',
    bytesSource('a.csv', Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9)),
    /Excel workbook.*as CSV/,
  ],
  ['a web page', textSource('a.csv', '<!DOCTYPE html><html></html>'), /is a web page or XML/],
  ['a JSON array', textSource('a.json', '[{"a":1}]'), /one object a line/],
  [
    'a broken line of NDJSON',
    textSource('a.ndjson', '{"a":1}\n{"a":\n'),
    /^Row 2 of a\.ndjson is not a JSON object/,
  ],
  [
    'a cut gzip',
    bytesSource('a.csv.gz', gzipSync(rowsOfDates(5000, -1)).subarray(0, 900)),
    /cut short or damaged/,
  ],
  ['a Parquet cut at its head', textSource('a.parquet', 'PAR1abcdefghijklmnop'), /cut short or damaged/],
  [
    'a date column with 1 % garbage',
    textSource('a.csv', rowsOfDates(1000, 100)),
    'Row 100, column day: “n/k” is not a date and 9 more, though the column’s other values are: mend them, skip such rows, or keep the column as text.'.replace(
      '’',
      "'",
    ),
  ],
  [
    'an ambiguous day and month',
    textSource('a.csv', 'day,n\n01/02/2024,1\n11/12/2024,2\n'),
    'Column day could be read day first or month first (row 1: “01/02/2024”): say which order its dates have, dmy or mdy.',
  ],
  [
    'an ambiguous decimal comma',
    textSource('a.csv', 'n\tm\n1,234\ta\n5,678\tb\n'),
    /^Column n could be read with a decimal comma or with commas between thousands/,
  ],
  [
    'a zone that does not exist',
    textSource('a.csv', 't\n2024-01-01 00:00\n'),
    /no time zone Europe\/Atlantis/,
    { zone: 'Europe/Atlantis' },
  ],
];

describe('a bad file gets one clear sentence', () => {
  test.each<[string, ImportSource, string | RegExp, ImportOptions?]>(refused)(
    '%s',
    async (_, source, sentence, options) => {
      const error = await readAll(source, options).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(isExaError(error, 'invalid'), String(error)).toBe(true);
      const { message } = error as Error;
      if (typeof sentence === 'string') expect(message).toBe(sentence);
      else expect(message).toMatch(sentence);
      expect(message).not.toMatch(/\n|\bat \w+\.|undefined|\[object/);
    },
  );
});

describe('what the options do with it', () => {
  test('a header only is an empty table', async () => {
    const { types, rows, inspection } = await readAll(textSource('a.csv', 'id,name\n'));
    expect([types, rows]).toEqual([{ id: { kind: 'text' }, name: { kind: 'text' } }, []]);
    expect(inspection.notes).toEqual(['The file has a header but no rows.']);
  });

  test('ragged rows are skipped or padded', async () => {
    const source = textSource('a.csv', 'a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect((await readAll(source, { ragged: 'skip' })).rows).toEqual([
      ['1', '2'],
      ['7', '8'],
    ]);
    const padded = await readAll(source, { ragged: 'pad' });
    expect(padded.rows).toEqual([
      ['1', '2'],
      ['3', null],
      ['4', '5'],
      ['7', '8'],
    ]);
    expect(padded.inspection.notes[0]).toMatch(/^2 rows with too many or too few cells cut/);
  });

  test('garbage among dates: the column as text, or without those rows', async () => {
    const source = textSource('a.csv', rowsOfDates(1000, 100));
    const text = await readAll(source, { onBad: 'text' });
    expect(text.types.day).toEqual({ kind: 'text' });
    expect(text.rows.length).toBe(1000);
    const skipped = await readAll(source, { onBad: 'skip' });
    expect(skipped.types.day).toEqual({ kind: 'date' });
    expect(skipped.rows.length).toBe(990);
  });

  test('10,000 pasted rows in any script, markup, right to left, with combining marks: as they were', async () => {
    const texts = [
      '<script>alert(1)</script>',
      'שלום עולם',
      'مرحبا ‏123',
      'e\u0301 and é',
      '👩‍👩‍👧 family',
      '=1+1',
      "O'Brien & Söhne",
    ];
    const lines = Array.from({ length: 10_000 }, (_, i) => `${i}\t${texts[i % texts.length]}\t${i % 90},5`);
    const { types, rows } = await readAll(
      textSource('Pasted cells.tsv', `id\tname\tprice\n${lines.join('\n')}\n`, 4096),
    );
    expect(rows.length).toBe(10_000);
    expect(types.id).toEqual({ kind: 'int32' });
    expect(types.price?.kind).toBe('decimal');
    rows.forEach((row, i) => {
      expect(row[1]).toBe(texts[i % texts.length]);
      expect(row[2]).toBe(`${i % 90}.5`);
    });
  });

  test('columns named twice or not at all get names of their own, and it is said', async () => {
    const { types, inspection } = await readAll(textSource('a.csv', 'a,a,,a_2\n1,2,3,4\n'));
    expect(Object.keys(types)).toEqual(['a', 'a_3', 'column_3', 'a_2']);
    expect(inspection.notes).toEqual([
      'The name a is used twice; column 2 is called a_3.',
      'Column 3 has no name and is called column_3.',
    ]);
  });

  test.each([
    ['UTF-8 with a mark', utf8Bom],
    ['UTF-16 LE', (text: string) => utf16(text, true)],
    ['UTF-16 BE', (text: string) => utf16(text, false)],
    ['UTF-16 LE without a mark', (text: string) => utf16(text, true).subarray(2)],
    ['UTF-16 BE without a mark', (text: string) => utf16(text, false).subarray(2)],
    ['Latin-1', (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))],
  ])('%s', async (_, encode) => {
    const { rows } = await readAll(
      bytesSource('a.csv', encode('id;name\n1;Müller\n2;Château\n3;plain text\n'), 5),
    );
    expect(rows).toEqual([
      ['1', 'Müller'],
      ['2', 'Château'],
      ['3', 'plain text'],
    ]);
  });

  test('Latin-1 is found even when its first odd byte is far into the file', async () => {
    const text = `id,name\n${'1,abc\n'.repeat(200_000)}2,Zoé\n`;
    const { rows, inspection } = await readAll(
      bytesSource(
        'a.csv',
        Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
      ),
    );
    expect(rows.at(-1)).toEqual(['2', 'Zoé']);
    expect(inspection.notes).toContain('The text is not UTF-8; it was read as Latin-1 (windows-1252).');
  });

  test('an abort ends the reading', async () => {
    const abort = new AbortController();
    const progress = () => abort.abort();
    await expect(
      readAll(textSource('a.csv', rowsOfDates(5000, -1), 4096), { signal: abort.signal, progress }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

function rowsOfDates(rows: number, garbageEvery: number): string {
  const day = (i: number) =>
    garbageEvery > 0 && i % garbageEvery === 0 ? 'n/k' : `2024-01-${10 + (i % 20)}`;
  return `day,n\n${Array.from({ length: rows }, (_, i) => `${day(i + 1)},${i * 7919}`).join('\n')}\n`;
}

function png(): Uint8Array {
  return Uint8Array.from({ length: 5000 }, (_, i) =>
    i < 4 ? [0x89, 0x50, 0x4e, 0x47][i]! : (i * 7919) & 255,
  );
}

function utf8Bom(text: string): Uint8Array {
  return Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text));
}

function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 + 2 * text.length));
  bytes.setUint16(0, 0xfeff, little);
  for (let i = 0; i < text.length; i++) bytes.setUint16(2 + 2 * i, text.charCodeAt(i), little);
  return new Uint8Array(bytes.buffer);
}
