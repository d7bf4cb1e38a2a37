import { ExaError } from '../../../protocol/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import type { Samples } from '../samples.ts';

/** `table[a][b]` rows have the a-th label of the first list and the b-th of the second; labels ascending. */
export function contingency(truth: ArrayLike<number>, got: ArrayLike<number>): number[][] {
  const labels = (list: ArrayLike<number>) => [...new Set(Array.from(list))].sort((a, b) => a - b);
  const [rows, columns] = [labels(truth), labels(got)];
  const at = (all: readonly number[]) => new Map(all.map((label, k) => [label, k]));
  const [rowAt, columnAt] = [at(rows), at(columns)];
  const table = rows.map(() => new Array<number>(columns.length).fill(0));
  for (let i = 0; i < truth.length; i++) table[rowAt.get(truth[i]!)!]![columnAt.get(got[i]!)!]!++;
  return table;
}

/** How two labelings of the same rows agree, under scikit-learn's names. */
export interface Agreement {
  readonly rand: number;
  readonly adjusted_rand: number;
  readonly fowlkes_mallows: number;
  readonly mutual_info: number;
  readonly normalized_mutual_info: number;
  readonly adjusted_mutual_info: number;
  readonly homogeneity: number;
  readonly completeness: number;
  readonly v_measure: number;
}

/**
 * Pair counts (Hubert and Arabie 1985; Fowlkes and Mallows 1983) and informations (natural logarithms; Rosenberg and
 * Hirschberg 2007; Vinh, Epps and Bailey 2010, arithmetic normalisation) of two labelings.
 */
export function agreement(truth: ArrayLike<number>, got: ArrayLike<number>): Agreement {
  const table = contingency(truth, got);
  const rows = table.map((line) => total(line));
  const columns = table[0]?.map((_, b) => total(table.map((line) => line[b]!))) ?? [];
  const n = total(rows);
  const squares = (list: readonly number[]) => list.reduce((sum, count) => sum + count * count, 0);
  const together = squares(table.flat()) - n;
  const apart1 = squares(columns) - squares(table.flat());
  const apart2 = squares(rows) - squares(table.flat());
  const neither = n * n - apart1 - apart2 - squares(table.flat());
  const alone = apart1 === 0 && apart2 === 0;
  const adjusted =
    (2 * (together * neither - apart2 * apart1)) /
    ((together + apart2) * (apart2 + neither) + (together + apart1) * (apart1 + neither));
  const mutual = information(table, rows, columns, n);
  const [hRows, hColumns] = [entropy(rows, n), entropy(columns, n)];
  const homogeneity = hRows === 0 ? 1 : mutual / hRows;
  const completeness = hColumns === 0 ? 1 : mutual / hColumns;
  const trivial = rows.length === columns.length && rows.length <= 1;
  const middle = Math.max((hRows + hColumns) / 2, 2.220446049250313e-16);
  const expected = trivial ? 0 : expectedInformation(rows, columns, n);
  return {
    rand: n * (n - 1) === 0 ? 1 : (together + neither) / (n * (n - 1)),
    adjusted_rand: alone ? 1 : adjusted,
    fowlkes_mallows:
      together === 0
        ? 0
        : Math.sqrt(together / (together + apart1)) * Math.sqrt(together / (together + apart2)),
    mutual_info: mutual,
    normalized_mutual_info: trivial ? 1 : mutual / middle,
    adjusted_mutual_info: trivial ? 1 : (mutual - expected) / nonzero(middle - expected),
    homogeneity,
    completeness,
    v_measure:
      homogeneity + completeness === 0 ? 0 : (2 * homogeneity * completeness) / (homogeneity + completeness),
  };
}

function nonzero(value: number): number {
  const eps = 2.220446049250313e-16;
  return value < 0 ? Math.min(value, -eps) : Math.max(value, eps);
}

function total(list: readonly number[]): number {
  return list.reduce((sum, count) => sum + count, 0);
}

function entropy(counts: readonly number[], n: number): number {
  return -counts.reduce((sum, count) => sum + (count ? (count / n) * (log(count) - log(n)) : 0), 0);
}

function information(
  table: readonly (readonly number[])[],
  rows: readonly number[],
  columns: readonly number[],
  n: number,
): number {
  let sum = 0;
  table.forEach((line, a) => {
    line.forEach((count, b) => {
      if (count) sum += (count / n) * (log(count) + log(n) - log(rows[a]!) - log(columns[b]!));
    });
  });
  return Math.max(0, sum);
}

/** Mean mutual information of random labelings of the same sizes (hypergeometric; Vinh, Epps and Bailey 2010). */
function expectedInformation(rows: readonly number[], columns: readonly number[], n: number): number {
  const factorial = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) factorial[k] = factorial[k - 1]! + log(k);
  let sum = 0;
  for (const a of rows)
    for (const b of columns)
      for (let k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
        const chance =
          factorial[a]! +
          factorial[b]! +
          factorial[n - a]! +
          factorial[n - b]! -
          factorial[n]! -
          factorial[k]! -
          factorial[a - k]! -
          factorial[b - k]! -
          factorial[n - a - b + k]!;
        sum += (k / n) * (log(n) + log(k) - log(a) - log(b)) * exp(chance);
      }
  return sum;
}

