import { ExaError } from '../../../protocol/errors.ts';
import { log } from '../../math/log.ts';
import { openPoints } from '../../wasm/kernel-rows.ts';
import { openSpd } from '../../wasm/spd.ts';
import { type RandomStream, randomStream } from '../sample/random.ts';
import { checkColumns, type Samples, samplesOf } from '../samples.ts';
import { covarianceOf } from './covariance.ts';
import type { GpModel } from './gaussian-process.ts';
import { factorKernel } from './likelihood.ts';
import { pairsBetween, pairsOfSelves, pairsWithin } from './pairs.ts';

/** What a fitted Gaussian process says of new rows, in the targets' own units. */
export interface GpPosterior {
  mean(x: Samples): Float64Array;
  /** Standard deviation of a new observation: a white kernel's noise is part of it, as in scikit-learn. */
  std(x: Samples): Float64Array;
  /** Covariances between the rows, row-major `rows × rows`. */
  covariance(x: Samples): Float64Array;
  /** `count` functions drawn from the posterior, each `rows` values; the same seed gives the same draws. */
  samples(x: Samples, count: number, seed: number): Float64Array[];
}

/**
 * Opens a model for predictions: factors its kernel matrix once (n³/6 steps).
 * Throws `invalid` when it is not positive definite, which a fitted model's is.
 */
export function openPosterior(model: GpModel): GpPosterior {
  const train = samplesOf(model.X_train_);
  const n = train.rows;
  const room = openSpd(n);
  if (!factorKernel(covarianceOf(model.kernel_, pairsWithin(train)), model.alpha, room))
    throw new ExaError('invalid', 'The kernel matrix of this model is not positive definite.');
  const inverse = rowsOfInverse(room.lowerInverse(), room.stride, n);
  const through = openPoints(inverse, n, n);

  function cross(x: Samples): Float64Array {
    checkColumns(x, train.columns, 'GaussianProcessRegressor');
    return covarianceOf(model.kernel_, pairsBetween(x, train)).values;
  }

  /** L⁻¹·k of every row: row-major `rows × n`. */
  function whitened(x: Samples): Float64Array {
    const k = cross(x);
    const out = new Float64Array(x.rows * n);
    for (let i = 0; i < x.rows; i++) out.set(through.dots(k.subarray(i * n, (i + 1) * n)), i * n);
    return out;
  }

  function mean(x: Samples): Float64Array {
    const k = cross(x);
    const out = new Float64Array(x.rows);
    for (let i = 0; i < x.rows; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += k[i * n + j]! * model.alpha_[j]!;
      out[i] = sum * model.y_std + model.y_mean;
    }
    return out;
  }

  function covariance(x: Samples): Float64Array {
    const v = whitened(x);
    const prior = covarianceOf(model.kernel_, pairsWithin(x)).values;
    const out = new Float64Array(x.rows * x.rows);
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j <= i; j++) {
        let sum = prior[(i * (i + 1)) / 2 + j]!;
        for (let k = 0; k < n; k++) sum -= v[i * n + k]! * v[j * n + k]!;
        out[i * x.rows + j] = sum * model.y_std * model.y_std;
        out[j * x.rows + i] = out[i * x.rows + j]!;
      }
    return out;
  }

  return {
    mean,
    covariance,
    std(x) {
      const v = whitened(x);
      const prior = covarianceOf(model.kernel_, pairsOfSelves(x)).values;
      return prior.map((variance, i) => {
        let left = variance;
        for (let k = i * n; k < (i + 1) * n; k++) left -= v[k]! * v[k]!;
        return Math.sqrt(Math.max(0, left)) * model.y_std;
      });
    },
    samples: (x, count, seed) => draws(mean(x), covariance(x), count, randomStream(seed)),
  };
}

/** L⁻¹ row-major `n × n`, from its panels of four columns. */
function rowsOfInverse(panels: Float64Array, stride: number, n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) rows[i * n + j] = panels[Math.floor(j / 4) * 4 * stride + 4 * i + (j % 4)]!;
  return rows;
}

/** mean + L·z with L·Lᵀ the covariance, its diagonal raised tenfold from 1e-12 of its highest entry until it factors. */
function draws(
  mean: Float64Array,
  covariance: Float64Array,
  count: number,
  random: RandomStream,
): Float64Array[] {
  const m = mean.length;
  const room = openSpd(m);
  let highest = Number.MIN_VALUE;
  for (let i = 0; i < m; i++) highest = Math.max(highest, covariance[i * m + i]!);
  for (let jitter = 1e-12 * highest; ; jitter *= 10) {
    room.clear();
    for (let i = 0; i < m; i++)
      for (let j = 0; j <= i; j++)
        room.matrix[i * room.stride + j] = covariance[i * m + j]! + (i === j ? jitter : 0);
    if (room.factor()) break;
    if (jitter > highest)
      throw new ExaError('broken', 'The posterior’s covariance cannot be factored: no sample can be drawn.');
  }
  return Array.from({ length: count }, () => {
    const z = Float64Array.from({ length: m }, () => normal(random));
    return mean.map((value, i) => {
      let sum = value;
      for (let j = 0; j <= i; j++) sum += room.matrix[i * room.stride + j]! * z[j]!;
      return sum;
    });
  });
}

/** A standard normal number: Marsaglia's polar method. */
function normal(random: RandomStream): number {
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * log(s)) / s);
  }
}
