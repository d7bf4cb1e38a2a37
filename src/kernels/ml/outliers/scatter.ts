import { cholesky } from '../../math/cholesky.ts';
import { log } from '../../math/log.ts';
import type { Samples } from '../samples.ts';

/** Where a set of rows lies and how it spreads; `covariance` is row-major, over n (not n − 1). */
export interface Scatter {
  readonly location: Float64Array;
  readonly covariance: Float64Array;
}

/** Mean and covariance of the rows at `rows` (all, when left out). */
export function scatterOf(x: Samples, rows?: ArrayLike<number>): Scatter {
  const { columns: p, values } = x;
  const count = rows ? rows.length : x.rows;
  const location = new Float64Array(p);
  for (let i = 0; i < count; i++) {
    const start = (rows ? rows[i]! : i) * p;
    for (let k = 0; k < p; k++) location[k] = location[k]! + values[start + k]!;
  }
  for (let k = 0; k < p; k++) location[k] = location[k]! / count;
  const covariance = new Float64Array(p * p);
  const centred = new Float64Array(p);
  for (let i = 0; i < count; i++) {
    const start = (rows ? rows[i]! : i) * p;
    for (let k = 0; k < p; k++) {
      const a = values[start + k]! - location[k]!;
      centred[k] = a;
      for (let m = 0; m <= k; m++) covariance[k * p + m] = covariance[k * p + m]! + a * centred[m]!;
    }
  }
  for (let k = 0; k < p; k++)
    for (let m = 0; m <= k; m++) {
      covariance[k * p + m] = covariance[k * p + m]! / count;
      covariance[m * p + k] = covariance[k * p + m]!;
    }
  return { location, covariance };
}

/** A scatter ready to measure distances: `whiten` is L⁻¹ of its covariance, lower triangle, row-major. */
export interface Metric {
  readonly location: Float64Array;
  readonly whiten: Float64Array;
  readonly logDeterminant: number;
}

/** Pivots below this share of their variance make a covariance singular. */
const singularShare = 1e-12;

/** The metric of a scatter; undefined when its covariance is singular (rows in a plane, duplicates, constants). */
export function metricOf(scatter: Scatter): Metric | undefined {
  const p = scatter.location.length;
  const factor = cholesky(scatter.covariance, p, singularShare);
  if (!factor) return undefined;
  const { lower } = factor;
  const whiten = new Float64Array(p * p);
  let logDeterminant = 0;
  for (let i = 0; i < p; i++) {
    logDeterminant += 2 * log(lower[i * p + i]!);
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= lower[i * p + k]! * whiten[k * p + j]!;
      whiten[i * p + j] = sum / lower[i * p + i]!;
    }
  }
  return { location: scatter.location, whiten, logDeterminant };
}

/** Squared Mahalanobis distances of all rows, into `out`. */
export function squaredDistances(
  x: Samples,
  metric: Metric,
  out: Float64Array = new Float64Array(x.rows),
): Float64Array {
  const { columns: p, values } = x;
  const { location, whiten } = metric;
  if (p === 2) {
    const [mx, my] = [location[0]!, location[1]!];
    const [a, b, c] = [whiten[0]!, whiten[2]!, whiten[3]!];
    for (let i = 0; i < x.rows; i++) {
      const dx = values[2 * i]! - mx;
      const u = a * dx;
      const v = b * dx + c * (values[2 * i + 1]! - my);
      out[i] = u * u + v * v;
    }
    return out;
  }
  const centred = new Float64Array(p);
  for (let i = 0; i < x.rows; i++) {
    let total = 0;
    for (let k = 0; k < p; k++) {
      centred[k] = values[i * p + k]! - location[k]!;
      let sum = 0;
      for (let m = 0; m <= k; m++) sum += whiten[k * p + m]! * centred[m]!;
      total += sum * sum;
    }
    out[i] = total;
  }
  return out;
}
