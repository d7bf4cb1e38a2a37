import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openOrthogonal, plainOrthogonal } from './orthogonal.ts';

const bitsOf = (values: Float64Array) => new BigInt64Array(values.slice().buffer);

test('module and twin give the same bits, and nothing shared is left', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), numbers, (n, draws) => {
      const [fast, plain] = [openOrthogonal(n), plainOrthogonal(n)];
      const vector = (at: number) => Float64Array.from({ length: n }, (_, i) => draws[(at * n + i) % 300]!);
      for (let k = 0; k < n; k++) {
        const v = vector(k);
        expect(bitsOf(fast.products(v))).toEqual(bitsOf(plain.products(v)));
        const once = plain.rest(v);
        expect(bitsOf(fast.rest(v))).toEqual(bitsOf(once));
        const rest = plain.rest(once);
        const norm = Math.hypot(...rest);
        if (norm < 1e-6) continue;
        const unit = rest.map((value) => value / norm);
        for (const product of plain.products(unit)) expect(Math.abs(product)).toBeLessThan(1e-9);
        plain.add(unit);
        fast.add(unit);
        expect(fast.at(fast.count - 1)).toEqual(unit);
      }
      expect(fast.count).toBe(plain.count);
    }),
  );
});

test('more vectors than there was room for at first', () => {
  const [fast, plain] = [openOrthogonal(150), plainOrthogonal(150)];
  for (let k = 0; k < 150; k++) {
    const unit = Float64Array.from({ length: 150 }, (_, i) => (i === k ? 1 : 0));
    fast.add(unit);
    plain.add(unit);
  }
  const v = Float64Array.from({ length: 150 }, (_, i) => i / 7);
  expect(bitsOf(fast.products(v))).toEqual(bitsOf(plain.products(v)));
  expect(fast.rest(v)).toEqual(new Float64Array(150));
});
