import { ExaError } from '../../../protocol/errors.ts';
import { leastCurvature, type WorkingSet, workingSet } from '../../wasm/working-set.ts';
import type { Steps } from '../steps.ts';
import type { KernelRows } from './svm-kernel.ts';

/**
 * Minimise ½ Σ α_s α_t y_s y_t K_st + Σ p_t α_t over 0 ≤ α_t ≤ upper_t with Σ y_t α_t kept as it starts.
 * There are `copies` variables a kernel row: variable t stands for row `t mod rows`.
 */
export interface SmoProblem {
  readonly kernel: KernelRows;
  readonly copies: 1 | 2;
  /** y: +1 or −1 each. */
  readonly signs: Int8Array;
  /** p. */
  readonly linear: Float64Array;
  readonly upper: Float64Array;
  /** A feasible start; overwritten by the solution. */
  readonly alpha: Float64Array;
  /** Largest violation of the optimality conditions left, above 0. */
  readonly tol: number;
  /** −1: no limit of its own (ten million, or a hundred a variable, whichever is more). */
  readonly maxIter: number;
}

export interface SmoSolution {
  readonly alpha: Float64Array;
  /** Offset of the decision: Σ α y K − rho. */
  readonly rho: number;
  readonly iterations: number;
  /** Whether `tol` was reached before `maxIter`. */
  readonly converged: boolean;
}

const iterationsAStep = 256;

/**
 * Sequential minimal optimisation with second-order working sets: R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set
 * selection using second order information for training SVM", JMLR 6 (2005), the method of libsvm. Kept as
 * v_t = −y_t·gradient_t, so that labels drop out of the loops. Throws `invalid` when values overflow.
 */
export function* solveSmo(problem: SmoProblem): Steps<SmoSolution> {
  const { kernel, signs, alpha, upper, tol } = problem;
  const n = kernel.rows;
  const count = n * problem.copies;
  const limit = problem.maxIter >= 0 ? problem.maxIter : Math.max(10_000_000, 100 * count);
  const set = workingSet(kernel.diagonal, problem.copies);
  const allow = (t: number) => {
    const [canRise, canFall] = [alpha[t]! < upper[t]!, alpha[t]! > 0];
    if (signs[t]! > 0) set.allow(t, canRise, canFall);
    else set.allow(t, canFall, canRise);
  };
  for (let t = 0; t < count; t++) {
    set.put(t, -signs[t]! * problem.linear[t]!);
    allow(t);
  }
  const nothing = new Float32Array(n);
  let first = set.carry(nothing, nothing, 0, 0);
  for (let s = 0; s < count; s++) {
    if (alpha[s] === 0) continue;
    first = set.carry(kernel.row(s % n), nothing, alpha[s]! * signs[s]!, 0);
    if (s % iterationsAStep === 0) yield { phase: 'start', done: s, total: count };
  }

  let iterations = 0;
  let converged = false;
  while (iterations < limit) {
    if (first < 0) {
      converged = true;
      break;
    }
    const i = first;
    const ki = kernel.row(i % n);
    const vi = set.value(i);
    const j = set.choose(ki, kernel.diagonal[i % n]!, vi);
    if (vi - set.lowest() < tol || j < 0) {
      converged = true;
      break;
    }
    const kj = kernel.row(j % n);
    const curvature = kernel.diagonal[i % n]! + kernel.diagonal[j % n]! - 2 * ki[j % n]!;
    const step = (vi - set.value(j)) / (curvature > 0 ? curvature : leastCurvature);
    if (!Number.isFinite(step) || !Number.isFinite(curvature))
      throw new ExaError(
        'invalid',
        'The kernel’s values overflow on these data: scale the columns, or choose a smaller gamma or degree.',
      );
    const [before, beforeJ] = [alpha[i]!, alpha[j]!];
    move(alpha, upper, signs, i, j, step);
    allow(i);
    allow(j);
    first = set.carry(ki, kj, (alpha[i]! - before) * signs[i]!, (alpha[j]! - beforeJ) * signs[j]!);
    iterations++;
    if (iterations % iterationsAStep === 0) yield { phase: 'optimise', done: iterations, total: 0 };
  }
  return { alpha, rho: offsetOf(set, alpha, upper, signs), iterations, converged };
}

/** Moves α_i by y_i·step and α_j by −y_j·step, cut where either meets a bound; bounds are met exactly. */
function move(
  alpha: Float64Array,
  upper: Float64Array,
  signs: Int8Array,
  i: number,
  j: number,
  step: number,
): void {
  const roomI = signs[i]! > 0 ? upper[i]! - alpha[i]! : alpha[i]!;
  const roomJ = signs[j]! > 0 ? alpha[j]! : upper[j]! - alpha[j]!;
  const cut = Math.min(step, roomI, roomJ);
  alpha[i] = cut === roomI ? (signs[i]! > 0 ? upper[i]! : 0) : alpha[i]! + signs[i]! * cut;
  alpha[j] = cut === roomJ ? (signs[j]! > 0 ? 0 : upper[j]!) : alpha[j]! - signs[j]! * cut;
}

/** Mean of −v over the free variables; without any, the middle of what the bounds allow. */
function offsetOf(set: WorkingSet, alpha: Float64Array, upper: Float64Array, signs: Int8Array): number {
  let highestBound = Number.POSITIVE_INFINITY;
  let lowestBound = Number.NEGATIVE_INFINITY;
  let free = 0;
  let sum = 0;
  for (let t = 0; t < alpha.length; t++) {
    const value = -set.value(t);
    if (alpha[t]! >= upper[t]!) {
      if (signs[t]! < 0) highestBound = Math.min(highestBound, value);
      else lowestBound = Math.max(lowestBound, value);
    } else if (alpha[t]! <= 0) {
      if (signs[t]! > 0) highestBound = Math.min(highestBound, value);
      else lowestBound = Math.max(lowestBound, value);
    } else {
      free++;
      sum += value;
    }
  }
  return free > 0 ? sum / free : (highestBound + lowestBound) / 2;
}