/** Rows of more than this take a pairwise score of all of them too long: take a sample. */
export const mostSilhouetteRows = 20_000;

/**
 * Silhouette of every row (Rousseeuw 1987): (b − a) ÷ max(a, b) of its mean Euclidean distances, 0 alone in a cluster.
 * Throws `invalid` unless there are 2 … n − 1 clusters, and past {@link mostSilhouetteRows} rows.
 */
export function silhouettes(x: Samples, labels: ArrayLike<number>): Float64Array {
  const { rows, columns, values } = x;
  if (rows > mostSilhouetteRows)
    throw new ExaError(
      'invalid',
      `The silhouette compares all pairs of ${rows} rows: take a sample of at most ${mostSilhouetteRows}.`,
      { facts: { rows } },
    );
  const { codes, sizes } = clusters(labels, rows);
  const out = new Float64Array(rows);
  const sums = new Float64Array(sizes.length);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let k = 0; k < rows; k++) {
      let square = 0;
      for (let j = 0; j < columns; j++) {
        const off = values[i * columns + j]! - values[k * columns + j]!;
        square += off * off;
      }
      sums[codes[k]!]! += Math.sqrt(square);
    }
    const own = codes[i]!;
    if (sizes[own] === 1) continue;
    const a = sums[own]! / (sizes[own]! - 1);
    let b = Number.POSITIVE_INFINITY;
    sums.forEach((sum, c) => {
      if (c !== own) b = Math.min(b, sum / sizes[c]!);
    });
    out[i] = a === b ? 0 : (b - a) / Math.max(a, b);
  }
  return out;
}

/** Mean of {@link silhouettes}. */
export function silhouetteScore(x: Samples, labels: ArrayLike<number>): number {
  return silhouettes(x, labels).reduce((sum, value) => sum + value, 0) / x.rows;
}

/** Spread between clusters over spread within (Caliński and Harabasz 1974). */
export function calinskiHarabasz(x: Samples, labels: ArrayLike<number>): number {
  const { codes, sizes, centers, middle } = centroids(x, labels);
  let [between, within] = [0, 0];
  centers.forEach((center, c) => {
    center.forEach((value, j) => {
      between += sizes[c]! * (value - middle[j]!) ** 2;
    });
  });
  for (let i = 0; i < x.rows; i++) within += squareTo(x, i, centers[codes[i]!]!);
  return within === 0 ? 1 : (between * (x.rows - sizes.length)) / (within * (sizes.length - 1));
}

/** Mean over clusters of the worst (spread + spread) ÷ distance to another (Davies and Bouldin 1979). */
export function daviesBouldin(x: Samples, labels: ArrayLike<number>): number {
  const { codes, sizes, centers } = centroids(x, labels);
  const spread = sizes.map(() => 0);
  for (let i = 0; i < x.rows; i++) spread[codes[i]!]! += Math.sqrt(squareTo(x, i, centers[codes[i]!]!));
  const mean = spread.map((sum, c) => sum / sizes[c]!);
  let all = 0;
  centers.forEach((center, a) => {
    let worst = 0;
    centers.forEach((other, b) => {
      if (a === b) return;
      const apart = Math.sqrt(center.reduce((sum, value, j) => sum + (value - other[j]!) ** 2, 0));
      if (apart > 0) worst = Math.max(worst, (mean[a]! + mean[b]!) / apart);
    });
    all += worst;
  });
  return all / centers.length;
}

function clusters(labels: ArrayLike<number>, rows: number): { codes: Int32Array; sizes: number[] } {
  const distinct = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  if (distinct.length < 2 || distinct.length >= rows)
    throw new ExaError(
      'invalid',
      `This score needs from 2 to ${rows - 1} clusters; there are ${distinct.length}.`,
    );
  const at = new Map(distinct.map((label, c) => [label, c]));
  const codes = Int32Array.from({ length: rows }, (_, i) => at.get(labels[i]!)!);
  const sizes = distinct.map(() => 0);
  for (const code of codes) sizes[code]!++;
  return { codes, sizes };
}

function centroids(x: Samples, labels: ArrayLike<number>) {
  const { codes, sizes } = clusters(labels, x.rows);
  const centers = sizes.map(() => new Array<number>(x.columns).fill(0));
  const middle = new Array<number>(x.columns).fill(0);
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) {
      const value = x.values[i * x.columns + j]!;
      centers[codes[i]!]![j]! += value / sizes[codes[i]!]!;
      middle[j]! += value / x.rows;
    }
  return { codes, sizes, centers, middle };
}

function squareTo(x: Samples, row: number, center: readonly number[]): number {
  return center.reduce((sum, value, j) => sum + (x.values[row * x.columns + j]! - value) ** 2, 0);
}
