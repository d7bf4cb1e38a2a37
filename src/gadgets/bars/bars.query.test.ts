import { expect, test } from 'vitest';
import { openAnswer } from '../../arrow/answer-table.ts';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { matches } from '../gallery/fake-table.ts';
import { amountsFor, barRows, lengthOf, longestOf } from './bar-rows.ts';
import { barsQuestion, choiceOf, restOf, toggled, valuesQuestion } from './bars.query.ts';

test('bars ask for the top of a measure and the rest', () => {
  const where = { op: 'contains', column: 'x', text: 'y' } as const;
  const of = { dataset: 'd', column: 'c', measure: { measure: 'n' }, where };
  expect(barsQuestion({ ...of, limit: 3 })).toMatchObject({
    order: [
      { by: 'n', descending: true },
      { by: 0, descending: false },
    ],
    limit: 3,
    other: true,
  });
  expect(valuesQuestion({ ...of, values: ['a', null] }).where).toEqual({
    op: 'and',
    of: [where, { op: 'in', column: 'c', values: ['a', null] }],
  });
});

test('toggling includes, excludes, begins anew and ends', () => {
  const a = toggled(undefined, 'c', 'a', false);
  expect(a).toEqual({ op: 'in', column: 'c', values: ['a'] });
  const both = toggled(a, 'c', null, false);
  expect(both).toEqual({ op: 'in', column: 'c', values: ['a', null] });
  expect(toggled(both, 'c', 'a', false)).toEqual({ op: 'in', column: 'c', values: [null] });
  expect(toggled(a, 'c', 'a', false)).toBeUndefined();
  const not = toggled(both, 'c', 'b', true);
  expect(not).toEqual({ op: 'not', of: { op: 'in', column: 'c', values: ['b'] } });
  expect(choiceOf(not, 'c')).toEqual({ values: ['b'], excluded: true });
  expect(choiceOf(not, 'other')).toBeUndefined();
});

const table = openAnswer(
  encodeColumns({
    g0: columnFromLiterals({ kind: 'text' }, ['a', null, null]),
    n: columnFromLiterals({ kind: 'float64' }, [5, 3, 9]),
    _other: columnFromLiterals({ kind: 'bool' }, [false, false, true]),
  }),
);

test('a missing value is a value of its own, apart from the rest', () => {
  const rows = barRows(table, 'n');
  expect(rows.map(({ value, amount }) => [value, amount])).toEqual([
    ['a', 5],
    [null, 3],
    [undefined, 9],
  ]);
  expect(longestOf(rows, undefined)).toBe(5);
  expect(lengthOf(9, 5)).toBe(100);
  expect(lengthOf(-1, 5)).toBe(0);
});

test('another answer is laid on the same values; the rest is what remains of sums only', () => {
  const slice = openAnswer(
    encodeColumns({
      g0: columnFromLiterals({ kind: 'text' }, ['b', 'a']),
      n: columnFromLiterals({ kind: 'float64' }, [4, 1]),
    }),
  );
  const rows = barRows(table, 'n');
  expect(amountsFor(rows, slice, 'n', true).map(({ amount }) => amount)).toEqual([1, 0, 4]);
  expect(amountsFor(rows, slice, 'n', false)[2]?.amount).toBeNaN();
});

test('the rest is what is in no shown value, those without one unless they are shown', () => {
  const rows = [{ c: 'a' }, { c: 'b' }, { c: null }];
  const left = (shown: readonly (string | null)[]) => rows.filter((row) => matches(restOf('c', shown), row));
  expect(left(['a'])).toEqual([{ c: 'b' }, { c: null }]);
  expect(left(['a', null])).toEqual([{ c: 'b' }]);
});
