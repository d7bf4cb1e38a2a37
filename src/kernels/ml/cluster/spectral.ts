import { ExaError } from '../../../protocol/errors.ts';
import { openPoints } from '../../wasm/kernel-rows.ts';
import { openSymmetric, type SymmetricMatrix } from '../../wasm/symmetric-times.ts';
import { checkExact, type ExactCost } from '../exact-limit.ts';
import { kdTree, nearestInTree } from '../neighbours/kd-tree.ts';
import { checkSamples, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { topEigen } from './block-lanczos.ts';
import { lloyd } from './lloyd.ts';

/** scikit-learn's `SpectralClustering`. */
export interface SpectralParams {
  /** Default 8. */
  readonly n_clusters?: number;
  /** 'rbf' (default): exp(−gamma·|a−b|²); 'nearest_neighbors': ½ for each of two rows that is among the other's nearest. */
  readonly affinity?: 'rbf' | 'nearest_neighbors';
  /** Default 1. */
  readonly gamma?: number;
  /** Default 10; a row counts among its own. */
  readonly n_neighbors?: number;
  /** Runs of k-means on the embedding; the best is kept. Default 10. */
  readonly n_init?: number;
  /** Seed. Default 0. */
  readonly random_state?: number;
}

/** A spectral clustering. It has no predict: give other rows their nearest neighbour's label. */
export interface SpectralModel {
  readonly estimator: 'SpectralClustering';
  readonly labels_: readonly number[];
  /** Lowest eigenvalues of the normalised Laplacian, ascending. */
  readonly eigenvalues: readonly number[];
}

/** The affinities are a matrix: memory and time grow with the square of the rows. */
export const spectralCost: ExactCost = {
  estimator: 'SpectralClustering',
  mostRows: 5000,
  seconds: (rows) => 1e-7 * rows * rows,
  bytes: (rows) => 8 * rows * rows,
};

function fillRbf(x: Samples, gamma: number, matrix: SymmetricMatrix): void {
  const points = openPoints(x.values, x.rows, x.columns);
  for (let i = 0; i < x.rows; i++)
    matrix.values.set(
      points.rbf(x.values.subarray(i * x.columns, (i + 1) * x.columns), gamma),
      i * matrix.stride,
    );
}

function fillNeighbours(x: Samples, k: number, matrix: SymmetricMatrix): void {
  const { rows } = nearestInTree(kdTree(x), x, k);
  const { stride, values } = matrix;
  for (let i = 0; i < x.rows; i++)
    for (let j = i * k; j < (i + 1) * k; j++) {
      const other = rows[j]!;
      values[i * stride + other] = values[i * stride + other]! + 0.5;
      values[other * stride + i] = values[other * stride + i]! + 0.5;
    }
}

/** Turns affinities into D^−½·W·D^−½ without their diagonal, in place; returns √degree of each row (1 where it is 0). */
function normalise(matrix: SymmetricMatrix): Float64Array {
  const { n, stride, values } = matrix;
  const roots = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    values[i * stride + i] = 0;
    let degree = 0;
    for (let j = i * stride; j < i * stride + n; j++) degree += values[j]!;
    roots[i] = degree > 0 ? Math.sqrt(degree) : 1;
  }
  for (let i = 0; i < n; i++) {
    const own = 1 / roots[i]!;
    for (let j = 0; j < n; j++) values[i * stride + j] = (values[i * stride + j]! * own) / roots[j]!;
  }
  return roots;
}

/**
 * Fits J. Shi, J. Malik, "Normalized cuts" (2000) as scikit-learn does: k-means on the lowest eigenvectors of the
 * normalised Laplacian. Throws `invalid` for bad values and parameters, `refused` above {@link spectralCost}'s rows.
 */
export function* fitSpectral(x: Samples, params: SpectralParams = {}): Steps<SpectralModel> {
  checkSamples(x, 'SpectralClustering', 2);
  checkExact(spectralCost, x.rows);
  const clusters = params.n_clusters ?? 8;
  const gamma = params.gamma ?? 1;
  const neighbours = params.n_neighbors ?? 10;
  const seed = params.random_state ?? 0;
  if (!(Number.isInteger(clusters) && clusters >= 1 && clusters <= x.rows))
    throw new ExaError(
      'invalid',
      `n_clusters must be a whole number of 1 to ${x.rows} (the rows); it is ${clusters}.`,
    );
  if (!(gamma > 0)) throw new ExaError('invalid', `gamma must be above 0; it is ${gamma}.`);
  if (!(Number.isInteger(neighbours) && neighbours >= 1 && neighbours <= x.rows))
    throw new ExaError(
      'invalid',
      `n_neighbors must be a whole number of 1 to ${x.rows} (the rows); it is ${neighbours}.`,
    );
  const matrix = openSymmetric(x.rows, clusters + 1);
  if (params.affinity === 'nearest_neighbors') fillNeighbours(x, neighbours, matrix);
  else fillRbf(x, gamma, matrix);
  yield { phase: 'affinities', done: 1, total: 1 };
  const roots = normalise(matrix);
  const { values, vectors } = yield* topEigen(matrix, clusters, seed);
  const embedding = new Float64Array(x.rows * clusters);
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < clusters; k++) embedding[i * clusters + k] = vectors[k * x.rows + i]! / roots[i]!;
  const at: Samples = { rows: x.rows, columns: clusters, values: embedding };
  const labels = yield* lloyd(at, clusters, params.n_init ?? 10, seed);
  return {
    estimator: 'SpectralClustering',
    labels_: Array.from(labels),
    eigenvalues: Array.from(values, (value) => 1 - value),
  };
}
