import type { Reader } from '../stream/reader.ts';

/** A fitted linear regression as plain JSON, under scikit-learn's names. */
export interface LinearModel {
  readonly method:
    | 'LinearRegression'
    | 'Ridge'
    | 'Lasso'
    | 'ElasticNet'
    | 'RidgeCV'
    | 'LassoCV'
    | 'ElasticNetCV';
  readonly params: Readonly<Record<string, number | boolean | string | null>>;
  readonly reader: Reader;
  readonly coef_: readonly number[];
  readonly intercept_: number;
  readonly rows: number;
  readonly missing: number;
  readonly infinite: number;
  /** Sentences for people: collinear columns, a path that did not converge. */
  readonly warnings: readonly string[];
}

/** X·coef + intercept, column by column. */
export function predictLinear(
  model: Pick<LinearModel, 'coef_' | 'intercept_'>,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array {
  const out = new Float64Array(rows).fill(model.intercept_);
  columns.forEach((x, j) => {
    const w = model.coef_[j]!;
    if (w !== 0) for (let i = 0; i < rows; i++) out[i]! += x[i]! * w;
  });
  return out;
}
