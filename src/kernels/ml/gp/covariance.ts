import { log } from '../../math/log.ts';
import { expEach } from '../../wasm/exp.ts';
import type { GpKernel } from './gp-kernel.ts';
import type { Pairs } from './pairs.ts';
import { cos, sin } from './sine.ts';

/** A kernel worked out over pairs, kept so that its derivatives can be taken. */
export interface Covariance {
  /** A value a pair. */
  readonly values: Float64Array;
  /**
   * Adds Σ weight·scale·∂value/∂θ for each free log-hyperparameter to `out` from `at` on; returns the next position.
   */
  contract(weights: Float64Array, scale: number, out: Float64Array, at: number): number;
}

/** The covariance of `kernel` over `pairs`. */
export function covarianceOf(kernel: GpKernel, pairs: Pairs): Covariance {
  switch (kernel.kernel) {
    case 'sum':
      return sum(kernel.k1, kernel.k2, pairs);
    case 'product':
      return productOf(kernel.k1, kernel.k2, pairs);
    case 'constant':
      return constant(kernel.constant_value ?? 1, kernel.constant_value_bounds !== 'fixed', pairs);
    case 'white':
      return white(kernel, pairs);
    case 'rbf':
      return rbf(kernel.length_scale ?? 1, kernel.length_scale_bounds !== 'fixed', pairs);
    case 'matern':
      return matern(
        kernel.nu ?? 1.5,
        kernel.length_scale ?? 1,
        kernel.length_scale_bounds !== 'fixed',
        pairs,
      );
    case 'rational_quadratic':
      return rationalQuadratic(kernel, pairs);
    case 'exp_sine_squared':
      return expSineSquared(kernel, pairs);
    case 'dot_product':
      return dotProduct(kernel.sigma_0 ?? 1, kernel.sigma_0_bounds !== 'fixed', pairs);
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** A sum; noise touches the diagonal alone. */
function sum(k1: GpKernel, k2: GpKernel, pairs: Pairs): Covariance {
  if (k2.kernel === 'white') return withNoise(covarianceOf(k1, pairs), k2, pairs);
  const left = covarianceOf(k1, pairs);
  const right = covarianceOf(k2, pairs);
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) values[i] = left.values[i]! + right.values[i]!;
  return {
    values,
    contract: (weights, scale, out, at) =>
      right.contract(weights, scale, out, left.contract(weights, scale, out, at)),
  };
}

function withNoise(left: Covariance, noise: GpKernel & { kernel: 'white' }, pairs: Pairs): Covariance {
  const level = noise.noise_level ?? 1;
  const values = pairs.array();
  values.set(left.values);
  for (const at of pairs.same) values[at] = values[at]! + level;
  return {
    values,
    contract: (weights, scale, out, at) =>
      contractNoise(noise, pairs, weights, scale, out, left.contract(weights, scale, out, at)),
  };
}

function contractNoise(
  noise: GpKernel & { kernel: 'white' },
  pairs: Pairs,
  weights: Float64Array,
  scale: number,
  out: Float64Array,
  at: number,
): number {
  if (noise.noise_level_bounds === 'fixed') return at;
  let total = 0;
  for (const position of pairs.same) total += weights[position]!;
  out[at] = out[at]! + scale * (noise.noise_level ?? 1) * total;
  return at + 1;
}

/** A product; with a constant it is a scaling, which needs no weights of its own. */
function productOf(k1: GpKernel, k2: GpKernel, pairs: Pairs): Covariance {
  if (k1.kernel === 'constant')
    return scaled(
      k1.constant_value ?? 1,
      k1.constant_value_bounds !== 'fixed',
      covarianceOf(k2, pairs),
      pairs,
    );
  const left = covarianceOf(k1, pairs);
  const right = covarianceOf(k2, pairs);
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) values[i] = left.values[i]! * right.values[i]!;
  return {
    values,
    contract(weights, scale, out, at) {
      const through = (other: Covariance) => {
        const product = pairs.array();
        for (let i = 0; i < product.length; i++) product[i] = weights[i]! * other.values[i]!;
        return product;
      };
      return right.contract(through(left), scale, out, left.contract(through(right), scale, out, at));
    },
  };
}

