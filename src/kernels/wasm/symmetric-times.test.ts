import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSymmetric, plainSymmetric } from './symmetric-times.ts';

test('module and twin give the same bits, and the product is right', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 1, max: 3 }),
      numbers,
      (n, count, draws) => {
        const [fast, plain] = [openSymmetric(n, count), plainSymmetric(n)];
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            const value = draws[Math.max(i, j) * n + Math.min(i, j)]!;
            fast.values[i * fast.stride + j] = value;
            plain.values[i * plain.stride + j] = value;
          }
        const x = new Float64Array(count * fast.stride);
        for (let c = 0; c < count; c++)
          for (let i = 0; i < n; i++) x[c * fast.stride + i] = draws[(7 * c + i) % 300]!;
        const y = fast.times(x).slice();
        expect(new BigInt64Array(y.buffer)).toEqual(new BigInt64Array(plain.times(x).buffer));
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += plain.values[i * plain.stride + j]! * x[j]!;
          expect(y[i]).toBeCloseTo(sum, 9);
        }
      },
    ),
  );
});
