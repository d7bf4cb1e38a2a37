import { ExaError } from '../../../protocol/errors.ts';
import { symmetricEigen } from '../../math/symmetric-eigen.ts';
import { type Gram, normalEquations } from '../gram/gram.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';

type LeftOutSpec = Extract<FitSpec, { kernel: 'left-out' }>;

/**
 * Σ((y − ŷ) ÷ (1 − h))² for every alpha, and the number of rows: leave-one-out errors of ridge regression in closed
 * form (Golub, Heath and Wahba 1979), h = constant + Σ (v_k·x)² ÷ (λ_k + alpha).
 */
export function leftOutKernel(spec: LeftOutSpec): FitKernel<Float64Array> {
  const { reader, mean, vectors, values, projected, alphas, constant } = spec;
  const p = values.length;
  return {
    spec,
    map(input) {
      const { rows, columns, target } = readMatrix(input, reader);
      const out = new Float64Array(alphas.length + 1);
      out[alphas.length] = rows;
      const z = new Float64Array(p);
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < p; k++) {
          let sum = 0;
          for (let j = 0; j < p; j++) sum += vectors[k]![j]! * (columns[j]![i]! - mean[j]!);
          z[k] = sum;
        }
        const y = target![i]! - mean[p]!;
        alphas.forEach((alpha, a) => {
          let [leverage, predicted] = [constant, 0];
          for (let k = 0; k < p; k++) {
            const share = z[k]! / (values[k]! + alpha);
            leverage += z[k]! * share;
            predicted += projected[k]! * share;
          }
          const error = (y - predicted) / (1 - leverage);
          out[a]! += error * error;
        });
      }
      return out;
    },
    merge: (a, b) => a.map((value, i) => value + b[i]!),
    encode: (partial) => encodeArrays([partial]),
    decode(bytes) {
      const [partial] = decodeArrays(bytes);
      if (partial?.length !== alphas.length + 1)
        throw new ExaError('corrupt', 'Kept errors cannot be read; they are computed again.');
      return partial;
    },
    byteSize: (partial) => partial.byteLength,
  };
}

/** Mean squared leave-one-out error of every alpha. One pass. */
export function* fitLeaveOneOut(
  reader: Reader,
  gram: Gram,
  alphas: readonly number[],
  fitIntercept: boolean,
): Fit<Float64Array> {
  const { p, xx, xy } = normalEquations(gram, fitIntercept);
  const { values, vectors } = symmetricEigen(xx, p);
  const rows = Array.from({ length: p }, (_, k) => Array.from(vectors.subarray(k * p, k * p + p)));
  const kernel = leftOutKernel({
    kernel: 'left-out',
    reader,
    mean: fitIntercept ? Array.from(gram.mean) : new Array(p + 1).fill(0),
    vectors: rows,
    values: Array.from(values, (value) => Math.max(0, value)),
    projected: rows.map((row) => row.reduce((sum, v, j) => sum + v * xy[j]!, 0)),
    alphas,
    constant: fitIntercept ? 1 / gram.n : 0,
  });
  const sums = yield* onePass(kernel, 'Leave-one-out errors');
  if (!sums) throw new ExaError('broken', 'The rows of a fit are gone.');
  return sums.slice(0, alphas.length).map((sum) => sum / sums[alphas.length]!);
}
