import { expect, test } from 'vitest';
import { exp } from '../math/exp.ts';
import { expEach, expModule } from './exp.ts';

test('the module starts in a browser and gives the bits of its twin', () => {
  expect(expModule()).toBeDefined();
  const values = Float64Array.from({ length: 4_001 }, (_, i) => (i - 2_000) / 3);
  const fast = values.slice();
  expEach(fast);
  expect(values.findIndex((x, i) => exp(x) !== fast[i])).toBe(-1);
});
