import { expect, test } from 'vitest';
import { distributionTicks } from './distribution.figure.ts';

test('round values are labelled where they lie, on an edge of bins or not', () => {
  const bins = { from: 0, width: 20, count: 37 };
  expect(distributionTicks(bins, 3, false)).toEqual([
    { at: 0, value: 0 },
    { at: 12.5, value: 250 },
    { at: 25, value: 500 },
  ]);
  expect(distributionTicks({ from: -40, width: 20, count: 4 }, 4, false)).toEqual([
    { at: 0, value: -40 },
    { at: 1, value: -20 },
    { at: 2, value: 0 },
    { at: 3, value: 20 },
    { at: 4, value: 40 },
  ]);
});

test('a bin of one whole number is named in its middle', () => {
  expect(distributionTicks({ from: 1, width: 1, count: 3 }, 10, true)).toEqual([
    { at: 0.5, value: 1 },
    { at: 1.5, value: 2 },
    { at: 2.5, value: 3 },
  ]);
  expect(distributionTicks({ from: 7, width: 1, count: 1 }, 10, true)).toEqual([{ at: 0.5, value: 7 }]);
});
