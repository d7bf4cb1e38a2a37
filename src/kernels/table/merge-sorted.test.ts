import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnFromLiterals, concatColumns, takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { AggregateSpec } from '../../protocol/kernel.ts';
import { kernelOf } from '../kernel.ts';
import { joinKeys } from './group-rows.ts';
import { codeColumn } from './key-codes.ts';
import { unionOf } from './merge-sorted.ts';

const kinds: readonly [ColumnType, fc.Arbitrary<Literal>][] = [
  [{ kind: 'int32' }, fc.integer({ min: -9, max: 9 })],
  [{ kind: 'int64' }, fc.constantFrom('-9223372036854775808', '9223372036854775807', 0, 1, -1)],
  [{ kind: 'float64' }, fc.constantFrom('NaN', 'Infinity', '-Infinity', 0, 1.5, -1.5)],
  [{ kind: 'text' }, fc.constantFrom('', 'a', 'b', '\u{1F600}', '\uffee', 'zz')],
  [{ kind: 'bool' }, fc.boolean()],
];

const twoSides = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }).chain((columns) => {
  const row = fc.tuple(...columns.map(([, value]) => fc.option(value, { nil: null, freq: 4 })));
  return fc.record({
    types: fc.constant(columns.map(([type]) => type)),
    left: fc.array(row, { maxLength: 20 }),
    right: fc.array(row, { maxLength: 20 }),
  });
});

/** The rows' distinct keys, ascending, as a partial has them. */
function keysOf(types: readonly ColumnType[], rows: readonly (readonly Literal[])[]): ColumnData[] {
  const columns = types.map((type, k) =>
    columnFromLiterals(
      type,
      rows.map((row) => row[k]!),
    ),
  );
  const grouping = joinKeys(
    columns.map((column) => codeColumn(column)),
    rows.length,
  );
  return grouping.take([...new Set(grouping.codes)].sort((a, b) => a - b));
}

test('the union of two ascending lists of keys is what coding them all together gives', () => {
  fc.assert(
    fc.property(twoSides, ({ types, left, right }) => {
      const sides = [keysOf(types, left), keysOf(types, right)] as const;
      const { places, from } = unionOf(...sides);
      const both = sides[0].map((key, k) => concatColumns([key, sides[1][k]!]));
      const expected = keysOf(types, [...left, ...right]);
      const found = both.map((column) => takeRows(column, from));
      expect(found.map((column) => texts(column))).toEqual(expected.map((column) => texts(column)));
      sides.forEach((side, s) => {
        expect(side.map((column) => texts(column))).toEqual(
          found.map((column) => texts(takeRows(column, places[s]!))),
        );
      });
    }),
  );
});

function texts(column: ColumnData): string[] {
  return Array.from({ length: column.length }, (_, i) => {
    const one = takeRows(column, [i]);
    if (one.validity) return 'null';
    return one.kind === 'text' ? `“${one.dictionary[one.codes[0]!]}”` : String(one.values[0]);
  });
}

test('sets and multisets joined in one pass have the bytes of the same rows mapped at once', () => {
  const value = fc.constantFrom<Literal>('NaN', 'Infinity', 0, 1.5, -1.5, 2, 3, 4, null);
  fc.assert(
    fc.property(
      fc.constantFrom<'distinct' | 'values'>('distinct', 'values'),
      fc.boolean(),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), value), { maxLength: 40 }),
      fc.nat({ max: 40 }),
      (state, grouped, rows, cut) => {
        const spec: AggregateSpec = {
          kernel: 'aggregate',
          columns: { c1: { kind: 'int32' }, c2: { kind: 'float64' } },
          groupBy: grouped ? [{ by: 'value', operand: { op: 'column', column: 'c1' } }] : [],
          states: [{ state, operand: { op: 'column', column: 'c2' } }],
        };
        const kernel = kernelOf(spec);
        const map = (some: readonly (readonly [number, Literal])[]) =>
          kernel.map({
            block: 0,
            length: some.length,
            columns: {
              c1: columnFromLiterals(
                { kind: 'int32' },
                some.map(([group]) => group),
              ),
              c2: columnFromLiterals(
                { kind: 'float64' },
                some.map(([, number]) => number),
              ),
            },
          });
        const merged = kernel.merge(map(rows.slice(0, cut)), map(rows.slice(cut)));
        expect(kernel.encode(merged)).toEqual(kernel.encode(map(rows)));
      },
    ),
  );
});
