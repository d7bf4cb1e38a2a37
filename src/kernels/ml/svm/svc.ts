import { ExaError } from '../../../protocol/errors.ts';
import { type ClassLabel, classesOf } from '../classes.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { checkColumns, checkSamples, rowsAt, type Samples, samplesOf, toRows } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { solveSmo } from './smo.ts';
import { kernelRows, kernelSums, resolveKernel, type SvmKernel, type SvmKernelParams } from './svm-kernel.ts';

/** scikit-learn's `SVC`. */
export interface SvcParams extends SvmKernelParams {
  /** Cost of a row on the wrong side, above 0. Default 1. */
  readonly C?: number;
  /** 'balanced' weighs classes by rows ÷ (classes · rows of the class). Default: all alike. */
  readonly class_weight?: 'balanced' | null;
  /** Default 1e-3. */
  readonly tol?: number;
  /** −1 (default): no limit. */
  readonly max_iter?: number;
}

/** A fitted classifier: one decision a pair of classes, in the order (0,1), (0,2), …, (1,2), …. */
export interface SvcModel {
  readonly estimator: 'SVC';
  readonly kernel: SvmKernel;
  readonly classes_: readonly ClassLabel[];
  /** Rows that are support vectors, by class, ascending within each. */
  readonly support_: readonly number[];
  readonly support_vectors_: readonly (readonly number[])[];
  readonly n_support_: readonly number[];
  /** `[pair][support vector]`: positive for the pair's first class (its second, when there are only two classes). */
  readonly pair_coef: readonly (readonly number[])[];
  readonly intercept_: readonly number[];
  readonly n_features_in_: number;
  readonly n_iter_: readonly number[];
  readonly converged: boolean;
}

/** Seconds from 5 000 rows in 0.2 s, growing with the square. */
export const svcCost: ExactCost = {
  estimator: 'SVC',
  mostRows: 20_000,
  seconds: (rows) => 1e-8 * rows * rows,
  bytes: (rows) => Math.min(200e6, 4 * rows * rows) + 200 * rows,
};

/** Positions of the pairs of `k` classes: (0,1), (0,2), …, (1,2), …. */
function pairsOf(k: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < k; a++) for (let b = a + 1; b < k; b++) pairs.push([a, b]);
  return pairs;
}

function classWeights(members: readonly (readonly number[])[], rows: number, params: SvcParams): number[] {
  return members.map((own) =>
    params.class_weight === 'balanced' ? rows / (members.length * own.length) : 1,
  );
}

/**
 * Fits support vector classification, one against one (libsvm's C-SVC).
 * Throws `invalid` for bad values, parameters or fewer than two classes, `refused` above {@link svcCost}'s rows.
 */
export function* fitSvc(x: Samples, y: ArrayLike<ClassLabel>, params: SvcParams = {}): Steps<SvcModel> {
  checkSamples(x, 'SVC');
  checkExact(svcCost, x.rows);
  if (y.length !== x.rows)
    throw new ExaError('invalid', `SVC has ${x.rows} rows but ${y.length} target values.`);
  const cost = params.C ?? 1;
  if (!(cost > 0)) throw new ExaError('invalid', `C must be above 0; it is ${cost}.`);
  const { labels, codes } = classesOf(y, 'SVC');
  const kernel = resolveKernel(params, x);
  const members = labels.map((_, code) => Array.from(codes.keys()).filter((row) => codes[row] === code));
  const weights = classWeights(members, x.rows, params);
  const pairs = pairsOf(labels.length);
  const coefByRow = pairs.map(() => new Map<number, number>());
  const intercepts: number[] = [];
  const iterations: number[] = [];
  let converged = true;
  for (const [at, [a, b]] of pairs.entries()) {
    const rows = [...members[a]!, ...members[b]!];
    const n = rows.length;
    const firsts = members[a]!.length;
    const solution = yield* solveSmo({
      kernel: kernelRows(rowsAt(x, rows), kernel),
      copies: 1,
      signs: new Int8Array(n).fill(1, 0, firsts).fill(-1, firsts),
      linear: new Float64Array(n).fill(-1),
      upper: new Float64Array(n).fill(cost * weights[a]!, 0, firsts).fill(cost * weights[b]!, firsts),
      alpha: new Float64Array(n),
      tol: params.tol ?? 1e-3,
      maxIter: params.max_iter ?? -1,
    });
    rows.forEach((row, i) => {
      if (solution.alpha[i]! > 0)
        coefByRow[at]!.set(row, i < firsts ? solution.alpha[i]! : -solution.alpha[i]!);
    });
    intercepts.push(-solution.rho);
    iterations.push(solution.iterations);
    converged = converged && solution.converged;
  }
  const supportOf = members.map((own) => own.filter((row) => coefByRow.some((coefs) => coefs.has(row))));
  const support = supportOf.flat();
  const sign = labels.length === 2 ? -1 : 1;
  return {
    estimator: 'SVC',
    kernel,
    classes_: labels,
    support_: support,
    support_vectors_: toRows(rowsAt(x, support)),
    n_support_: supportOf.map((own) => own.length),
    pair_coef: coefByRow.map((coefs) => support.map((row) => sign * (coefs.get(row) ?? 0))),
    intercept_: intercepts.map((value) => sign * value),
    n_features_in_: x.columns,
    n_iter_: iterations,
    converged,
  };
}

