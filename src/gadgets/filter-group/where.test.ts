import { expect, test } from 'vitest';
import type { FilterGroupState } from './group.ts';
import { previousRange, previousWhereOf, rangeIn, whereOf } from './where.ts';

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

test('a year before is the same days; months are those of the zone', () => {
  expect(previousRange('2012-02-29', '2012-03-01', 'year')).toEqual({ from: '2011-02-28', to: '2011-03-01' });
  expect(previousWhereOf({ ...state, filters: {}, against: 'year' }, 'd')).toEqual({
    op: 'range',
    column: 'at',
    from: '2010-03-01',
    to: '2010-04-01',
  });
  expect(previousRange(10, 15, 'year')).toBeUndefined();
  // Berlin: summer time from 27 March 2011, 01:00 UTC. April is compared with the whole of March, an hour shorter.
  const hour = 3_600_000;
  const berlin = { from: [-8.64e15, Date.UTC(2011, 2, 27, 1)], offsetMs: [hour, 2 * hour] };
  expect(previousRange('2011-03-31T22:00:00.000Z', '2011-04-30T22:00:00.000Z', 'before', berlin)).toEqual({
    from: '2011-02-28T23:00:00.000Z',
    to: '2011-03-31T22:00:00.000Z',
  });
});

test('the range a filter keeps to is found among its conditions', () => {
  expect(rangeIn(whereOf(state, 'd'), 'at')?.from).toBe('2011-03-01');
  expect(rangeIn(france, 'at')).toBeUndefined();
  expect(rangeIn(undefined, 'at')).toBeUndefined();
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
