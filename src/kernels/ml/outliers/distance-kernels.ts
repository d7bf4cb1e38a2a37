import { ExaError } from '../../../protocol/errors.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readMatrix } from '../stream/matrix.ts';
import type { FitKernel } from '../stream/pass.ts';
import { rowMajor } from '../stream/row-major.ts';
import { type Metric, squaredDistances } from './scatter.ts';

type CountsSpec = Extract<FitSpec, { kernel: 'distance-counts' }>;
type NearSpec = Extract<FitSpec, { kernel: 'near-scatter' }>;

function metricIn(spec: CountsSpec | NearSpec): Metric {
  return {
    location: Float64Array.from(spec.location),
    whiten: Float64Array.from(spec.whiten),
    logDeterminant: 0,
  };
}

function added(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

/** Merging and bytes of a partial that is one list of `length` numbers added up. */
function sums(length: number): Omit<FitKernel<Float64Array>, 'spec' | 'map'> {
  return {
    merge: added,
    encode: (values) => encodeArrays([values]),
    decode(bytes) {
      const [values] = decodeArrays(bytes);
      if (values?.length !== length)
        throw new ExaError('corrupt', 'Kept distances cannot be read; they are measured again.');
      return values;
    },
    byteSize: (values) => values.byteLength,
  };
}

/** Rows below `low`, in each bin, and at or above `high`: `bins + 2` counts, exact. */
export function distanceCountsKernel(spec: CountsSpec): FitKernel<Float64Array> {
  const metric = metricIn(spec);
  const { low, high, bins } = spec;
  const perUnit = bins / (high - low);
  return {
    spec,
    ...sums(bins + 2),
    map(input) {
      const counts = new Float64Array(bins + 2);
      for (const distance of squaredDistances(rowMajor(readMatrix(input, spec.reader)), metric)) {
        const bin = Math.floor((distance - low) * perUnit);
        const at = distance < low ? 0 : Math.min(bin, bins) + 1;
        counts[at] = counts[at]! + 1;
      }
      return counts;
    },
  };
}

/** Count, sums and products (lower triangle, row-major) of the near rows, about `location`: `1 + p + p²` numbers. */
export function nearScatterKernel(spec: NearSpec): FitKernel<Float64Array> {
  const metric = metricIn(spec);
  const p = spec.location.length;
  return {
    spec,
    ...sums(1 + p + p * p),
    map(input) {
      const out = new Float64Array(1 + p + p * p);
      const x = rowMajor(readMatrix(input, spec.reader));
      const distances = squaredDistances(x, metric);
      const off = new Float64Array(p);
      for (let i = 0; i < x.rows; i++) {
        if (!(distances[i]! <= spec.limit)) continue;
        out[0] = out[0]! + 1;
        for (let k = 0; k < p; k++) {
          const value = x.values[i * p + k]! - spec.location[k]!;
          off[k] = value;
          out[1 + k] = out[1 + k]! + value;
          const row = 1 + p + k * p;
          for (let m = 0; m <= k; m++) out[row + m] = out[row + m]! + value * off[m]!;
        }
      }
      return out;
    },
  };
}
