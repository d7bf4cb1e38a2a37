import fc from 'fast-check';
import type { Literal } from '../../protocol/column.ts';
import type { AggregateQuestion, Filter, GroupKey } from '../../protocol/query.ts';
import { everyKind, type TestTable } from './table.testing.ts';

/** Questions about a table of {@link everyKind} with any filter on values that occur, up to two groups, and measures `m0`, `m1`, …. */
export function arbitraryQuestion(
  table: TestTable,
  formulas: readonly string[],
): fc.Arbitrary<AggregateQuestion> {
  return fc.record(
    {
      kind: fc.constant('aggregate' as const),
      dataset: fc.constant('table'),
      where: arbitraryFilter(table),
      groupBy: fc.array(key, { maxLength: 2 }),
      measures: fc.constant(
        formulas.map((formula, m) => ({ id: `m${m}`, label: '', formula, format: 'number' as const })),
      ),
    },
    { requiredKeys: ['kind', 'dataset', 'groupBy', 'measures'] },
  );
}

function arbitraryFilter(table: TestTable): fc.Arbitrary<Filter> {
  const someOf = (column: string): fc.Arbitrary<Literal> =>
    fc.constantFrom(...table.rows.slice(0, 200).map((row) => row[column] ?? null)).filter((v) => v !== null);

  const leaf: fc.Arbitrary<Filter> = fc.constantFrom(...Object.keys(everyKind)).chain((column) =>
    fc.oneof(
      fc.record({
        op: fc.constant('in' as const),
        column: fc.constant(column),
        values: fc.array(fc.oneof(someOf(column), someOf(column), fc.constant(null)), { maxLength: 5 }),
      }),
      fc.record(
        {
          op: fc.constant('range' as const),
          column: fc.constant(column),
          from: someOf(column),
          to: someOf(column),
        },
        { requiredKeys: ['op', 'column'] },
      ),
      fc.record({
        op: fc.constantFrom('contains' as const, 'starts' as const),
        column: fc.constant('t'),
        text: fc.constantFrom('', 'a', 'PARIS', 'é', 'zzz'),
      }),
    ),
  );

  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), of: tie('filter') }),
    ),
  })).filter;
}

const key: fc.Arbitrary<GroupKey> = fc.oneof(
  fc.record({
    by: fc.constant('value' as const),
    column: fc.constantFrom('b', 'i', 'l', 'd', 'day', 'ts', 't'),
  }),
  fc.record({
    by: fc.constant('number' as const),
    column: fc.constantFrom('i', 'd', 'f'),
    origin: fc.integer({ min: -7, max: 7 }),
    width: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    by: fc.constant('time' as const),
    column: fc.constantFrom('day', 'ts'),
    unit: fc.constantFrom(
      'hour' as const,
      'day' as const,
      'week' as const,
      'month' as const,
      'quarter' as const,
      'year' as const,
    ),
    zone: fc.constant('UTC'),
  }),
);
