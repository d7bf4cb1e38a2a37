import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descents, plainDescents, type Quadratic } from './descent.ts';

const bitsOf = (arrays: readonly Float64Array[]) =>
  arrays.map((values) => [...new BigInt64Array(values.slice().buffer)]);

/** X'X, X'y and y'y of `rows` rows of `draws`; a column of zeros where `empty` says. */
function quadraticOf(p: number, rows: number, draws: readonly number[], empty: number): Quadratic {
  const at = (i: number, j: number) => (j === empty ? 0 : draws[(i * (p + 1) + j) % draws.length]!);
  const product = (j: number, k: number) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += at(i, j) * at(i, k);
    return sum;
  };
  return {
    p,
    xx: Float64Array.from({ length: p * p }, (_, e) => product(Math.floor(e / p), e % p)),
    xy: Float64Array.from({ length: p }, (_, j) => product(j, p)),
    yy: product(p, p),
  };
}

test('module and twin give the same bits, and the optimum cannot be bettered', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 211, maxLength: 211 }),
      fc.array(fc.record({ l1: fc.double({ min: 0, max: 20, noNaN: true }), l2: fc.constantFrom(0, 0.5) }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.boolean(),
      fc.integer({ min: -1, max: 8 }),
      (p, draws, penalties, positive, empty) => {
        const quadratic = quadraticOf(p, 20, draws, empty);
        const options = { tol: 1e-6, maxIter: 500, positive };
        const [fast, plain] = [
          descents(quadratic, penalties, options),
          plainDescents(quadratic, penalties, options),
        ];
        expect(bitsOf(fast.coefs)).toEqual(bitsOf(plain.coefs));
        expect(fast.ends).toEqual(plain.ends);
        const loss = (w: Float64Array, { l1, l2 }: { l1: number; l2: number }) => {
          let sum = quadratic.yy / 2;
          for (let j = 0; j < p; j++) {
            sum += l1 * Math.abs(w[j]!) + 0.5 * l2 * w[j]! ** 2 - w[j]! * quadratic.xy[j]!;
            for (let k = 0; k < p; k++) sum += 0.5 * w[j]! * w[k]! * quadratic.xx[j * p + k]!;
          }
          return sum;
        };
        penalties.forEach((penalty, at) => {
          if (!fast.ends[at]!.converged) return;
          const found = loss(fast.coefs[at]!, penalty);
          for (let j = 0; j < p; j++)
            for (const way of [-0.01, 0.01]) {
              const other = fast.coefs[at]!.slice();
              other[j] = other[j]! + way;
              if (positive && other[j]! < 0) continue;
              expect(loss(other, penalty)).toBeGreaterThan(found - 1e-5 * (1 + quadratic.yy));
            }
        });
      },
    ),
  );
});
