import type { Literal } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { exp } from '../../math/exp.ts';
import { lbfgs } from '../../math/lbfgs.ts';
import { fitMoments } from '../preprocessing/moments.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { curvaturePairs, type LogisticPartial, logisticKernel } from './logistic-kernel.ts';
import { solveNormal } from './solve.ts';

/** scikit-learn's parameters of `LogisticRegression` with its ℓ2 penalty. */
export interface LogisticParams {
  /** Inverse strength of the penalty (1); Infinity for none. */
  readonly C?: number;
  readonly fit_intercept?: boolean;
  /**
   * `lbfgs` (the default, as there): ends where scikit-learn's does, digit for digit, after some 30 to 200 passes.
   * `newton-cholesky`: iteratively reweighted least squares, the exact optimum in 5 to 12 passes: for big data.
   */
  readonly solver?: 'lbfgs' | 'newton-cholesky';
  /** Largest gradient entry at which the fit ends (1e-4); for Newton it is per row, and 1e-10. */
  readonly tol?: number;
  /** Passes over the data (100). */
  readonly max_iter?: number;
  /** `auto`, as scikit-learn's default: two classes one sigmoid, more share a softmax. `ovr`: each against the rest. */
  readonly multi_class?: 'auto' | 'ovr';
}

/** Fitted logistic regression as plain JSON: one row of `coef_` for two classes, else one a class. */
export interface LogisticModel {
  readonly method: 'LogisticRegression';
  readonly params: LogisticParams;
  readonly reader: Reader;
  readonly classes_: readonly Literal[];
  readonly coef_: readonly (readonly number[])[];
  readonly intercept_: readonly number[];
  readonly n_iter_: number;
  readonly warnings: readonly string[];
}

/** A fit under way: what both solvers need. */
interface Task {
  readonly reader: Reader;
  readonly classes: readonly Literal[];
  readonly target: string;
  readonly ovr: boolean;
  readonly intercept: boolean;
  readonly penalty: number;
  readonly center: readonly number[];
  readonly tol: number;
  readonly maxIter: number;
}

interface Solved {
  readonly weights: readonly (readonly number[])[];
  readonly iterations: number;
  readonly settled: boolean;
}

/**
 * Logistic regression; the target's categories are the classes. Every pass is one evaluation over the blocks.
 * Throws `invalid` for one class only.
 */
export function* fitLogisticRegression(reader: Reader, params: LogisticParams = {}): Fit<LogisticModel> {
  const { C = 1, fit_intercept = true, max_iter = 100, multi_class = 'auto', solver = 'lbfgs' } = params;
  const newton = solver === 'newton-cholesky';
  const { tol = newton ? 1e-10 : 1e-4 } = params;
  const classes = reader.target?.categories;
  if (!reader.target || !classes)
    throw new ExaError(
      'invalid',
      'A classifier needs a target column with its classes listed: choose what to predict.',
    );
  const target = reader.target.column;
  if (!(C > 0)) throw new ExaError('invalid', `C must be above 0; it is ${C}.`);
  if (classes.length < 2)
    throw new ExaError(
      'invalid',
      `The target “${target}” has ${classes.length} classes; two or more are needed.`,
      {
        facts: { column: target, classes: classes.length },
      },
    );
  // The origin is free where an intercept makes up for it, and a good one keeps the Newton system well conditioned.
  const moments = yield* fitMoments(reader);
  const center = Array.from(moments.mean, (value) => (newton && fit_intercept ? value : 0));
  const task: Task = {
    reader,
    classes,
    target,
    ovr: multi_class === 'ovr' || classes.length === 2,
    intercept: fit_intercept,
    penalty: C === Number.POSITIVE_INFINITY ? 0 : 1 / C,
    center,
    tol,
    maxIter: max_iter,
  };
  const { weights, iterations, settled } = yield* newton ? newtonFit(task) : lbfgsFit(task);
  const p = center.length;
  return {
    method: 'LogisticRegression',
    params: { C, fit_intercept, tol, max_iter, multi_class, solver },
    reader: { ...reader, folds: undefined, keep: undefined },
    classes_: classes,
    coef_: weights.map((row) => row.slice(0, p)),
    intercept_: weights.map((row) =>
      fit_intercept ? center.reduce((sum, c, j) => sum - c * row[j]!, row[p]!) : 0,
    ),
    n_iter_: iterations,
    warnings: settled
      ? []
      : [`The coefficients had not settled after ${max_iter} rounds: scale the columns, or lower C.`],
  };
}

