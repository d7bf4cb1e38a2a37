import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import type { ColumnType, Literal } from '../protocol/column.ts';
import { readAll, sharedFile, textSource } from './read-all.testing.ts';
import { bytesSource } from './source.ts';

const types: Record<string, ColumnType> = {
  id: { kind: 'int32' },
  big: { kind: 'int64' },
  price: { kind: 'decimal', precision: 18, scale: 2 },
  ratio: { kind: 'float64' },
  day: { kind: 'date' },
  at: { kind: 'timestamp' },
  code: { kind: 'text' },
  note: { kind: 'text' },
  ok: { kind: 'bool' },
};

const table: Record<string, readonly Literal[]> = {
  id: [1, 2, 3, 4],
  big: ['9007199254740993', '-9223372036854775808', '9223372036854775807', null],
  price: ['12.50', '-0.05', null, '9999999999999999.99'],
  ratio: [1.5e-300, 'NaN', '-Infinity', 0.1],
  day: ['1969-12-31', '2024-02-29', '9999-12-31', null],
  at: ['2024-03-31T01:30:00.125Z', null, '1900-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  code: ['007', '042', null, '1'],
  note: ['a "quoted", cell', 'two\nlines', 'Ünïcode €', null],
  ok: [true, false, null, true],
};

const columns = Object.fromEntries(
  Object.entries(types).map(([name, type]) => [name, columnFromLiterals(type, table[name]!)]),
);

function delimited(mark: string): string {
  const cell = (value: Literal) => {
    if (value === null) return '';
    const text = String(value);
    return /["\n]/.test(text) || text.includes(mark) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const names = Object.keys(table);
  const rows = [0, 1, 2, 3].map((i) => names.map((name) => cell(table[name]![i]!)).join(mark));
  return `${[names.join(mark), ...rows].join('\r\n')}\r\n`;
}

/** NDJSON with numbers as numbers: what other programs write. NaN and infinity have no JSON, so they are left as null. */
function ndjson(skip: readonly string[]): string {
  const value = (name: string, literal: Literal) => {
    if (literal === null) return 'null';
    const { kind } = types[name]!;
    return kind === 'text' || kind === 'date' || kind === 'timestamp'
      ? JSON.stringify(literal)
      : String(literal);
  };
  const names = Object.keys(table).filter((name) => !skip.includes(name));
  return [0, 1, 2, 3]
    .map((i) => `{${names.map((name) => `"${name}":${value(name, table[name]![i]!)}`).join(',')}}`)
    .join('\n');
}

describe('one table, every format', () => {
  let directory: string;
  let expected: Awaited<ReturnType<typeof readAll>>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'exanalytics-formats-'));
    expected = await readAll(textSource('t.csv', delimited(',')));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('CSV has the types and values that were written', () => {
    expect(expected.types).toEqual(types);
    expect(expected.rows.map((row) => row[1])).toEqual(
      table.big!.map((v) => (v === null ? null : String(v))),
    );
    expect(expected.rows.map((row) => row[2])).toEqual(table.price);
    expect(expected.rows.map((row) => row[3])).toEqual(['1.5e-300', 'NaN', '-Infinity', '0.1']);
    expect(expected.rows.map((row) => row[4])).toEqual(table.day);
    expect(expected.rows.map((row) => row[5])).toEqual(table.at);
    expect(expected.rows.map((row) => row[7])).toEqual(table.note);
    expect(expected.rows.map((row) => row[8])).toEqual(['true', 'false', null, 'true']);
  });

  test.each([
    ['TSV', '\t'],
    ['semicolons', ';'],
    ['bars', '|'],
  ])('%s', async (_, mark) => {
    const read = await readAll(textSource('t.csv', delimited(mark)));
    expect(read.types).toEqual(types);
    expect(read.rows).toEqual(expected.rows);
  });

  test('gzip', async () => {
    const read = await readAll(bytesSource('t.csv.gz', gzipSync(delimited(',')), 11));
    expect([read.types, read.rows]).toEqual([types, expected.rows]);
  });

  test('gzip in several members, as bgzip and pigz write it', async () => {
    const text = delimited(',');
    const at = text.length >> 1;
    const members = [text.slice(0, at), text.slice(at)].map((part) => gzipSync(part));
    const read = await readAll(bytesSource('t.csv.gz', Buffer.concat(members), 11));
    expect([read.types, read.rows]).toEqual([types, expected.rows]);
  });

  test('line ends of old Macintoshes', async () => {
    const { rows } = await readAll(textSource('t.csv', 'a,b\r1,x\r2,"y\rz"\r'));
    expect(rows).toEqual([
      ['1', 'x'],
      ['2', 'y\rz'],
    ]);
  });

  test('NDJSON', async () => {
    const read = await readAll(textSource('t.ndjson', ndjson(['ratio'])));
    const { ratio: _, ...others } = types;
    expect(read.types).toEqual(others);
    expect(read.rows).toEqual(expected.rows.map((row) => row.filter((__, i) => i !== 3)));
  });

  test.each(['packed', 'standard'] as const)('Arrow, %s form', async (form) => {
    const read = await readAll(bytesSource('t.arrow', encodeColumns(columns, { form }), 100));
    expect([read.types, read.rows]).toEqual([types, expected.rows]);
  });

  test.each(['snappy', 'zstd', 'gzip', 'uncompressed'])('Parquet, %s', async (codec) => {
    const path = join(directory, `${codec}.parquet`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const text = (value: Literal) => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`);
    const sqlTypes = 'INTEGER BIGINT DECIMAL(18,2) DOUBLE DATE TIMESTAMP VARCHAR VARCHAR BOOLEAN'.split(' ');
    const names = Object.keys(table);
    const rows = [0, 1, 2, 3].map(
      (i) => `(${names.map((name, c) => `${text(table[name]![i]!)}::${sqlTypes[c]}`).join(', ')})`,
    );
    await connection.run(
      `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) t(${names.map((name) => `"${name}"`).join(', ')})) TO '${path}' (FORMAT parquet, COMPRESSION ${codec})`,
    );
    connection.closeSync();
    const bytes = await readFile(path);
    const read = await readAll(bytesSource('t.parquet', bytes));
    expect([read.types, read.rows]).toEqual([types, expected.rows]);
    const cut = bytesSource('t.parquet', bytes.subarray(0, bytes.byteLength >> 1));
    await expect(readAll(cut)).rejects.toThrow(/t\.parquet is cut short or damaged/);
  });

  test('an Arrow stream that is cut is one sentence', async () => {
    const bytes = encodeColumns(columns);
    for (const part of [0.3, 0.6, 0.9])
      await expect(
        readAll(bytesSource('t.arrow', bytes.subarray(0, Math.floor(bytes.byteLength * part)))),
      ).rejects.toThrow(/t\.arrow is cut short or damaged/);
  });
});

describe.skipIf(!sharedFile('vega-datasets/flights-200k.arrow'))('files of other programs', () => {
  test('an Arrow file of 200 000 rows', async () => {
    const read = await readAll(sharedFile('vega-datasets/flights-200k.arrow')!);
    expect(read.rows.length).toBe(200_000);
    expect(Object.values(read.types).every(({ kind }) => kind !== 'text')).toBe(true);
  });

  test('an Arrow file that lost its end is refused, wherever it was cut', async () => {
    const whole = sharedFile('vega-datasets/flights-200k.arrow')!;
    for (const share of [0.5, 0.999]) {
      const end = Math.floor(whole.byteLength * share);
      const cut = bytesSource('f.arrow', await whole.slice(0, end));
      await expect(readAll(cut)).rejects.toThrow(/f\.arrow is cut short or damaged/);
    }
  });

  test('untidy tables are read or refused in one sentence', async () => {
    for (const name of ['weather.csv', 'stocks.csv', 'unemployment.tsv', 'zipcodes.csv', 'sp500.csv']) {
      const read = await readAll(sharedFile(`vega-datasets/${name}.gz`)!, {
        dateOrder: 'mdy',
        onBad: 'text',
      });
      expect(read.rows.length, name).toBeGreaterThan(100);
    }
  });
});
