import { ExaError } from '../../../protocol/errors.ts';
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

/** Stands for a curvature that is 0 or below, so that a step stays finite (libsvm's TAU). */
const tau = 1e-12;

const iterationsAStep = 256;

const inUp = 1;
const inLow = 2;

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
  const v = new Float64Array(count);
  const sets = new Uint8Array(count);
  for (let t = 0; t < count; t++) {
    v[t] = -signs[t]! * problem.linear[t]!;
    sets[t] = setsOf(alpha[t]!, upper[t]!, signs[t]!);
  }
  for (let s = 0; s < count; s++) {
    if (alpha[s] === 0) continue;
    addRow(v, kernel.row(s % n), -alpha[s]! * signs[s]!, problem.copies);
    if (s % iterationsAStep === 0) yield { phase: 'start', done: s, total: count };
  }

  let iterations = 0;
  let converged = false;
  let first = highest(v, sets);
  while (iterations < limit) {
    if (first < 0) {
      converged = true;
      break;
    }
    const i = first;
    const ki = kernel.row(i % n);
    const choice = choose(v, sets, ki, kernel.diagonal, i % n, v[i]!, problem.copies);
    if (v[i]! - choice.lowest < tol || choice.at < 0) {
      converged = true;
      break;
    }
    const j = choice.at;
    const kj = kernel.row(j % n);
    const curvature = kernel.diagonal[i % n]! + kernel.diagonal[j % n]! - 2 * ki[j % n]!;
    const step = (v[i]! - v[j]!) / (curvature > 0 ? curvature : tau);
    if (!Number.isFinite(step) || !Number.isFinite(curvature))
      throw new ExaError(
        'invalid',
        'The kernel’s values overflow on these data: scale the columns, or choose a smaller gamma or degree.',
      );
    const [before, beforeJ] = [alpha[i]!, alpha[j]!];
    move(alpha, upper, signs, i, j, step);
    sets[i] = setsOf(alpha[i]!, upper[i]!, signs[i]!);
    sets[j] = setsOf(alpha[j]!, upper[j]!, signs[j]!);
    first = update(
      v,
      sets,
      ki,
      kj,
      (alpha[i]! - before) * signs[i]!,
      (alpha[j]! - beforeJ) * signs[j]!,
      problem.copies,
    );
    iterations++;
    if (iterations % iterationsAStep === 0) yield { phase: 'optimise', done: iterations, total: 0 };
  }
  return { alpha, rho: offsetOf(v, alpha, upper, signs), iterations, converged };
}

function setsOf(alpha: number, upper: number, sign: number): number {
  const canRise = alpha < upper;
  const canFall = alpha > 0;
  return sign > 0
    ? (canRise ? inUp : 0) | (canFall ? inLow : 0)
    : (canFall ? inUp : 0) | (canRise ? inLow : 0);
}

function addRow(v: Float64Array, row: Float32Array, factor: number, copies: number): void {
  const n = row.length;
  for (let base = 0; base < copies * n; base += n)
    for (let k = 0; k < n; k++) v[base + k] = v[base + k]! + row[k]! * factor;
}

/** Position of the highest v that may still rise; −1 when none may. */
function highest(v: Float64Array, sets: Uint8Array): number {
  let best = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let t = 0; t < v.length; t++)
    if ((sets[t]! & inUp) !== 0 && v[t]! >= best) {
      best = v[t]!;
      at = t;
    }
  return at;
}

/** Among those that may fall: the lowest v, and the partner that promises most. */
function choose(
  v: Float64Array,
  sets: Uint8Array,
  row: Float32Array,
  diagonal: Float64Array,
  i: number,
  vi: number,
  copies: number,
): { at: number; lowest: number } {
  const n = row.length;
  const own = diagonal[i]!;
  let lowest = Number.POSITIVE_INFINITY;
  let at = -1;
  let gain = 0;
  for (let base = 0; base < copies * n; base += n) {
    const part = v.subarray(base, base + n);
    const partSets = sets.subarray(base, base + n);
    for (let k = 0; k < n; k++) {
      if ((partSets[k]! & inLow) === 0) continue;
      const vk = part[k]!;
      if (vk < lowest) lowest = vk;
      const difference = vi - vk;
      if (difference <= 0) continue;
      const curvature = own + diagonal[k]! - 2 * row[k]!;
      const squared = difference * difference;
      if (curvature > 0 ? squared >= gain * curvature : squared >= gain * tau) {
        gain = squared / (curvature > 0 ? curvature : tau);
        at = base + k;
      }
    }
  }
  return { at, lowest };
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

/** Carries the moves of α_i and α_j into v, and finds the next highest that may rise. */
function update(
  v: Float64Array,
  sets: Uint8Array,
  ki: Float32Array,
  kj: Float32Array,
  di: number,
  dj: number,
  copies: number,
): number {
  const n = ki.length;
  if (copies === 2) return updateBoth(v, sets, ki, kj, di, dj);
  let best = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let k = 0; k < n; k++) {
    const value = v[k]! - (ki[k]! * di + kj[k]! * dj);
    v[k] = value;
    if (value >= best && (sets[k]! & inUp) !== 0) {
      best = value;
      at = k;
    }
  }
  return at;
}

/** {@link update} where every row has two variables, which move alike. */
function updateBoth(
  v: Float64Array,
  sets: Uint8Array,
  ki: Float32Array,
  kj: Float32Array,
  di: number,
  dj: number,
): number {
  const n = ki.length;
  const [left, right] = [v.subarray(0, n), v.subarray(n)];
  const [leftSets, rightSets] = [sets.subarray(0, n), sets.subarray(n)];
  let best = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let k = 0; k < n; k++) {
    const change = ki[k]! * di + kj[k]! * dj;
    const first = left[k]! - change;
    const second = right[k]! - change;
    left[k] = first;
    right[k] = second;
    if (first >= best && (leftSets[k]! & inUp) !== 0) {
      best = first;
      at = k;
    }
    if (second >= best && (rightSets[k]! & inUp) !== 0) {
      best = second;
      at = n + k;
    }
  }
  return at;
}

/** Mean of −v over the free variables; without any, the middle of what the bounds allow. */
function offsetOf(v: Float64Array, alpha: Float64Array, upper: Float64Array, signs: Int8Array): number {
  let highestBound = Number.POSITIVE_INFINITY;
  let lowestBound = Number.NEGATIVE_INFINITY;
  let free = 0;
  let sum = 0;
  for (let t = 0; t < v.length; t++) {
    const value = -v[t]!;
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
