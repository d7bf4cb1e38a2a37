import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestCenters, nearestCentersPlain, nearestModule } from './nearest.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.buffer, values.byteOffset, values.length);

test('module and twin give the same bits, any rows, columns and centres', () => {
  expect(nearestModule()).toBeDefined();
  const cases = fc.tuple(
    fc.nat({ max: 5000 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 13 }),
    fc.nat(),
  );
  fc.assert(
    fc.property(cases, ([rows, d, k, seed]) => {
      let state = seed | 1;
      const next = () => {
        state = Math.imul(state, 1103515245) + 12345;
        return (state >> 8) / 65_537;
      };
      const columns = Array.from({ length: d }, () => Float64Array.from({ length: rows }, next));
      const centers = Array.from({ length: k }, () => Array.from({ length: d }, next));
      const origin = Array.from({ length: d }, next);
      const fast = nearestCenters(columns, rows, centers, origin);
      const plain = nearestCentersPlain(columns, rows, centers, origin);
      expect(fast.labels).toEqual(plain.labels);
      expect(bits(fast.sums)).toEqual(bits(plain.sums));
      expect(fast.counts).toEqual(plain.counts);
    }),
    { numRuns: 60 },
  );
});
