import { cholesky, solveCholesky } from '../../math/cholesky.ts';
import { nullSpace } from './null-space.ts';

/**
 * Below this share of its own sum of squares, what a column adds to the ones before it is rounding: the Gram squares
 * the condition number, so a double leaves about 1e-16 times a few thousand.
 */
export const collinearBelow = 1e-11;

/** Coefficients, and the columns that follow from others (empty when none does). */
export interface Solution {
  readonly coef: Float64Array;
  readonly collinear: readonly number[];
}

/**
 * w of least norm with xx·w = xy, for the normal equations of `p` columns. Columns are scaled to a unit diagonal for
 * the factorisation, so their units do not matter; constant columns get 0.
 */
export function solveNormal(xx: Float64Array, xy: Float64Array, p: number): Solution {
  const scale = Float64Array.from({ length: p }, (_, j) => Math.sqrt(xx[j * p + j]!));
  if (scale.every((s) => s > 0)) {
    const factor = cholesky(scaledBy(xx, scale, p), p, collinearBelow);
    if (factor) {
      const rhs = xy.map((value, j) => value / scale[j]!);
      return { coef: solveCholesky(factor, rhs).map((w, j) => w / scale[j]!), collinear: [] };
    }
  }
  return leastNorm(xx, xy, scale, p);
}

function scaledBy(xx: Float64Array, scale: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) out[i * p + j] = xx[i * p + j]! / (scale[i]! * scale[j]!);
  return out;
}

/** A solution on a basis of independent columns, minus its part in the null space. */
function leastNorm(xx: Float64Array, xy: Float64Array, scale: Float64Array, p: number): Solution {
  const { basis, dependent, relations } = nullSpace(xx, scale, p, collinearBelow);
  const coef = new Float64Array(p);
  const r = basis.length;
  const square = new Float64Array(r * r);
  basis.forEach((i, a) => {
    basis.forEach((j, b) => {
      square[a * r + b] = xx[i * p + j]! / (scale[i]! * scale[j]!);
    });
  });
  const factor = cholesky(square, r);
  if (factor) {
    const part = solveCholesky(
      factor,
      Float64Array.from(basis, (j) => xy[j]! / scale[j]!),
    );
    basis.forEach((j, a) => {
      coef[j] = part[a]! / scale[j]!;
    });
  }
  const d = relations.length;
  const inner = new Float64Array(d * d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b < d; b++) inner[a * d + b] = dot(relations[a]!, relations[b]!);
  const small = cholesky(inner, d);
  if (small) {
    const along = solveCholesky(
      small,
      Float64Array.from(relations, (relation) => dot(relation, coef)),
    );
    relations.forEach((relation, a) => {
      for (let j = 0; j < p; j++) coef[j]! -= along[a]! * relation[j]!;
    });
  }
  return { coef, collinear: dependent };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
