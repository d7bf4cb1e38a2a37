import { ExaError } from '../../../protocol/errors.ts';
import { type Concentrate, openConcentrate } from '../../wasm/concentrate.ts';
import { type RandomStream, randomStream, sampleWithout } from '../sample/random.ts';
import { rowsAt, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { type Metric, metricOf, type Scatter, scatterOf, squaredDistances } from './scatter.ts';
import { smallest } from './smallest.ts';

/** The subset of `h` rows whose covariance has the lowest determinant found. */
export interface RawMcd extends Scatter {
  /** Positions of the subset's rows, ascending. */
  readonly support: Int32Array;
  /** Squared distances of all rows under the subset's scatter. */
  readonly distances: Float64Array;
}

interface Candidate {
  readonly scatter: Scatter;
  readonly metric: Metric;
}

/**
 * What a search starts from: 'halves' (scikit-learn's): h random rows each, 30 of them up to 600 rows; 'elemental' (the
 * paper's): p + 1 random rows each, 100 of them, which finds lower determinants more often. Above 600 rows: 500.
 */
export type McdStarts = 'halves' | 'elemental';

const starts = 500;
const fewStarts: Record<McdStarts, number> = { halves: 30, elemental: 100 };
const kept = 10;
const subsetRows = 300;
const mergedRows = 1500;
const mostSteps = 100;

function singular(): ExaError {
  return new ExaError(
    'invalid',
    'Too many rows lie in a plane: their covariance is singular. Leave out constant, duplicate or dependent columns, or raise support_fraction.',
  );
}

/** A scatter of p + 1 random rows, more while theirs is singular. */
function elementalStart(x: Samples, random: RandomStream): Candidate | undefined {
  const order = sampleWithout(random, x.rows, Math.min(x.rows, 4 * (x.columns + 1)));
  for (let count = x.columns + 1; count <= order.length; count++) {
    const scatter = scatterOf(x, order.subarray(0, count));
    const metric = metricOf(scatter);
    if (metric) return { scatter, metric };
  }
  return undefined;
}

/** The C-steps of these rows: the scatter of the h rows nearest under the present one, whose determinant is never higher. */
function concentrationOf(x: Samples): Concentrate {
  return openConcentrate(x.values, x.columns) ?? concentratePlain(x);
}

/** The TypeScript twin of {@link openConcentrate}: the same bits. */
export function concentratePlain(x: Samples): Concentrate {
  const room = new Float64Array(x.rows);
  return (location, whiten, h) =>
    scatterOf(x, smallest(squaredDistances(x, { location, whiten, logDeterminant: 0 }, room), h));
}

function best(candidates: Candidate[], count: number): Candidate[] {
  return candidates.sort((a, b) => a.metric.logDeterminant - b.metric.logDeterminant).slice(0, count);
}

/** C-steps from each start, `steps` of them, and the best that come of it. */
function* improve(
  x: Samples,
  h: number,
  from: Iterable<Candidate>,
  steps: number,
  count: number,
): Steps<Candidate[]> {
  const concentrate = concentrationOf(x);
  const found: Candidate[] = [];
  for (const start of from) {
    let at: Candidate | undefined = start;
    for (let step = 0; step < steps && at; step++) {
      const scatter: Scatter = concentrate(at.metric.location, at.metric.whiten, h);
      const metric = metricOf(scatter);
      const next: Candidate | undefined = metric && { scatter, metric };
      const settled: boolean = next !== undefined && next.metric.logDeterminant >= at.metric.logDeterminant;
      at = next;
      if (settled && step > 0) break;
    }
    if (at) found.push(at);
    yield { phase: 'concentrate', done: found.length, total: 0 };
  }
  return best(found, count);
}

/** A scatter of h random rows. */
function halfStart(x: Samples, h: number, random: RandomStream): Candidate | undefined {
  const scatter = scatterOf(x, sampleWithout(random, x.rows, h).sort());
  const metric = metricOf(scatter);
  return metric && { scatter, metric };
}

function* randomStarts(
  x: Samples,
  h: number,
  kind: McdStarts,
  count: number,
  random: RandomStream,
): Generator<Candidate> {
  for (let i = 0; i < count; i++) {
    const start = kind === 'halves' ? halfStart(x, h, random) : elementalStart(x, random);
    if (start) yield start;
  }
}

/** The rule for up to 600 rows: two steps from many starts, the best to their end. */
function* small(x: Samples, h: number, kind: McdStarts, random: RandomStream): Steps<Candidate[]> {
  const first = yield* improve(x, h, randomStarts(x, h, kind, fewStarts[kind], random), 2, kept);
  return yield* improve(x, h, first, mostSteps, 1);
}

/** Nested subsets: starts in groups of about 300 rows, the best on 1 500 merged ones, the best of those on all. */
function* nested(x: Samples, h: number, kind: McdStarts, random: RandomStream): Steps<Candidate[]> {
  const groups = Math.min(5, Math.floor(x.rows / subsetRows));
  const order = sampleWithout(random, x.rows, Math.min(x.rows, mergedRows));
  const share = h / x.rows;
  const size = Math.floor(order.length / groups);
  const pooled: Candidate[] = [];
  for (let g = 0; g < groups; g++) {
    const part = rowsAt(x, order.subarray(g * size, (g + 1) * size));
    const own = Math.ceil(share * part.rows);
    const tries = randomStarts(part, own, kind, Math.ceil(starts / groups), random);
    pooled.push(...(yield* improve(part, own, tries, 2, kept)));
  }
  const merged = rowsAt(x, order);
  const shortlist = yield* improve(merged, Math.ceil(share * merged.rows), pooled, 2, kept);
  return yield* improve(x, h, shortlist, mostSteps, 1);
}

/** One column: the rows around the middle of the shortest half (Rousseeuw and Leroy 1987, ch. 4). */
function oneColumn(x: Samples, h: number): RawMcd {
  const sorted = x.values.slice().sort();
  let width = Number.POSITIVE_INFINITY;
  let middles: number[] = [];
  for (let i = 0; i + h < sorted.length; i++) {
    const here = sorted[i + h]! - sorted[i]!;
    if (here < width) {
      width = here;
      middles = [];
    }
    if (here === width) middles.push(0.5 * (sorted[i + h]! + sorted[i]!));
  }
  const middle = middles.reduce((sum, value) => sum + value, 0) / middles.length;
  const support = smallest(
    x.values.map((value) => Math.abs(value - middle)),
    h,
  );
  const variance = scatterOf(x, support).covariance[0]!;
  if (!(variance > 0)) throw singular();
  return {
    location: Float64Array.of(middle),
    covariance: Float64Array.of(variance),
    support,
    distances: x.values.map((value) => ((value - middle) * (value - middle)) / variance),
  };
}

/**
 * FastMCD: P. J. Rousseeuw and K. Van Driessen, "A fast algorithm for the minimum covariance determinant estimator",
 * Technometrics 41 (1999): C-steps from random starts, nested over subsets above 600 rows.
 * `h` rows of `x` are kept, more than half. The same seed gives the same answer.
 * Throws `invalid` when the rows' covariance is singular.
 */
export function* fastMcd(x: Samples, h: number, seed: number, kind: McdStarts = 'halves'): Steps<RawMcd> {
  if (x.columns === 1 && h < x.rows) return oneColumn(x, h);
  const random = randomStream(seed);
  const whole = metricOf(scatterOf(x));
  if (!whole) throw singular();
  const [found] =
    h >= x.rows
      ? [{ metric: whole }]
      : yield* x.rows <= 600 ? small(x, h, kind, random) : nested(x, h, kind, random);
  if (!found) throw singular();
  const support = smallest(squaredDistances(x, found.metric), h);
  const scatter = scatterOf(x, support);
  const metric = metricOf(scatter);
  if (!metric) throw singular();
  return { ...scatter, support, distances: squaredDistances(x, metric) };
}
