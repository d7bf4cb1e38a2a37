import { log1p } from '../../math/log.ts';

type Values = ArrayLike<number>;

function mean(n: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += term(i);
  return sum / n;
}

export function meanSquaredError(y: Values, got: Values): number {
  return mean(y.length, (i) => (y[i]! - got[i]!) ** 2);
}

export function meanAbsoluteError(y: Values, got: Values): number {
  return mean(y.length, (i) => Math.abs(y[i]! - got[i]!));
}

/** Middle of the absolute errors. */
export function medianAbsoluteError(y: Values, got: Values): number {
  return median(Float64Array.from({ length: y.length }, (_, i) => Math.abs(y[i]! - got[i]!)));
}

export function maxError(y: Values, got: Values): number {
  let most = 0;
  for (let i = 0; i < y.length; i++) most = Math.max(most, Math.abs(y[i]! - got[i]!));
  return most;
}

/** Mean of |error| ÷ max(|y|, 2.2e-16). */
export function meanAbsolutePercentageError(y: Values, got: Values): number {
  return mean(y.length, (i) => Math.abs(y[i]! - got[i]!) / Math.max(Math.abs(y[i]!), 2.220446049250313e-16));
}

/** Mean squared difference of log(1 + value); NaN below −1. */
export function meanSquaredLogError(y: Values, got: Values): number {
  return mean(y.length, (i) => (log1p(y[i]!) - log1p(got[i]!)) ** 2);
}

/** Mean loss of predicting the quantile `alpha`. */
export function pinballLoss(y: Values, got: Values, alpha = 0.5): number {
  return mean(y.length, (i) => {
    const off = y[i]! - got[i]!;
    return off >= 0 ? alpha * off : (alpha - 1) * off;
  });
}

/** 1 − Σ(y − ŷ)² ÷ Σ(y − ȳ)²; for a constant target 1 when met exactly, else 0. */
export function r2Score(y: Values, got: Values): number {
  const middle = mean(y.length, (i) => y[i]!);
  return explained(
    mean(y.length, (i) => (y[i]! - got[i]!) ** 2),
    mean(y.length, (i) => (y[i]! - middle) ** 2),
  );
}

/** As {@link r2Score}, a constant offset of the predictions forgiven. */
export function explainedVariance(y: Values, got: Values): number {
  const middle = mean(y.length, (i) => y[i]!);
  const offset = mean(y.length, (i) => y[i]! - got[i]!);
  return explained(
    mean(y.length, (i) => (y[i]! - got[i]! - offset) ** 2),
    mean(y.length, (i) => (y[i]! - middle) ** 2),
  );
}

/** 1 − mean absolute error ÷ that of predicting the median. */
export function d2AbsoluteError(y: Values, got: Values): number {
  const middle = median(Float64Array.from(y));
  return explained(
    meanAbsoluteError(y, got),
    mean(y.length, (i) => Math.abs(y[i]! - middle)),
  );
}

function explained(error: number, total: number): number {
  if (total === 0) return error === 0 ? 1 : 0;
  return 1 - error / total;
}

function median(values: Float64Array): number {
  values.sort();
  const n = values.length;
  return n % 2 ? values[n >> 1]! : (values[n / 2 - 1]! + values[n / 2]!) / 2;
}
