/**
 * Sums over rows of z = features, then the target: `n` rows, `mean` of each of the `q` columns, and `centred`
 * (row-major `q × q`) = Σ (z − mean)(z − mean)ᵀ.
 */
export interface Gram {
  readonly q: number;
  readonly n: number;
  readonly mean: Float64Array;
  readonly centred: Float64Array;
}

/** A Gram a fold; `missing` and `infinite` rows were left out. */
export interface GramPartial {
  readonly folds: readonly Gram[];
  readonly missing: number;
  readonly infinite: number;
}

/** Both sets of rows (the pairwise update of Chan, Golub and LeVeque, 1979). An empty side gives the other. */
export function mergeGrams(a: Gram, b: Gram): Gram {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const { q } = a;
  const n = a.n + b.n;
  const mean = new Float64Array(q);
  const delta = new Float64Array(q);
  for (let j = 0; j < q; j++) {
    delta[j] = b.mean[j]! - a.mean[j]!;
    mean[j] = a.mean[j]! + delta[j]! * (b.n / n);
  }
  const weight = (a.n * b.n) / n;
  const centred = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j < q; j++) {
      const at = i * q + j;
      centred[at] = a.centred[at]! + b.centred[at]! + delta[i]! * delta[j]! * weight;
    }
  return { q, n, mean, centred };
}

/** A Gram of no rows. */
export function emptyGram(q: number): Gram {
  return { q, n: 0, mean: new Float64Array(q), centred: new Float64Array(q * q) };
}

/** The Gram of every fold but one, merged in order: floats are never subtracted. */
export function gramWithout(folds: readonly Gram[], fold: number): Gram {
  return mergeAll(folds.filter((_, f) => f !== fold));
}

/** All folds merged in order. */
export function mergeAll(folds: readonly Gram[]): Gram {
  return folds.reduce(mergeGrams);
}

/** The features' Σxᵢxⱼ (p × p) and Σxᵢy, centred, or about zero with `centre` false. `p` = q − 1. */
export function normalEquations(
  gram: Gram,
  centre: boolean,
): { p: number; xx: Float64Array; xy: Float64Array; yy: number } {
  const { q, n, mean, centred } = gram;
  const p = q - 1;
  const entry = (i: number, j: number) => centred[i * q + j]! + (centre ? 0 : n * mean[i]! * mean[j]!);
  const xx = new Float64Array(p * p);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) xx[i * p + j] = entry(i, j);
  return { p, xx, xy: Float64Array.from({ length: p }, (_, i) => entry(i, p)), yy: entry(p, p) };
}