/**
 * Decisions one against one, row-major, a column a pair: positive for the pair's first class. With two classes there
 * is one column, positive for the second (scikit-learn's `decision_function_shape='ovo'`).
 */
export function svcPairDecision(model: SvcModel, x: Samples): Float64Array {
  checkColumns(x, model.n_features_in_, 'SVC');
  const pairs = model.pair_coef.length;
  const vectors = samplesOf(model.support_vectors_);
  const decisions = kernelSums(vectors, model.kernel, Float64Array.from(model.pair_coef.flat()), pairs, x);
  for (let at = 0; at < decisions.length; at++)
    decisions[at] = decisions[at]! + model.intercept_[at % pairs]!;
  return decisions;
}

/**
 * Decisions a class (scikit-learn's default 'ovr'): votes of the pairs plus their confidences squeezed into (−⅓, ⅓).
 * Row-major, a column a class; with two classes one column, positive for the second.
 */
export function svcDecision(model: SvcModel, x: Samples): Float64Array {
  const pairDecisions = svcPairDecision(model, x);
  const k = model.classes_.length;
  if (k === 2) return pairDecisions;
  const pairs = pairsOf(k);
  const out = new Float64Array(x.rows * k);
  const confidence = new Float64Array(k);
  for (let i = 0; i < x.rows; i++) {
    confidence.fill(0);
    for (const [at, [a, b]] of pairs.entries()) {
      const value = pairDecisions[i * pairs.length + at]!;
      confidence[a] = confidence[a]! + value;
      confidence[b] = confidence[b]! - value;
      const winner = value < 0 ? b : a;
      out[i * k + winner] = out[i * k + winner]! + 1;
    }
    for (let c = 0; c < k; c++)
      out[i * k + c] = out[i * k + c]! + confidence[c]! / (3 * (Math.abs(confidence[c]!) + 1));
  }
  return out;
}

/** Position in `classes_` of each row's class: most votes, the first of equals. */
export function svcPredictCodes(model: SvcModel, x: Samples): Int32Array {
  const decisions = svcPairDecision(model, x);
  const k = model.classes_.length;
  const pairs = pairsOf(k);
  const out = new Int32Array(x.rows);
  const votes = new Int32Array(k);
  for (let i = 0; i < x.rows; i++) {
    if (k === 2) {
      out[i] = decisions[i]! > 0 ? 1 : 0;
      continue;
    }
    votes.fill(0);
    for (const [at, [a, b]] of pairs.entries()) {
      const winner = decisions[i * pairs.length + at]! > 0 ? a : b;
      votes[winner] = votes[winner]! + 1;
    }
    let best = 0;
    for (let c = 1; c < k; c++) if (votes[c]! > votes[best]!) best = c;
    out[i] = best;
  }
  return out;
}

/** Each row's class. */
export function svcPredict(model: SvcModel, x: Samples): ClassLabel[] {
  return Array.from(svcPredictCodes(model, x), (code) => model.classes_[code]!);
}