function scaled(factor: number, free: boolean, of: Covariance, pairs: Pairs): Covariance {
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) values[i] = of.values[i]! * factor;
  return {
    values,
    contract(weights, scale, out, at) {
      if (free) out[at] = out[at]! + scale * inner(weights, values);
      return of.contract(weights, scale * factor, out, free ? at + 1 : at);
    },
  };
}

function constant(value: number, free: boolean, pairs: Pairs): Covariance {
  return {
    values: pairs.array().fill(value),
    contract(weights, scale, out, at) {
      if (!free) return at;
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]!;
      out[at] = out[at]! + scale * value * total;
      return at + 1;
    },
  };
}

function white(kernel: GpKernel & { kernel: 'white' }, pairs: Pairs): Covariance {
  const values = pairs.array().fill(0);
  for (const at of pairs.same) values[at] = kernel.noise_level ?? 1;
  return {
    values,
    contract: (weights, scale, out, at) => contractNoise(kernel, pairs, weights, scale, out, at),
  };
}

/** r² of each pair: squared distances after dividing by the length scale (one, or one a column). */
function scaledSquares(lengthScale: number | readonly number[], pairs: Pairs): Float64Array {
  const out = pairs.array();
  if (typeof lengthScale === 'number') {
    const squared = pairs.squared();
    const factor = 1 / (lengthScale * lengthScale);
    for (let i = 0; i < out.length; i++) out[i] = squared[i]! * factor;
    return out;
  }
  out.fill(0);
  lengthScale.forEach((length, k) => {
    const squared = pairs.squaredIn(k);
    const factor = 1 / (length * length);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + squared[i]! * factor;
  });
  return out;
}

/** Contraction of ∂K/∂log(length) = r_k²·slope, whose sum over columns is r²·slope. */
function contractLengths(
  lengthScale: number | readonly number[],
  squares: Float64Array,
  slope: (i: number) => number,
  pairs: Pairs,
  weights: Float64Array,
  scale: number,
  out: Float64Array,
  at: number,
): number {
  if (typeof lengthScale === 'number') {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]! * squares[i]! * slope(i);
    out[at] = out[at]! + scale * total;
    return at + 1;
  }
  lengthScale.forEach((length, k) => {
    const squared = pairs.squaredIn(k);
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]! * squared[i]! * slope(i);
    out[at + k] = out[at + k]! + (scale * total) / (length * length);
  });
  return at + lengthScale.length;
}

function rbf(lengthScale: number | readonly number[], free: boolean, pairs: Pairs): Covariance {
  if (typeof lengthScale === 'number') return roundRbf(lengthScale, free, pairs);
  const squares = scaledSquares(lengthScale, pairs);
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) values[i] = -0.5 * squares[i]!;
  expEach(values);
  return {
    values,
    contract: (weights, scale, out, at) =>
      free ? contractLengths(lengthScale, squares, (i) => values[i]!, pairs, weights, scale, out, at) : at,
  };
}

/** The commonest kernel: one length, no array of scaled distances. */
function roundRbf(length: number, free: boolean, pairs: Pairs): Covariance {
  const squared = pairs.squared();
  const values = pairs.array();
  const factor = 1 / (length * length);
  for (let i = 0; i < values.length; i++) values[i] = -0.5 * factor * squared[i]!;
  expEach(values);
  return {
    values,
    contract(weights, scale, out, at) {
      if (!free) return at;
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]! * squared[i]! * values[i]!;
      out[at] = out[at]! + scale * factor * total;
      return at + 1;
    },
  };
}

