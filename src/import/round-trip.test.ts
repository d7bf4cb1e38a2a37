import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAll, textSource } from './read-all.testing.ts';
import { decimalText } from './typed-batch.ts';

/** A column: how its values are printed, and what reading them must give as text. */
interface Printed {
  readonly kind: string;
  readonly cells: readonly string[];
  readonly values: readonly (string | null)[];
}

const rows = 12;

function column(
  kind: string,
  value: fc.Arbitrary<string>,
  read = (text: string) => text,
): fc.Arbitrary<Printed> {
  return fc
    .tuple(fc.array(fc.option(value, { nil: null, freq: 5 }), { minLength: rows, maxLength: rows }), value)
    .map(([cells, one]) => {
      const some = cells.every((cell) => cell === null) ? [one, ...cells.slice(1)] : cells;
      return {
        kind,
        cells: some.map((cell) => cell ?? ''),
        values: some.map((cell) => (cell === null ? null : read(cell))),
      };
    });
}

const wholeNumber = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const smallNumber = fc.integer().map(String);
const float = fc
  .oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -1.5e300))
  .map((value) => (Object.is(value, -0) ? 0 : value))
  .map((value) => (Number.isFinite(value) ? value.toExponential() : String(value)));
const instant = fc
  .date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());
const word = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .map((text) => `~${text.replaceAll('\0', '').replaceAll('\r', '')}~`);

const decimals = fc.integer({ min: 1, max: 9 }).chain((scale) => {
  const limit = 10n ** 17n;
  const value = fc
    .bigInt({ min: -limit, max: limit })
    // The last digit is never 0, so that the column's scale is the one printed.
    .map((unscaled) => decimalText((unscaled / 10n) * 10n + 1n, scale));
  return column(`decimal ${scale}`, value);
});

const columns = fc.oneof(
  column('int32', smallNumber),
  column(
    'int64',
    wholeNumber.filter((text) => Math.abs(Number(text)) >= 2 ** 31),
  ),
  column('float64', float, (text) => String(Number(text))),
  decimals,
  column('bool', fc.constantFrom('true', 'false')),
  column('timestamp', instant),
  column(
    'date',
    instant.map((text) => text.slice(0, 10)),
  ),
  column('text', word),
);

function print(table: readonly Printed[], mark: string, newline: string): string {
  const quote = (cell: string) =>
    /["\n]/.test(cell) || cell.includes(mark) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = Array.from({ length: rows }, (_, i) => table.map((one) => quote(one.cells[i]!)).join(mark));
  return [table.map((_, i) => `column ${i}`).join(mark), ...lines].join(newline) + newline;
}

describe('printed values read as the same values', () => {
  test('any table, delimiter, line end and cut of the stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(columns, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 200 }),
        async (table, delimiter, newline, chunkBytes) => {
          const text = print(table, delimiter, newline);
          const read = await readAll(textSource('t.csv', text, chunkBytes), { delimiter: delimiter as ',' });
          const kinds = Object.values(read.types).map((type) =>
            type.kind === 'decimal' ? `decimal ${type.scale}` : type.kind,
          );
          expect(kinds).toEqual(table.map((one) => one.kind));
          expect(read.rows).toEqual(
            Array.from({ length: rows }, (_, i) => table.map((one) => one.values[i])),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test('numbers with a decimal comma and dots between thousands', async () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 3, maxLength: 20 }), async (cents) => {
        const european = (value: bigint) => {
          const [whole, fraction] = decimalText(value, 2).split('.');
          return `${whole!.replace(/\B(?=(\d{3})+$)/g, '.')},${fraction}`;
        };
        const text = `n;amount\n${cents.map((value, i) => `${i};${european(value)}`).join('\n')}\n`;
        const read = await readAll(textSource('t.csv', text));
        expect(read.types.amount).toMatchObject({ kind: 'decimal', scale: 2 });
        expect(read.rows.map((row) => row[1])).toEqual(cents.map((value) => decimalText(value, 2)));
      }),
    );
  });
});
