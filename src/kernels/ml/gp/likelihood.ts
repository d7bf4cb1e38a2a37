import { log } from '../../math/log.ts';
import { type SpdRoom, solveFactored } from '../../wasm/spd.ts';
import { type Covariance, covarianceOf } from './covariance.ts';
import { type GpKernel, hyperparameters } from './gp-kernel.ts';
import type { Pairs } from './pairs.ts';

/** ln 2π. */
const logTwoPi = 1.8378770664093453;

/**
 * The log marginal likelihood of targets under a kernel, and its slope along the log-hyperparameters: two thirds of the
 * work, done when asked for, before the room is used again.
 */
export interface Likelihood {
  /** −∞ when the kernel matrix is not positive definite. */
  readonly value: number;
  gradient(): Float64Array;
  /** K⁻¹·y. */
  readonly alpha: Float64Array;
}

/** Fills `room` with the kernel matrix, `jitter` added to the diagonal, and factors it; false when that fails. */
export function factorKernel(covariance: Covariance, jitter: number, room: SpdRoom): boolean {
  const { n, stride, matrix } = room;
  room.clear();
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * stride + j] = covariance.values[at++]!;
    matrix[i * stride + i] = matrix[i * stride + i]! + jitter;
  }
  return room.factor();
}

/**
 * Algorithm 2.1 and equation 5.9 of Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), with the
 * derivative of each kernel contracted against ½(αα′ − K⁻¹) instead of made as a matrix.
 * `jitter` is added to the diagonal (scikit-learn's `alpha`).
 */
export function likelihoodOf(
  kernel: GpKernel,
  pairs: Pairs,
  y: Float64Array,
  jitter: number,
  room: SpdRoom,
): Likelihood {
  const { n, stride, matrix } = room;
  const count = hyperparameters(kernel).length;
  pairs.reuse();
  const covariance = covarianceOf(kernel, pairs);
  if (!factorKernel(covariance, jitter, room))
    return {
      value: Number.NEGATIVE_INFINITY,
      gradient: () => new Float64Array(count),
      alpha: new Float64Array(n),
    };
  const alpha = solveFactored(room, y);
  let value = -0.5 * n * logTwoPi;
  for (let i = 0; i < n; i++) value -= 0.5 * y[i]! * alpha[i]! + log(matrix[i * stride + i]!);
  return {
    value,
    alpha,
    gradient() {
      room.lowerInverse();
      room.inverse();
      const weights = pairs.array();
      let at = 0;
      for (let i = 0; i < n; i++) {
        const own = alpha[i]!;
        for (let j = 0; j < i; j++) weights[at++] = own * alpha[j]! - matrix[i * stride + j]!;
        weights[at++] = 0.5 * (own * own - matrix[i * stride + i]!);
      }
      const gradient = new Float64Array(count);
      covariance.contract(weights, 1, gradient, 0);
      return gradient;
    },
  };
}
