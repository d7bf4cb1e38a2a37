import { ExaError } from '../../../protocol/errors.ts';
import type { Fit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { fitMoments } from './moments.ts';
import { fitQuantiles } from './quantiles.ts';
import type { Step } from './step.ts';

/** A fitted scaler as plain JSON: scikit-learn's attributes, and the step that applies it. */
export interface Scaler {
  readonly method: 'StandardScaler' | 'MinMaxScaler' | 'MaxAbsScaler' | 'RobustScaler';
  readonly attributes: Readonly<Record<string, readonly number[]>>;
  readonly step: Extract<Step, { step: 'scale' }>;
}

/** A scale of 0 (a constant column) divides by 1. */
function usable(scale: number): number {
  return scale === 0 ? 1 : scale;
}

/** (x − mean) ÷ standard deviation (of n, not n − 1); constant columns keep scale 1. One pass. */
export function* fitStandardScaler(
  reader: Reader,
  params: { readonly with_mean?: boolean; readonly with_std?: boolean } = {},
): Fit<Scaler> {
  const { with_mean = true, with_std = true } = params;
  const { count, mean, m2 } = yield* fitMoments(reader);
  const variance = Array.from(m2, (value, j) => value / count[j]!);
  const eps = 2.220446049250313e-16;
  const scale = variance.map((value, j) => {
    const rounding = count[j]! * eps * value + (count[j]! * mean[j]! * eps) ** 2;
    return value <= rounding ? 1 : Math.sqrt(value);
  });
  return {
    method: 'StandardScaler',
    attributes: {
      mean_: Array.from(mean),
      var_: variance,
      scale_: scale,
      n_samples_seen_: Array.from(count),
    },
    step: {
      step: 'scale',
      center: Array.from(mean, (value) => (with_mean ? value : 0)),
      scale: with_std ? scale : scale.map(() => 1),
    },
  };
}

/** Least and greatest value become the ends of `feature_range` ([0, 1]). One pass. Throws `invalid` for an empty range. */
export function* fitMinMaxScaler(
  reader: Reader,
  params: { readonly feature_range?: readonly [number, number] } = {},
): Fit<Scaler> {
  const [low, top] = params.feature_range ?? [0, 1];
  if (!(low < top)) throw new ExaError('invalid', `The range must go up; it is ${low} … ${top}.`);
  const { min, max } = yield* fitMoments(reader);
  const scale = Array.from(min, (value, j) => (top - low) / usable(max[j]! - value));
  const shift = Array.from(min, (value, j) => low - value * scale[j]!);
  return {
    method: 'MinMaxScaler',
    attributes: { data_min_: Array.from(min), data_max_: Array.from(max), scale_: scale, min_: shift },
    step: { step: 'scale', center: shift.map((m, j) => -m / scale[j]!), scale: scale.map((s) => 1 / s) },
  };
}

/** x ÷ its column's largest magnitude. One pass. */
export function* fitMaxAbsScaler(reader: Reader): Fit<Scaler> {
  const { min, max } = yield* fitMoments(reader);
  const scale = Array.from(min, (value, j) => usable(Math.max(Math.abs(value), Math.abs(max[j]!))));
  return {
    method: 'MaxAbsScaler',
    attributes: { scale_: scale },
    step: { step: 'scale', center: scale.map(() => 0), scale },
  };
}

/** (x − median) ÷ the range between two percentiles (25 and 75). Six passes; exact. */
export function* fitRobustScaler(
  reader: Reader,
  params: { readonly quantile_range?: readonly [number, number] } = {},
): Fit<Scaler> {
  const [low, top] = params.quantile_range ?? [25, 75];
  if (!(low >= 0 && low <= top && top <= 100))
    throw new ExaError('invalid', `Percentiles go from 0 to 100, upwards; they are ${low} and ${top}.`);
  const { count } = yield* fitMoments(reader);
  const found = yield* fitQuantiles(reader, count.length, [low / 100, 0.5, top / 100]);
  const center = found.map((line) => line[1]!);
  const scale = found.map((line) => usable(line[2]! - line[0]!));
  return {
    method: 'RobustScaler',
    attributes: { center_: center, scale_: scale },
    step: { step: 'scale', center, scale },
  };
}