function* evaluated(
  task: Task,
  weights: number[][],
  curvature: boolean,
  phase: string,
): Fit<LogisticPartial> {
  const { reader, classes, center, ovr } = task;
  const kernel = logisticKernel({
    kernel: 'logistic',
    reader,
    classes: classes.length,
    center,
    weights,
    ovr,
    curvature,
  });
  const partial: LogisticPartial | undefined = yield* onePass(kernel, phase);
  if (!partial) throw new ExaError('invalid', 'There are no rows to learn from.');
  checkClasses(partial, classes, task.target);
  return partial;
}

function startOf({ classes, center }: Task): number[][] {
  return Array.from({ length: classes.length === 2 ? 1 : classes.length }, () =>
    new Array<number>(center.length + 1).fill(0),
  );
}

/** All searches advance together, a pass a round; one against the rest has one search a class. */
function* lbfgsFit(task: Task): Fit<Solved> {
  const { ovr, penalty, intercept, tol, maxIter } = task;
  const start = startOf(task);
  const width = start[0]!.length;
  const groups = ovr ? start.map((_, k) => [k]) : [start.map((_, k) => k)];
  const searches = groups.map((group) =>
    lbfgs(new Float64Array(group.length * width), { gradientTol: tol, maxIter }),
  );
  let states = searches.map((search) => search.next());
  for (let pass = 1; states.some((state) => !state.done); pass++) {
    const weights = states.flatMap((state, g) => {
      const point = state.done ? state.value.point : state.value;
      return groups[g]!.map((_, k) => Array.from(point.subarray(k * width, (k + 1) * width)));
    });
    const partial = yield* evaluated(task, weights, false, `Evaluation ${pass}`);
    const slope = penalizedGradient(partial, weights, penalty, intercept);
    states = states.map((state, g) => {
      if (state.done) return state;
      const group = groups[g]!;
      const own = group.map((k) => weights[k]!);
      const value = group.reduce((sum, k) => sum + partial.loss[k]!, 0) + penaltyOf(own, penalty);
      const gradient = slope.slice(group[0]! * width, (group.at(-1)! + 1) * width);
      return searches[g]!.next({ value, gradient });
    });
  }
  const ends = states.flatMap((state) => (state.done ? [state.value] : []));
  return {
    weights: ends.flatMap(({ point }, g) =>
      groups[g]!.map((_, k) => Array.from(point.subarray(k * width, (k + 1) * width))),
    ),
    iterations: Math.max(...ends.map((end) => end.iterations)),
    settled: ends.every((end) => end.converged),
  };
}

/** Newton's method; a step that raises the loss is halved. */
function* newtonFit(task: Task): Fit<Solved> {
  const { penalty, ovr, intercept, center, tol, maxIter } = task;
  let weights = startOf(task);
  let accepted: { weights: number[][]; loss: number } | undefined;
  let step: number[][] = [];
  let share = 1;
  for (let pass = 1; pass <= maxIter; pass++) {
    const partial = yield* evaluated(task, weights, true, `Newton step ${pass}`);
    const loss = partial.loss.reduce((sum, part) => sum + part, 0) + penaltyOf(weights, penalty);
    if (accepted && loss > accepted.loss + 1e-12 * Math.abs(accepted.loss) && share > 1e-6) {
      share /= 2;
      weights = stepped(accepted.weights, step, share);
      continue;
    }
    accepted = { weights, loss };
    const total = partial.counts.reduce((sum, count) => sum + count, 0);
    const slope = penalizedGradient(partial, weights, penalty, intercept);
    if (slope.every((value) => Math.abs(value) <= tol * total))
      return { weights, iterations: pass, settled: true };
    step = newtonStep(partial, slope, penalty, weights.length, center.length, ovr, intercept);
    share = 1;
    weights = stepped(weights, step, 1);
  }
  return { weights: accepted?.weights ?? weights, iterations: maxIter, settled: false };
}

function checkClasses({ counts }: LogisticPartial, classes: readonly Literal[], column: string): void {
  const present = classes.filter((_, k) => counts[k]! > 0);
  if (present.length < 2)
    throw new ExaError(
      'invalid',
      `Only ${present.length ? `the class “${present[0]}”` : 'rows without a class'} of “${column}” occurs in the rows that have a value in every chosen column: two or more are needed. Fill in missing values, or choose others.`,
      { facts: { column, classes: present.length } },
    );
}

function penaltyOf(weights: readonly (readonly number[])[], penalty: number): number {
  let sum = 0;
  for (const row of weights) for (let j = 0; j < row.length - 1; j++) sum += row[j]! * row[j]!;
  return 0.5 * penalty * sum;
}

