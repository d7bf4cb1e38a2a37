import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cholesky, logDeterminant, solveCholesky } from './cholesky.ts';
import { log, log1p } from './log.ts';
import { exp10, pow } from './pow.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const near = (got: number, want: number, relative: number) =>
  got === want || Math.abs(got - want) <= relative * Math.abs(want);

test('log and log1p are near Math.log, ends included', () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, noNaN: true }), (x) => {
      const [got, want] = [log(x), Math.log(x)];
      expect(got === want || Math.abs(got - want) <= 2.3e-16 * Math.max(Math.abs(want), 1e-300)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect([log(0), log(1), log(Infinity)]).toEqual([-Infinity, 0, Infinity]);
  expect(log(-1)).toBeNaN();
  for (const x of [1e-300, 1e-17, 1e-9, 1e-3, 0.5, 7, 1e17, -0.5, -1e-9])
    expect(near(log1p(x), Math.log1p(x), 5e-16)).toBe(true);
});

test('pow is near Math.pow, exact for small whole numbers', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
      fc.double({ min: -20, max: 20, noNaN: true }),
      (x, y) => {
        expect(near(pow(x, y), x ** y, 2e-15)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
  for (let k = -20; k <= 15; k++) expect(near(exp10(k), Number(`1e${k}`), 4e-16)).toBe(true);
  expect([pow(2, 10), pow(-3, 3), pow(0, 2), pow(0, -1), pow(5, 0), pow(9, 0.5)]).toEqual([
    1024,
    -27,
    0,
    Infinity,
    1,
    3,
  ]);
  expect(pow(-1, 0.5)).toBeNaN();
});

const square = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: n * n, maxLength: n * n })
    .map((entries) => {
      const a = Float64Array.from(entries);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!;
      return { a, n };
    }),
);

test('eigenvectors are orthonormal and give the matrix back', () => {
  fc.assert(
    fc.property(square, ({ a, n }) => {
      const { values, vectors } = symmetricEigen(a, n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let [dot, entry] = [0, 0];
          for (let k = 0; k < n; k++) {
            dot += vectors[i * n + k]! * vectors[j * n + k]!;
            entry += vectors[k * n + i]! * values[k]! * vectors[k * n + j]!;
          }
          expect(dot).toBeCloseTo(i === j ? 1 : 0, 11);
          expect(entry).toBeCloseTo(a[i * n + j]!, 10);
        }
      for (let k = 1; k < n; k++) expect(values[k - 1]!).toBeGreaterThanOrEqual(values[k]!);
    }),
  );
});

test('Cholesky solves, and refuses what is not positive definite', () => {
  fc.assert(
    fc.property(square, ({ a, n }) => {
      const spd = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < n; k++) sum += a[i * n + k]! * a[j * n + k]!;
          spd[i * n + j] = sum;
        }
      const factor = cholesky(spd, n)!;
      const x = solveCholesky(
        factor,
        Float64Array.from({ length: n }, (_, i) => i + 1),
      );
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += spd[i * n + k]! * x[k]!;
        expect(sum).toBeCloseTo(i + 1, 6);
      }
      const { values } = symmetricEigen(spd, n);
      expect(logDeterminant(factor, log)).toBeCloseTo(
        values.reduce((sum, v) => sum + Math.log(v), 0),
        7,
      );
    }),
  );
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(cholesky(Float64Array.of(1, 1, 1, 1 + 1e-14), 2, 1e-11)).toBeUndefined();
});
