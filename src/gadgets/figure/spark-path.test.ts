import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparkPath } from './spark-path.ts';

test('a line from the first to the last value, zero at the bottom', () => {
  expect(sparkPath([0, 5, 10])).toEqual({
    line: 'M0 100L50 50L100 0',
    area: 'M0 100L50 50L100 0L100 100L0 100Z',
  });
});

test('a missing value is a gap, and one value no line', () => {
  expect(sparkPath([1, 2, null, 2]).line).toBe('M0 50L33.33 0M100 0');
  expect(sparkPath([null, 7, null])).toEqual({ line: '', area: '' });
  expect(sparkPath([])).toEqual({ line: '', area: '' });
});

test('it stays in its box', () => {
  const value = fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 50 }), (values) => {
      for (const number of sparkPath(values).line.match(/-?[\d.]+/g) ?? []) {
        expect(Number(number)).toBeGreaterThanOrEqual(0);
        expect(Number(number)).toBeLessThanOrEqual(100);
      }
    }),
  );
});
