import fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceTicks, trendFigure, yRange } from './trend.figure.ts';

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

test('the y axis holds every value, and begins at zero when asked', () => {
  fc.assert(
    fc.property(fc.array(fc.option(finite), { minLength: 1 }), fc.boolean(), (values, zero) => {
      const [low, high] = yRange(values, zero);
      expect(high).toBeGreaterThan(low);
      for (const value of values)
        if (value !== null) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
      if (zero && values.every((value) => value === null || value >= 0)) expect(low).toBe(0);
    }),
  );
});

test('ticks are round, inside, and not many', () => {
  expect(niceTicks(0, 27, 4)).toEqual([0, 10, 20]);
  expect(niceTicks(0, 0, 4)).toEqual([]);
  // Not −0.
  expect(niceTicks(-40, 750, 4)).toEqual([0, 200, 400, 600]);
  fc.assert(
    fc.property(finite, fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (from, length) => {
      const ticks = niceTicks(from, from + length, 4);
      expect(ticks.length).toBeLessThanOrEqual(6);
      for (const tick of ticks)
        expect(tick).toBeLessThanOrEqual(from + length * 1.001 + Math.abs(from) * 1e-9);
    }),
  );
});

test('a value of a line with none beside it is a dot: without one there is nothing to see', () => {
  const line = (values: (number | null)[]) =>
    trendFigure({
      series: { starts: values.map((_, bin) => bin), values },
      ghost: undefined,
      shape: 'line',
      zero: false,
      frozen: undefined,
      scheme: 'light',
      xTicks: [],
      yTick: String,
    }).data[0];
  expect(line([1, 2, 3])).toMatchObject({ mode: 'lines' });
  expect(line([1, null, 2, 3, null, 4])).toMatchObject({
    mode: 'lines+markers',
    marker: { size: [5, 0, 0, 0, 0, 5] },
  });
  expect(line([null, 7])).toMatchObject({ marker: { size: [0, 5] } });
});

test('a figure draws the ghost behind, in bins, and keeps a frozen axis', () => {
  const series = { starts: [0, 1, 2], values: [1, null] };
  const figure = trendFigure({
    series,
    ghost: { starts: [0, 1, 2], values: [4, 5] },
    shape: 'bars',
    zero: true,
    frozen: [0, 9],
    scheme: 'light',
    xTicks: [{ at: 0.5, text: 'Jan' }],
    yTick: String,
  });
  expect(figure.data.map(({ type, y }) => [type, y])).toEqual([
    ['bar', [4, 5]],
    ['bar', [1, null]],
  ]);
  expect(figure.layout).toMatchObject({
    yaxis: { range: [0, 9] },
    xaxis: { range: [0, 2], ticktext: ['Jan'] },
  });
  expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
});
