import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import { maskOf } from './mask.ts';
import { selectRanges } from './select-ranges.ts';

const int = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);
const double = fc.oneof(
  fc.double({ min: -9, max: 9 }),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const bound = fc.option(
  fc.oneof(
    fc.integer({ min: -10, max: 10 }),
    fc.double({ min: -10, max: 10, noNaN: true }),
    int,
    fc.constant(1e12),
  ),
  { nil: undefined },
);
const leaf = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), bound, bound)
  .map(([column, from, to]): FilterSpec => ({ op: 'range', operand: { op: 'column', column }, from, to }));

it('selects the rows a mask does, or leaves them to it', () => {
  let direct = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(int, int, double), { maxLength: 60 }),
      fc.array(leaf, { minLength: 1, maxLength: 4 }),
      (rows, of) => {
        const { length } = rows;
        const columns: Record<string, ColumnData> = {
          a: { kind: 'int32', length, values: Int32Array.from(rows, (row) => row[0]) },
          b: { kind: 'date', length, values: Int32Array.from(rows, (row) => row[1]) },
          c: { kind: 'float64', length, values: Float64Array.from(rows, (row) => row[2]) },
        };
        // Dates compare with dates only.
        const where: FilterSpec = {
          op: 'and',
          of: of.map((one) =>
            one.op === 'range' && one.operand.op === 'column' && one.operand.column === 'b'
              ? { ...one, from: day(one.from), to: day(one.to) }
              : one,
          ),
        };
        const input = { block: 0, length, columns };
        const selected = selectRanges(where, input, new Uint16Array(65_536));
        if (!selected) return;
        direct++;
        const mask = maskOf(where, input, {
          a: { kind: 'int32' },
          b: { kind: 'date' },
          c: { kind: 'float64' },
        });
        const expected = rows.map((_, i) => i).filter((i) => !mask || mask[i] === 1);
        expect([...selected]).toEqual(expected);
      },
    ),
    { numRuns: 1000 },
  );
  expect(direct).toBeGreaterThan(100);
});

function day(value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined;
  return new Date(Math.round(Math.max(-1e5, Math.min(1e5, value))) * 86_400_000).toISOString().slice(0, 10);
}
