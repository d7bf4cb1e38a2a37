import { bytes } from './descent.as.ts?wasm';
import { lazily, reserve, scratchStart } from './load.ts';

interface Exports {
  descend(
    p: number,
    stride: number,
    xx: number,
    xy: number,
    yy: number,
    w: number,
    xxw: number,
    l1: number,
    l2: number,
    tol: number,
    most: number,
    positive: boolean,
    end: number,
  ): number;
}

/** Σxᵢxⱼ (row-major `p × p`), Σxᵢy, Σy² of centred columns. */
export interface Quadratic {
  readonly p: number;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: number;
}

export interface DescentOptions {
  readonly tol: number;
  readonly maxIter: number;
  readonly positive: boolean;
}

/** How a descent ended; `gap` is of ½‖y − Xw‖² + l1·‖w‖₁ + ½·l2·‖w‖². */
export interface DescentEnd {
  readonly iterations: number;
  readonly gap: number;
  readonly converged: boolean;
}

/** The penalties of one point of a path. */
export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

/** Coefficients and end of each descent, in the penalties' order. */
export interface DescentPath {
  readonly coefs: readonly Float64Array[];
  readonly ends: readonly DescentEnd[];
}

const start = lazily<Exports>(bytes);

/** Descents one after another, each from where the one before ended, the first from 0; bits as {@link plainDescents}. */
export function descents(
  quadratic: Quadratic,
  penalties: readonly Penalty[],
  options: DescentOptions,
): DescentPath {
  const loaded = start();
  if (loaded === undefined) return plainDescents(quadratic, penalties, options);
  const { exports, memory } = loaded;
  const { p, xx, xy, yy } = quadratic;
  const stride = p + (p % 2);
  reserve(memory, 8 * stride * (stride + 3) + 8);
  const xyAt = scratchStart + 8 * stride * stride;
  const wAt = xyAt + 8 * stride;
  const xxwAt = wAt + 8 * stride;
  const endAt = xxwAt + 8 * stride;
  const matrix = new Float64Array(memory.buffer, scratchStart, stride * stride).fill(0);
  for (let j = 0; j < p; j++) matrix.set(xx.subarray(j * p, (j + 1) * p), j * stride);
  new Float64Array(memory.buffer, xyAt, 3 * stride).fill(0).set(xy);
  const w = new Float64Array(memory.buffer, wAt, p);
  const end = new Float64Array(memory.buffer, endAt, 1);
  const { tol, maxIter, positive } = options;
  const coefs: Float64Array[] = [];
  const ends: DescentEnd[] = [];
  for (const { l1, l2 } of penalties) {
    const taken = exports.descend(
      p,
      stride,
      scratchStart,
      xyAt,
      yy,
      wAt,
      xxwAt,
      l1,
      l2,
      tol,
      maxIter,
      positive,
      endAt,
    );
    coefs.push(w.slice());
    ends.push({ iterations: Math.abs(taken), gap: end[0]!, converged: taken > 0 });
  }
  return { coefs, ends };
}

/** The TypeScript twin of {@link descents}. */
export function plainDescents(
  quadratic: Quadratic,
  penalties: readonly Penalty[],
  options: DescentOptions,
): DescentPath {
  const w = new Float64Array(quadratic.p);
  const xxw = new Float64Array(quadratic.p);
  const coefs: Float64Array[] = [];
  const ends: DescentEnd[] = [];
  for (const { l1, l2 } of penalties) {
    ends.push(descend(quadratic, w, xxw, l1, l2, options));
    coefs.push(w.slice());
  }
  return { coefs, ends };
}

/**
 * Cyclic coordinate descent on ½‖y − Xw‖² + l1·‖w‖₁ + ½·l2·‖w‖², from `w` on and into it, with the products
 * `xxw` = X'X·w kept along (Friedman, Hastie and Tibshirani 2010, "covariance updates").
 * Stops as scikit-learn does: once no coefficient moves more than `tol` times the largest, and the duality gap is
 * below `tol · Σy²`.
 */
function descend(
  { p, xx, xy, yy }: Quadratic,
  w: Float64Array,
  xxw: Float64Array,
  l1: number,
  l2: number,
  { tol, maxIter, positive }: DescentOptions,
): DescentEnd {
  let gap = tol + 1;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    let largest = 0;
    let moved = 0;
    for (let j = 0; j < p; j++) {
      const diagonal = xx[j * p + j]!;
      if (diagonal === 0) continue;
      const before = w[j]!;
      const pull = xy[j]! - (xxw[j]! - before * diagonal);
      const size = Math.abs(pull) - l1;
      const after = size > 0 && !(positive && pull < 0) ? (pull > 0 ? size : -size) / (diagonal + l2) : 0;
      if (after !== before) {
        const step = after - before;
        const row = j * p;
        for (let k = 0; k < p; k++) xxw[k]! += step * xx[row + k]!;
        w[j] = after;
        moved = Math.max(moved, Math.abs(step));
      }
      largest = Math.max(largest, Math.abs(after));
    }
    if (largest === 0 || moved / largest < tol || iteration === maxIter) {
      gap = dualityGap({ p, xx, xy, yy }, w, xxw, l1, l2, positive);
      if (gap < tol * yy || gap === 0) return { iterations: iteration, gap, converged: true };
    }
  }
  return { iterations: maxIter, gap, converged: false };
}

function dualityGap(
  { p, xy, yy }: Quadratic,
  w: Float64Array,
  xxw: Float64Array,
  l1: number,
  l2: number,
  positive: boolean,
): number {
  let [fit, quadratic, norm1, norm2] = [0, 0, 0, 0];
  let dual = positive ? Number.NEGATIVE_INFINITY : 0;
  for (let j = 0; j < p; j++) {
    const weight = w[j]!;
    fit += weight * xy[j]!;
    quadratic += weight * xxw[j]!;
    norm1 += Math.abs(weight);
    norm2 += weight * weight;
    const slack = xy[j]! - xxw[j]! - l2 * weight;
    dual = Math.max(dual, positive ? slack : Math.abs(slack));
  }
  const residual = yy + quadratic - 2 * fit;
  const share = dual > l1 ? l1 / dual : 1;
  const loss = dual > l1 ? 0.5 * (residual + residual * share * share) : residual;
  return loss + l1 * norm1 - share * (yy - fit) + 0.5 * l2 * (1 + share * share) * norm2;
}
