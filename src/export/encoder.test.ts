import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import readExcel from 'read-excel-file/universal';
import { describe, expect, test } from 'vitest';
import { arbitraryColumn, columnTypes } from '../arrow/arbitrary-column.testing.ts';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { type ColumnData, isValid } from '../arrow/column-data.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import { joined } from '../arrow/joined.ts';
import { printDecimal } from '../arrow/literal.ts';
import type { Literal } from '../protocol/column.ts';
import type { ExportFormat } from '../protocol/export.ts';
import { defused } from '../protocol/formula-safe.ts';
import { batchColumns, fileColumns, openEncoder } from './encoder.ts';
import { csvText } from './write-csv.ts';

const names = columnTypes.map(({ kind }) => kind);
const none = columnTypes.map((type) => columnFromLiterals(type, []));

/** A file of some batches of the columns of every type. */
async function fileOf(
  format: ExportFormat,
  batches: readonly (readonly ColumnData[])[],
): Promise<Uint8Array> {
  const columns = names.map((name) => ({ id: name, name }));
  const table = (batch: readonly ColumnData[]) =>
    encodeColumns(Object.fromEntries(batch.map((column, i) => [names[i]!, column])));
  const file = fileColumns(table(none), columns);
  const encoder = await openEncoder(format, { columns: file, sheet: 'Rows' });
  const parts: Uint8Array[] = [];
  for (const batch of batches) parts.push(await encoder.append(batchColumns(table(batch), file)));
  parts.push(await encoder.finish());
  return joined(parts);
}

const batch = fc.integer({ min: 1, max: 12 }).chain((rows) =>
  fc.tuple(
    ...columnTypes.map((type) =>
      arbitraryColumn(type, { maxLength: rows }).map((column) => {
        const cells = Array.from({ length: rows }, (_, i) => (i < column.length ? literal(column, i) : null));
        return columnFromLiterals(type, cells);
      }),
    ),
  ),
);

