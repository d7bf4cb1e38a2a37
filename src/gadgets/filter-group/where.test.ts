import { expect, test } from 'vitest';
import type { FilterGroupState } from './group.ts';
import { previousRange, previousWhereOf, whereOf } from './where.ts';

const france = { op: 'in', column: 'country', values: ['France'] } as const;
const state: FilterGroupState = {
  compare: true,
  filters: {
    bars: { dataset: 'd', filter: france },
    trend: { dataset: 'd', filter: { op: 'range', column: 'at', from: '2011-03-10', to: '2011-03-20' } },
    other: { dataset: 'e', filter: { op: 'contains', column: 'x', text: 'y' } },
  },
  period: { dataset: 'd', column: 'at', from: '2011-03-01', to: '2011-04-01' },
};

test('a data set sees its own filters and the period; the source skips its own', () => {
  expect(whereOf(state, 'e')).toEqual({ op: 'contains', column: 'x', text: 'y' });
  expect(whereOf(state, 'f')).toBeUndefined();
  expect(whereOf(state, 'd', ['trend'])).toEqual({
    op: 'and',
    of: [france, { op: 'range', column: 'at', from: '2011-03-01', to: '2011-04-01' }],
  });
});

test('the previous period is that of the brushed range, other filters kept', () => {
  expect(previousWhereOf(state, 'd')).toEqual({
    op: 'and',
    of: [france, { op: 'range', column: 'at', from: '2011-02-28', to: '2011-03-10' }],
  });
  expect(previousWhereOf(state, 'e')).toBeUndefined();
});

test('whole months move by whole months, instants and numbers by their length, an open end not at all', () => {
  expect(previousRange('2011-03-01', '2011-04-01')).toEqual({ from: '2011-02-01', to: '2011-03-01' });
  expect(previousRange('2011-01-01', '2012-01-01')).toEqual({ from: '2010-01-01', to: '2011-01-01' });
  expect(previousRange('2011-03-10T12:00:00.000Z', '2011-03-10T18:00:00.000Z')).toEqual({
    from: '2011-03-10T06:00:00.000Z',
    to: '2011-03-10T12:00:00.000Z',
  });
  expect(previousRange(10, 15)).toEqual({ from: 5, to: 10 });
  expect(previousRange('not a date', '2012-01-01')).toBeUndefined();
  expect(
    previousWhereOf(
      { ...state, filters: {}, period: { dataset: 'd', column: 'at', from: '2011-01-01' } },
      'd',
    ),
  ).toBeUndefined();
});

test('without a period a brushed range is compared; a range of numbers is not', () => {
  const { period: _period, ...open } = state;
  expect(previousWhereOf({ ...open, filters: { trend: state.filters.trend! } }, 'd')).toEqual({
    op: 'range',
    column: 'at',
    from: '2011-02-28',
    to: '2011-03-10',
  });
  const numbers = { dataset: 'd', filter: { op: 'range', column: 'n', from: 1, to: 2 } } as const;
  expect(previousWhereOf({ ...open, filters: { n: numbers } }, 'd')).toBeUndefined();
});