function matern(
  nu: 0.5 | 1.5 | 2.5,
  lengthScale: number | readonly number[],
  free: boolean,
  pairs: Pairs,
): Covariance {
  const squares = scaledSquares(lengthScale, pairs);
  const decay = pairs.array();
  const root = nu === 0.5 ? 1 : nu === 1.5 ? Math.sqrt(3) : Math.sqrt(5);
  for (let i = 0; i < decay.length; i++) decay[i] = -root * Math.sqrt(squares[i]!);
  const t = pairs.array();
  t.set(decay);
  expEach(decay);
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) {
    const u = -t[i]!;
    values[i] = decay[i]! * (nu === 0.5 ? 1 : nu === 1.5 ? 1 + u : 1 + u + (u * u) / 3);
  }
  const slope = (i: number) => {
    if (nu === 1.5) return 3 * decay[i]!;
    if (nu === 2.5) return (5 / 3) * (1 - t[i]!) * decay[i]!;
    return t[i] === 0 ? 0 : decay[i]! / -t[i]!;
  };
  return {
    values,
    contract: (weights, scale, out, at) =>
      free ? contractLengths(lengthScale, squares, slope, pairs, weights, scale, out, at) : at,
  };
}

function rationalQuadratic(kernel: GpKernel & { kernel: 'rational_quadratic' }, pairs: Pairs): Covariance {
  const alpha = kernel.alpha ?? 1;
  const squares = scaledSquares(kernel.length_scale ?? 1, pairs);
  const logs = pairs.array();
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) {
    logs[i] = log(1 + squares[i]! / (2 * alpha));
    values[i] = -alpha * logs[i]!;
  }
  expEach(values);
  return {
    values,
    contract(weights, scale, out, at) {
      let [byAlpha, byLength] = [0, 0];
      for (let i = 0; i < weights.length; i++) {
        const ratio = squares[i]! / (1 + squares[i]! / (2 * alpha));
        byAlpha += weights[i]! * values[i]! * (ratio / 2 - alpha * logs[i]!);
        byLength += weights[i]! * values[i]! * ratio;
      }
      let next = at;
      if (kernel.alpha_bounds !== 'fixed') out[next] = out[next++]! + scale * byAlpha;
      if (kernel.length_scale_bounds !== 'fixed') out[next] = out[next++]! + scale * byLength;
      return next;
    },
  };
}

function expSineSquared(kernel: GpKernel & { kernel: 'exp_sine_squared' }, pairs: Pairs): Covariance {
  const length = kernel.length_scale ?? 1;
  const squared = pairs.squared();
  const factor = Math.PI / (kernel.periodicity ?? 1);
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) {
    const s = sin(factor * Math.sqrt(squared[i]!)) / length;
    values[i] = -2 * s * s;
  }
  expEach(values);
  return {
    values,
    contract(weights, scale, out, at) {
      let [byLength, byPeriod] = [0, 0];
      for (let i = 0; i < weights.length; i++) {
        const angle = factor * Math.sqrt(squared[i]!);
        const s = sin(angle);
        byLength += weights[i]! * values[i]! * s * s;
        byPeriod += weights[i]! * values[i]! * s * cos(angle) * angle;
      }
      let next = at;
      const common = (4 * scale) / (length * length);
      if (kernel.length_scale_bounds !== 'fixed') out[next] = out[next++]! + common * byLength;
      if (kernel.periodicity_bounds !== 'fixed') out[next] = out[next++]! + common * byPeriod;
      return next;
    },
  };
}

function dotProduct(sigma: number, free: boolean, pairs: Pairs): Covariance {
  const dots = pairs.dots();
  const values = pairs.array();
  for (let i = 0; i < values.length; i++) values[i] = dots[i]! + sigma * sigma;
  return {
    values,
    contract(weights, scale, out, at) {
      if (!free) return at;
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]!;
      out[at] = out[at]! + scale * 2 * sigma * sigma * total;
      return at + 1;
    },
  };
}
