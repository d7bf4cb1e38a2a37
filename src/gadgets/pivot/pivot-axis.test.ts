import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Literal } from '../../protocol/column.ts';
import { withSubtotals } from './pivot-axis.ts';

const values: readonly Literal[] = [null, 'a', 'b', 'c'];

/** Some combinations of `fields` values, in order. */
const combinations = (fields: number): fc.Arbitrary<Literal[][]> =>
  fc
    .uniqueArray(fc.nat(values.length ** fields - 1), { maxLength: 40 })
    .map((picked) =>
      picked
        .sort((one, other) => one - other)
        .map((at) =>
          Array.from(
            { length: fields },
            (_, k) => values[Math.floor(at / values.length ** (fields - 1 - k)) % values.length]!,
          ),
        ),
    );

test('every combination in its place, every outer value’s subtotal once, right behind all that it sums', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }).chain((fields) => fc.tuple(fc.constant(fields), combinations(fields))),
      ([fields, keys]) => {
        const columns = withSubtotals(keys, fields);
        expect(columns.filter(({ leaf }) => leaf !== undefined).map(({ values }) => values)).toEqual(keys);
        expect(columns.flatMap(({ leaf }) => leaf ?? [])).toEqual(keys.map((_, leaf) => leaf));
        const subtotals = columns.filter(({ leaf }) => leaf === undefined).map(({ values }) => values);
        const outer = new Set(
          keys.flatMap((key) =>
            Array.from({ length: fields - 1 }, (_, k) => JSON.stringify(key.slice(0, k + 1))),
          ),
        );
        expect(subtotals.map((one) => JSON.stringify(one)).sort()).toEqual([...outer].sort());
        for (const [at, { values, leaf }] of columns.entries()) {
          if (leaf !== undefined) continue;
          const isWithin = (other: readonly Literal[]): boolean =>
            other.length > values.length && values.every((value, k) => other[k] === value);
          const summed = columns.flatMap((column, place) => (isWithin(column.values) ? [place] : []));
          expect(Math.max(...summed)).toBe(at - 1);
          expect(summed.length).toBe(Math.max(...summed) - Math.min(...summed) + 1);
        }
      },
    ),
  );
});