function penalizedGradient(
  { gradient }: LogisticPartial,
  weights: readonly (readonly number[])[],
  penalty: number,
  intercept: boolean,
): Float64Array {
  const slope = gradient.slice();
  weights.forEach((row, k) => {
    const start = k * row.length;
    for (let j = 0; j < row.length - 1; j++) slope[start + j]! += penalty * row[j]!;
    if (!intercept) slope[start + row.length - 1] = 0;
  });
  return slope;
}

function stepped(
  weights: readonly (readonly number[])[],
  step: readonly (readonly number[])[],
  share: number,
): number[][] {
  return weights.map((row, k) => row.map((value, j) => value - share * step[k]![j]!));
}

/** Curvature⁻¹ · slope. A softmax leaves the sum of its intercepts free: the step of least norm is taken. */
function newtonStep(
  partial: LogisticPartial,
  slope: Float64Array,
  penalty: number,
  rows: number,
  p: number,
  ovr: boolean,
  intercept: boolean,
): number[][] {
  const width = p + 1;
  const block = (k: number, values: Float64Array) => Array.from(values.subarray(k * width, (k + 1) * width));
  if (ovr)
    return Array.from({ length: rows }, (_, k) => {
      const matrix = ridged(partial.curvature[k]!, width, penalty, intercept);
      return Array.from(solveNormal(matrix, slope.slice(k * width, (k + 1) * width), width).coef);
    });
  const size = rows * width;
  const whole = new Float64Array(size * size);
  curvaturePairs(rows, false).forEach(([a, b], pair) => {
    const own =
      a === b ? ridged(partial.curvature[pair]!, width, penalty, intercept) : partial.curvature[pair]!;
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        const masked = !intercept && (i === p || j === p) && a !== b;
        const value = masked ? 0 : own[i * width + j]!;
        whole[(a * width + i) * size + b * width + j] = value;
        whole[(b * width + j) * size + a * width + i] = value;
      }
  });
  const { coef } = solveNormal(whole, slope, size);
  return Array.from({ length: rows }, (_, k) => block(k, coef));
}

function ridged(matrix: Float64Array, width: number, penalty: number, intercept: boolean): Float64Array {
  const out = matrix.slice();
  for (let j = 0; j < width - 1; j++) out[j * width + j]! += penalty;
  if (!intercept) {
    for (let j = 0; j < width; j++) {
      out[j * width + width - 1] = 0;
      out[(width - 1) * width + j] = 0;
    }
    out[width * width - 1] = 1;
  }
  return out;
}

/** Scores of rows, a column a row of `coef_`. */
export function decideLogistic(
  model: LogisticModel,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array[] {
  return model.coef_.map((coef, k) => {
    const out = new Float64Array(rows).fill(model.intercept_[k]!);
    coef.forEach((w, j) => {
      const x = columns[j]!;
      for (let i = 0; i < rows; i++) out[i]! += w * x[i]!;
    });
    return out;
  });
}

/** Probabilities of rows, a column a class. */
export function predictProbabilities(
  model: LogisticModel,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array[] {
  const scores = decideLogistic(model, columns, rows);
  const sigmoid = (s: number) => (s >= 0 ? 1 / (1 + exp(-s)) : exp(s) / (1 + exp(s)));
  if (scores.length === 1) {
    const second = scores[0]!.map(sigmoid);
    return [second.map((share) => 1 - share), second];
  }
  const softmax = model.params.multi_class !== 'ovr';
  const shares = scores.map((s) =>
    s.map((score, i) =>
      softmax ? exp(score - Math.max(...scores.map((other) => other[i]!))) : sigmoid(score),
    ),
  );
  const whole = Float64Array.from({ length: rows }, (_, i) =>
    shares.reduce((sum, share) => sum + share[i]!, 0),
  );
  return shares.map((share) =>
    share.map((value, i) => (whole[i]! > 0 ? value / whole[i]! : 1 / shares.length)),
  );
}

/** Position of the most probable class of each row, of equals the first. */
export function predictLogistic(
  model: LogisticModel,
  columns: readonly Float64Array[],
  rows: number,
): Int32Array {
  const scores = decideLogistic(model, columns, rows);
  return Int32Array.from({ length: rows }, (_, i) => {
    if (scores.length === 1) return scores[0]![i]! > 0 ? 1 : 0;
    let best = 0;
    for (let k = 1; k < scores.length; k++) if (scores[k]![i]! > scores[best]![i]!) best = k;
    return best;
  });
}
