import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lbfgs, type Slope } from './lbfgs.ts';

function minimise(start: number[], f: (x: Float64Array) => Slope) {
  const search = lbfgs(Float64Array.from(start), { gradientTol: 1e-9, maxIter: 500 });
  let next = search.next();
  while (!next.done) next = search.next(f(next.value));
  return next.value;
}

test('finds Rosenbrock’s valley floor', () => {
  const { point, converged } = minimise([-1.2, 1], (x) => {
    const [a, b] = [x[0]!, x[1]!];
    const t = b - a * a;
    return {
      value: (1 - a) ** 2 + 100 * t * t,
      gradient: Float64Array.of(-2 * (1 - a) - 400 * a * t, 200 * t),
    };
  });
  expect(converged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 3);
  expect(point[1]).toBeCloseTo(1, 3);
});

test('finds the minimum of any convex bowl', () => {
  const entry = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(entry, entry, fc.double({ min: 0.1, max: 50, noNaN: true })), {
        minLength: 1,
        maxLength: 8,
      }),
      (rows) => {
        const { point } = minimise(
          rows.map(([start]) => start),
          (x) => ({
            value: rows.reduce((sum, [, at, weight], i) => sum + weight * (x[i]! - at) ** 2, 0),
            gradient: x.map((value, i) => 2 * rows[i]![2] * (value - rows[i]![1])),
          }),
        );
        rows.forEach(([, at, weight], i) => {
          expect(weight * (point[i]! - at) ** 2).toBeLessThan(1e-6);
        });
      },
    ),
  );
});
