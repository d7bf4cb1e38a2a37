import { expect, test } from 'vitest';
import { cubeBins, extentQuestion, grainFor, instantOf, literalOf, trendQuestion } from './trend.query.ts';
import { boundedSpan, selectedBins } from './trend-span.ts';

const day = 86_400_000;

test('the grain is the finest that stays readable; days have no hours', () => {
  expect(grainFor(2 * day, 'timestamp')).toBe('hour');
  expect(grainFor(2 * day, 'date')).toBe('day');
  expect(grainFor(100 * day, 'date')).toBe('day');
  expect(grainFor(365 * day, 'date')).toBe('week');
  expect(grainFor(8 * 365 * day, 'date')).toBe('month');
  expect(grainFor(1000 * 365 * day, 'date')).toBe('year');
});

test('a trend groups by calendar time in its zone, in order', () => {
  expect(
    trendQuestion({
      dataset: 'd',
      column: 'at',
      measure: { measure: 'n' },
      unit: 'month',
      zone: 'Europe/Paris',
      where: undefined,
    }),
  ).toMatchObject({
    groupBy: [{ by: 'time', column: 'at', unit: 'month', zone: 'Europe/Paris' }],
    order: [{ by: 0, descending: false }],
  });
  expect(extentQuestion('d', 'a"b', undefined).measures).toMatchObject([
    { formula: 'min("a""b")' },
    { formula: 'max("a""b")' },
  ]);
});

test('literals of days and instants come back as they went', () => {
  expect(literalOf(Date.UTC(2011, 11, 9), 'date')).toBe('2011-12-09');
  expect(literalOf(Date.UTC(2011, 11, 9, 12), 'timestamp')).toBe('2011-12-09T12:00:00.000Z');
  expect(instantOf('2011-12-09')).toBe(Date.UTC(2011, 11, 9));
  expect(instantOf('soon')).toBeUndefined();
  expect(instantOf(5)).toBeUndefined();
});

test('a cube has whole days, and never too many bins', () => {
  expect(cubeBins(0, 30 * day, 'day')).toEqual({ to: 30 * day, bins: 30 });
  const long = cubeBins(0, 20 * 365 * day, 'month');
  expect(long.bins).toBeLessThanOrEqual(1200);
  expect(long.to).toBeGreaterThanOrEqual(20 * 365 * day);
  expect((long.to / long.bins) % day).toBe(0);
});

test('a range filter selects the bins it touches', () => {
  const starts = [0, day, 2 * day, 3 * day];
  expect(selectedBins({ op: 'range', column: 'c', from: '1970-01-02', to: '1970-01-03' }, starts)).toEqual({
    start: 1,
    end: 2,
  });
  expect(selectedBins({ op: 'range', column: 'c', from: '1970-01-02' }, starts)).toEqual({
    start: 1,
    end: 3,
  });
  expect(selectedBins({ op: 'in', column: 'c', values: [1] }, starts)).toBeUndefined();
  expect(boundedSpan({ dataset: 'd', column: 'c', from: '1970-01-02' }, 'd', 'c')).toBeUndefined();
  expect(boundedSpan({ dataset: 'd', column: 'c', from: '1970-01-02', to: '1970-01-03' }, 'd', 'c')).toEqual({
    from: day,
    to: 2 * day,
  });
});
