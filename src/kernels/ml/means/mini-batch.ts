import { ExaError } from '../../../protocol/errors.ts';
import { mergeAll } from '../gram/gram.ts';
import { fitGram } from '../gram/gram-kernel.ts';
import type { Samples } from '../samples.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { rowSampleKernel } from '../stream/row-sample.ts';
import { type KMeansModel, type MiniBatchState, miniBatch } from './k-means.ts';
import { meansKernel } from './means-kernel.ts';
import { plusPlus } from './plus-plus.ts';
import { randomState } from './random-state.ts';

/** Parameters of {@link fitMiniBatchKMeans}; `batch_size` and `random_state` as scikit-learn has them. */
export interface MiniBatchParams {
  /** 8. */
  readonly n_clusters?: number;
  /** Rows a step (1024). */
  readonly batch_size?: number;
  /** Steps (100). */
  readonly steps?: number;
  readonly random_state?: number;
}

/**
 * Mini-batch k-means on a uniform sample of `batch_size · steps` rows, each used once, then one pass over all rows for
 * counts and inertia: three passes, whatever the data. The batches do not depend on who reads which block.
 */
export function* fitMiniBatchKMeans(reader: Reader, params: MiniBatchParams = {}): Fit<KMeansModel> {
  const { n_clusters = 8, batch_size = 1024, steps = 100, random_state = 0 } = params;
  if (!(Number.isInteger(n_clusters) && n_clusters >= 1 && batch_size >= 1 && steps >= 1))
    throw new ExaError(
      'invalid',
      'Mini-batch k-means needs at least one cluster, one row a batch and one step.',
    );
  const plain: Reader = { ...reader, target: undefined };
  const { folds, missing, infinite } = yield* fitGram(plain, 'Means');
  const size = Math.max(batch_size * steps, n_clusters);
  const kernel = rowSampleKernel({ kernel: 'rows', reader: plain, size, seed: random_state });
  const sample = yield* onePass(kernel, 'Sample');
  const columns = sample?.width ?? 0;
  const rows = sample?.priorities.length ?? 0;
  const part = (start: number, end: number): Samples => ({
    rows: end - start,
    columns,
    values: (sample?.values ?? new Float64Array()).subarray(start * columns, end * columns),
  });
  const first = part(0, Math.min(rows, Math.max(3 * batch_size, n_clusters)));
  const chosen = plusPlus(first, n_clusters, randomState(random_state));
  let state: MiniBatchState = {
    centers: Array.from(chosen, (row) =>
      Array.from(first.values.subarray(row * columns, (row + 1) * columns)),
    ),
    seen: new Array(n_clusters).fill(0),
  };
  let taken = 0;
  for (let start = 0; start < rows; start += batch_size, taken++)
    state = miniBatch(state, part(start, Math.min(rows, start + batch_size)));
  const spec = {
    kernel: 'means',
    reader: plain,
    origin: Array.from(mergeAll(folds).mean),
    centers: state.centers,
    inertia: true,
  } as const;
  const end = yield* onePass(meansKernel(spec), 'Inertia');
  if (!end) throw new ExaError('broken', 'The rows of a fit are gone.');
  return {
    method: 'MiniBatchKMeans',
    params: { n_clusters, batch_size, steps, random_state },
    reader: plain,
    cluster_centers_: state.centers,
    inertia_: end.inertia,
    n_iter_: taken,
    counts: Array.from(end.counts),
    missing,
    infinite,
    warnings: [],
  };
}