/** Values written out by this test's own rules. */
function literal(column: ColumnData, row: number): Literal {
  if (!isValid(column, row)) return null;
  if (column.kind === 'text') return column.dictionary[column.codes[row]!]!;
  const value = column.values[row]!;
  if (column.kind === 'bool') return value !== 0;
  if (column.kind === 'decimal') return printDecimal(BigInt(value), column.scale);
  if (column.kind === 'int64') return String(value);
  if (column.kind === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  if (column.kind === 'timestamp') return new Date(Number(value)).toISOString();
  return Number.isFinite(value) ? Number(value) : String(value);
}

function rowsOf(batches: readonly (readonly ColumnData[])[]): Literal[][] {
  return batches.flatMap((columns) =>
    Array.from({ length: columns[0]!.length }, (_, row) => columns.map((column) => literal(column, row))),
  );
}

describe('what is exported is read back by other programs', () => {
  test('CSV, by papaparse', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 3 }), async (batches) => {
        const text = new TextDecoder().decode(await fileOf('csv', batches));
        const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' });
        expect(errors).toEqual([]);
        expect(data.slice(1, -1)).toEqual(
          rowsOf(batches).map((row) =>
            row.map((value, column) =>
              value === null
                ? ''
                : names[column] === 'text' && !isNumeric(`${value}`)
                  ? defused(`${value}`)
                  : `${value}`,
            ),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('Parquet, by hyparquet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 3 }), async (batches) => {
        const file = await fileOf('parquet', batches);
        const read = await parquetReadObjects({
          file: file.buffer as ArrayBuffer,
          parsers: { decimalFromBytes: undefined } as never,
        });
        const expected = rowsOf(batches);
        expect(read.length).toBe(expected.length);
        read.forEach((row, i) => {
          const got = names.map((name) => row[name] ?? null);
          const want = expected[i]!.map((value, c) => {
            if (value === null) return null;
            if (names[c] === 'int64') return BigInt(value as string);
            if (names[c] === 'float64') return Number(value);
            if (names[c] === 'date' || names[c] === 'timestamp') return new Date(value as string);
            // The reader makes doubles of decimals: as near as those are.
            if (names[c] === 'decimal')
              return expect.closeTo(Number(value), -Math.log10(Math.abs(Number(value)) * 1e-15 + 1e-9));
            return value;
          });
          expect(got).toEqual(want);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('Arrow, by apache-arrow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 3 }), async (batches) => {
        const table = tableFromIPC(await fileOf('arrow', batches));
        const expected = rowsOf(batches);
        expect(table.numRows).toBe(expected.length);
        expected.forEach((row, i) => {
          row.forEach((value, c) => {
            const got: unknown = table.getChild(names[c]!)!.get(i);
            const kind = names[c]!;
            if (value === null) expect(got).toBeNull();
            else if (kind === 'int64') expect(got).toBe(BigInt(value as string));
            else if (kind === 'decimal') expect(decimalOf(got)).toBe(value);
            else if (kind === 'date' || kind === 'timestamp') expect(got).toBe(Date.parse(value as string));
            else if (kind === 'float64') expect(got).toBe(Number(value));
            else expect(got).toBe(value);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  test('Excel, by read-excel-file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 3 }), async (batches) => {
        const [sheet] = await readExcel((await fileOf('xlsx', batches)).buffer as ArrayBuffer);
        const [head, ...rows] = sheet!.data;
        expect(head).toEqual(names.map((name) => (name === 'timestamp' ? 'timestamp (UTC)' : name)));
        rowsOf(batches).forEach((row, i) => {
          row.forEach((value, c) => {
            const got: unknown = rows[i]?.[c] ?? null;
            const kind = names[c]!;
            if (value === null || value === '') expect(got).toBeNull();
            else if (kind === 'text') {
              if (/^[^\p{C}_]*\S$/u.test(value as string) && /^\S/u.test(value as string))
                expect(got).toBe(value);
            } else if (kind === 'date' && (value as string) >= '1900-03-01')
              expect((got as Date).toISOString().slice(0, 10)).toBe(value);
            else if (kind === 'timestamp' && (value as string) >= '1900-03-01')
              // A day and its fraction in one double: exact to less than a millisecond.
              expect(Math.abs((got as Date).getTime() - Date.parse(value as string))).toBeLessThanOrEqual(1);
            else if (kind === 'bool' || kind === 'int32') expect(got).toBe(value);
            else if (kind === 'float64') expect(String(got)).toBe(String(value));
            else if (kind === 'int64' || kind === 'decimal')
              // More digits than Excel keeps stay a text.
              expect(typeof got === 'string' ? got : Number(got)).toBe(
                (value as string).replace(/[-.]/g, '').replace(/^0+/, '').length > 15 ? value : Number(value),
              );
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  test('a file without rows has its header in every format', async () => {
    expect(new TextDecoder().decode(await fileOf('csv', []))).toBe(`${names.join(',')}\r\n`);
    expect(tableFromIPC(await fileOf('arrow', [])).schema.names).toEqual(names);
    const parquet = await fileOf('parquet', []);
    expect(await parquetReadObjects({ file: parquet.buffer as ArrayBuffer })).toEqual([]);
    const [sheet] = await readExcel((await fileOf('xlsx', [])).buffer as ArrayBuffer);
    expect(sheet!.data[0]).toHaveLength(names.length);
  });
});

test('halves of a character at the ends of two texts stay apart', async () => {
  const text = { kind: 'text' } as const;
  const columns = fileColumns(encodeColumns({ a: columnFromLiterals(text, []) }), [{ id: 'a', name: 'a' }]);
  const encoder = await openEncoder('csv', { columns, sheet: 'Rows' });
  const part = await encoder.append([columnFromLiterals(text, ['x\ud83d', '\ude00y', 'é'])]);
  expect(new TextDecoder().decode(part)).toBe('a\r\nx\ufffd\r\n\ufffdy\r\né\r\n');
});

describe('what a spreadsheet would run', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['＝1+1', "'＝1+1"],
    ['-12.50', '-12.50'],
    ['+33123456', '+33123456'],
    ['', '""'],
    ['a,b', '"a,b"'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('%j is written %j', (text, cell) => {
    expect(csvText(text)).toBe(cell);
  });

  test('numbers are untouched: a negative amount stays a number', async () => {
    const columns = fileColumns(
      encodeColumns({ a: columnFromLiterals({ kind: 'decimal', precision: 9, scale: 2 }, []) }),
      [{ id: 'a', name: '=evil' }],
    );
    const encoder = await openEncoder('csv', { columns, sheet: 'Rows' });
    const part = await encoder.append([
      columnFromLiterals({ kind: 'decimal', precision: 9, scale: 2 }, ['-12.50']),
    ]);
    expect(new TextDecoder().decode(part)).toBe("'=evil\r\n-12.50\r\n");
  });

  test('a text longer than Excel allows is cut, and counted', async () => {
    const text = { kind: 'text' } as const;
    const columns = fileColumns(encodeColumns({ a: columnFromLiterals(text, []) }), [{ id: 'a', name: 'a' }]);
    const encoder = await openEncoder('xlsx', { columns, sheet: 'Rows' });
    const parts = [
      await encoder.append([columnFromLiterals(text, ['x'.repeat(40_000)])]),
      await encoder.finish(),
    ];
    const [sheet] = await readExcel(joined(parts).buffer as ArrayBuffer);
    expect(String(sheet!.data[1]![0])).toHaveLength(32_767);
    expect(encoder.cut).toBe(1);
  });
});

function isNumeric(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text);
}

function decimalOf(value: unknown): string {
  const words = value as Uint32Array;
  const low = (BigInt(words[1]!) << 32n) | BigInt(words[0]!);
  return printDecimal(BigInt.asIntN(64, low), 3);
}

test('names that come twice are told apart', () => {
  const empty = encodeColumns({ a: none[0]!, b: none[1]! });
  const columns = [
    { id: 'a', name: 'Amount' },
    { id: 'b', name: 'Amount' },
  ];
  expect(fileColumns(empty, columns).map(({ name }) => name)).toEqual(['Amount', 'Amount (2)']);
});
