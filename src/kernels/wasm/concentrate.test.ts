import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concentratePlain } from '../ml/outliers/fast-mcd.ts';
import { openConcentrate } from './concentrate.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.slice().buffer);

test('module and twin give the same bits, equal distances included', () => {
  // Few different values: many rows are equally far.
  const value = fc.oneof(
    fc.integer({ min: -2, max: 2 }),
    fc.double({ min: -9, max: 9, noNaN: true, noDefaultInfinity: true }),
  );
  const drawn = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 })).chain(([p, rows]) =>
    fc.record({
      p: fc.constant(p),
      values: fc.array(value, { minLength: p * rows, maxLength: p * rows }),
      h: fc.integer({ min: 1, max: rows }),
      location: fc.array(value, { minLength: p, maxLength: p }),
      whiten: fc.array(value, { minLength: p * p, maxLength: p * p }),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ p, values, h, location, whiten }) => {
      const x = { rows: values.length / p, columns: p, values: Float64Array.from(values) };
      const fast = openConcentrate(x.values, p)!(Float64Array.from(location), Float64Array.from(whiten), h);
      const plain = concentratePlain(x)(Float64Array.from(location), Float64Array.from(whiten), h);
      expect(bits(fast.location)).toEqual(bits(plain.location));
      expect(bits(fast.covariance)).toEqual(bits(plain.covariance));
    }),
    { numRuns: 100 },
  );
});
