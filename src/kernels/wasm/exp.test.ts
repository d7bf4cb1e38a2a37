import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp } from '../math/exp.ts';
import { expEach, expEachPlain, expModule } from './exp.ts';

test('the module starts here', () => {
  expect(expModule()).toBeDefined();
});

test('module and twin give the same bits, any length', () => {
  fc.assert(
    fc.property(fc.float64Array({ maxLength: 70, noNaN: true }), (values) => {
      const [fast, plain] = [values.slice(), values.slice()];
      expEach(fast);
      expEachPlain(plain);
      expect(new BigInt64Array(fast.buffer)).toEqual(new BigInt64Array(plain.buffer));
    }),
  );
});

test('longer than one chunk', () => {
  const values = Float64Array.from({ length: 70_001 }, (_, i) => (i - 35_000) / 50);
  const fast = values.slice();
  expEach(fast);
  expect(values.findIndex((x, i) => exp(x) !== fast[i])).toBe(-1);
});

test('near Math.exp, and right at the ends', () => {
  let worst = 0;
  for (let x = -707; x < 709; x += 0.0137) worst = Math.max(worst, Math.abs(exp(x) / Math.exp(x) - 1));
  expect(worst).toBeLessThan(5e-16);
  expect([exp(0), exp(710), exp(Infinity), exp(-Infinity), exp(-746)]).toEqual([1, Infinity, Infinity, 0, 0]);
  expect(exp(Number.NaN)).toBeNaN();
  expect(exp(-745)).toBe(5e-324);
});
