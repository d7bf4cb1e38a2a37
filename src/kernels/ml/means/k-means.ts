import { ExaError } from '../../../protocol/errors.ts';
import { mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import { checkSamples, columnsOf, type Samples, toRows } from '../samples.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { rowSampleKernel } from '../stream/row-sample.ts';
import { farthestKernel, type MeansPartial, meansKernel } from './means-kernel.ts';
import { plusPlus } from './plus-plus.ts';
import { randomState } from './random-state.ts';

/** scikit-learn's parameters of `KMeans`, with the defaults of its version 1.4 on (`n_init` 1 with k-means++). */
export interface KMeansParams {
  /** 8. */
  readonly n_clusters?: number;
  /** `k-means++` on a sample of rows (the default), or the first centres. */
  readonly init?: 'k-means++' | readonly (readonly number[])[];
  /** 300. */
  readonly max_iter?: number;
  /** Share of the mean variance below which a move of the centres counts as none (1e-4). */
  readonly tol?: number;
  readonly random_state?: number;
  /** Rows sampled for k-means++ (20 000); all of them when there are no more. */
  readonly init_size?: number;
}

/** Fitted k-means as plain JSON. */
export interface KMeansModel {
  readonly method: 'KMeans' | 'MiniBatchKMeans';
  readonly params: Readonly<Record<string, number | string>>;
  readonly reader: Reader;
  readonly cluster_centers_: readonly (readonly number[])[];
  readonly inertia_: number;
  readonly n_iter_: number;
  readonly counts: readonly number[];
  /** Rows left out. */
  readonly missing: number;
  readonly infinite: number;
  readonly warnings: readonly string[];
}

/**
 * Lloyd's algorithm, a pass a step, until the centres move no more than `tol`; then a pass for the inertia. An empty
 * cluster is moved to the row farthest from its centre, as scikit-learn does, at the price of a pass.
 */
export function* fitKMeans(reader: Reader, params: KMeansParams = {}): Fit<KMeansModel> {
  const { init = 'k-means++', max_iter = 300, tol = 1e-4, random_state = 0, init_size = 20_000 } = params;
  const k = init === 'k-means++' ? (params.n_clusters ?? 8) : init.length;
  if (!(Number.isInteger(k) && k >= 1))
    throw new ExaError('invalid', `k-means needs one or more clusters, not ${k}.`);
  const plain: Reader = { ...reader, target: undefined };
  const { folds, missing, infinite } = yield* fitGram(
    { ...plain, folds: undefined, keep: undefined },
    'Means and variances',
  );
  const { q, n, mean, centred } = mergeAll(folds);
  const origin = Array.from(mean);
  const variance = origin.reduce((sum, _, j) => sum + centred[j * q + j]! / n, 0) / q;
  let centers: number[][] =
    init === 'k-means++'
      ? yield* firstCenters(plain, k, init_size, random_state)
      : init.map((center) => [...center]);
  if (centers.some((center) => center.length !== origin.length || !center.every(Number.isFinite)))
    throw new ExaError('invalid', `Every first centre needs ${origin.length} finite numbers, one a column.`);
  let iterations = 0;
  let strict = false;
  let last: MeansPartial | undefined;
  while (iterations < max_iter) {
    iterations++;
    const spec = { kernel: 'means', reader: plain, origin, centers, inertia: false } as const;
    last = yield* onePass(meansKernel(spec), `Step ${iterations}`);
    if (!last || last.counts.every((count) => count === 0))
      throw new ExaError('invalid', 'No row has a value in every chosen column.');
    const next = yield* moved(last, centers, origin, plain);
    let shift = 0;
    next.forEach((center, c) => {
      center.forEach((value, j) => {
        shift += (value - centers[c]![j]!) ** 2;
      });
    });
    centers = next;
    strict = shift === 0;
    if (shift <= tol * variance) break;
  }
  const spec = { kernel: 'means', reader: plain, origin, centers, inertia: true } as const;
  const end = yield* onePass(meansKernel(spec), 'Inertia');
  if (!end) throw new ExaError('broken', 'The rows of a fit are gone.');
  const empty = end.counts.filter((count) => count === 0).length;
  return {
    method: 'KMeans',
    params: { n_clusters: k, max_iter, tol, random_state, init: init === 'k-means++' ? init : 'given' },
    reader: plain,
    cluster_centers_: centers,
    inertia_: end.inertia,
    n_iter_: iterations,
    counts: Array.from(end.counts),
    missing,
    infinite,
    warnings: [
      ...(empty
        ? [`${empty} of ${k} clusters are empty: there are fewer different rows than clusters.`]
        : []),
      ...(!strict && iterations === max_iter ? [`The centres still moved after ${max_iter} steps.`] : []),
    ],
  };
}

function* firstCenters(reader: Reader, k: number, size: number, seed: number): Fit<number[][]> {
  const kernel = rowSampleKernel({ kernel: 'rows', reader, size: Math.max(size, k), seed });
  const sample = yield* onePass(kernel, 'Sample for first centres');
  const rows = sample ? sample.priorities.length : 0;
  const x: Samples = { rows, columns: sample?.width ?? 0, values: sample?.values ?? new Float64Array() };
  const chosen = plusPlus(x, k, randomState(seed));
  const all = toRows(x);
  return Array.from(chosen, (row) => all[row]!);
}

/** Means of what was assigned; empty clusters take the farthest rows, which leave their own cluster's sum. */
function* moved(
  partial: MeansPartial,
  centers: readonly (readonly number[])[],
  origin: readonly number[],
  reader: Reader,
): Fit<number[][]> {
  const d = origin.length;
  const sums = partial.sums.slice();
  const counts = partial.counts.slice();
  const empty = Array.from(counts.keys()).filter((c) => counts[c] === 0);
  if (empty.length) {
    const kernel = farthestKernel({ kernel: 'farthest', reader, origin, centers, count: empty.length });
    const far = yield* onePass(kernel, 'Rows for empty clusters');
    empty.forEach((c, e) => {
      const row = far?.values.subarray(e * (2 + d), (e + 1) * (2 + d));
      if (row?.length !== 2 + d || row[1] === 0) return;
      const from = row[0]!;
      for (let j = 0; j < d; j++) {
        const value = row[2 + j]! - origin[j]!;
        sums[c * d + j] = value;
        sums[from * d + j]! -= value;
      }
      counts[c] = 1;
      counts[from]!--;
    });
  }
  return centers.map((center, c) =>
    counts[c]! > 0 ? origin.map((o, j) => o + sums[c * d + j]! / counts[c]!) : [...center],
  );
}

/** The centre nearest each row, of equals the first. */
export function predictMeans(
  centers: readonly (readonly number[])[],
  columns: readonly Float64Array[],
  rows: number,
): Int32Array {
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let [best, label] = [Number.POSITIVE_INFINITY, 0];
    centers.forEach((center, c) => {
      let sum = 0;
      for (let j = 0; j < center.length; j++) sum += (columns[j]![i]! - center[j]!) ** 2;
      if (sum < best) {
        best = sum;
        label = c;
      }
    });
    labels[i] = label;
  }
  return labels;
}

/** State of mini-batch k-means between batches: centres, and the rows each has seen. */
export interface MiniBatchState {
  readonly centers: readonly (readonly number[])[];
  readonly seen: readonly number[];
}

/**
 * One batch of mini-batch k-means (Sculley 2010, as scikit-learn's `partial_fit` without reassignment): every centre
 * becomes the mean of all rows it has ever been given.
 */
export function miniBatch(state: MiniBatchState, batch: Samples): MiniBatchState {
  checkSamples(batch, 'Mini-batch k-means');
  const columns = columnsOf(batch);
  const labels = predictMeans(state.centers, columns, batch.rows);
  const sums = state.centers.map((center, c) => center.map((value) => value * state.seen[c]!));
  const seen = [...state.seen];
  for (let i = 0; i < batch.rows; i++) {
    const label = labels[i]!;
    seen[label]!++;
    columns.forEach((x, j) => {
      sums[label]![j]! += x[i]!;
    });
  }
  return {
    centers: sums.map((sum, c) =>
      seen[c]! > 0 ? sum.map((value) => value / seen[c]!) : [...state.centers[c]!],
    ),
    seen,
  };
}
