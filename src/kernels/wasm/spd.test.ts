import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSpd, plainSpd, type SpdRoom, solveFactored } from './spd.ts';

const bits = (values: Float64Array) => new BigInt64Array(values.slice().buffer);

/** Mᵀ·M + I of random numbers, lower triangle. */
function fill(room: SpdRoom, draws: number[]): number[][] {
  const { n, stride, matrix } = room;
  const m = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => draws[(i * n + j) % draws.length]!),
  );
  const a = m.map((_, i) =>
    m.map((_, j) => m.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? 1 : 0)),
  );
  room.clear();
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * stride + j] = a[i]![j]!;
  return a;
}

test('module and twin give the same bits, and the inverse inverts', () => {
  const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 400, maxLength: 400 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 37 }), numbers, (n, draws) => {
      const [fast, plain] = [openSpd(n), plainSpd(n)];
      const a = fill(fast, draws);
      fill(plain, draws);
      expect([fast.factor(), plain.factor()]).toEqual([true, true]);
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++)
          expect(fast.matrix[i * fast.stride + j]).toBe(plain.matrix[i * fast.stride + j]);
      const x = solveFactored(fast, draws);
      a.forEach((row, i) => {
        expect(row.reduce((sum, value, j) => sum + value * x[j]!, 0)).toBeCloseTo(draws[i]!, 6);
      });
      const [w, wPlain] = [fast.lowerInverse(), plain.lowerInverse()];
      expect(bits(w)).toEqual(bits(wPlain));
      fast.inverse();
      plain.inverse();
      const inverse = (i: number, j: number) => fast.matrix[Math.max(i, j) * fast.stride + Math.min(i, j)]!;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          expect(inverse(i, j)).toBe(plain.matrix[Math.max(i, j) * fast.stride + Math.min(i, j)]);
          const product = a[i]!.reduce((sum, value, k) => sum + value * inverse(k, j), 0);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
        }
    }),
    { numRuns: 20 },
  );
});

test('a matrix that is not positive definite is said', () => {
  const room = openSpd(2);
  room.clear();
  room.matrix.set([1, 0, 0, 0, 2, 1]);
  expect(room.factor()).toBe(false);
});
