import { ExaError } from '../../../protocol/errors.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import { readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';

/** Per column, missing values skipped: how many, mean, Σ(x − mean)², least and greatest (NaN when none). */
export interface Moments {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * Moments of every column read, each on its own: a row that lacks one value still counts for the others. Within a
 * block from its first value on, between blocks by the pairwise update of Chan, Golub and LeVeque (1979).
 * Throws `invalid` for an infinite value.
 */
export function momentsKernel(reader: Reader): FitKernel<Moments> {
  return {
    spec: { kernel: 'moments', reader },
    map(input) {
      const parts = readColumnsAlone(reader).map((alone) => {
        const { rows, columns, infinite } = readMatrix(input, alone);
        if (infinite > 0)
          throw new ExaError(
            'invalid',
            `Column “${alone.columns[0]!.column}” has an infinite value in block ${input.block}: replace it first.`,
            { facts: { column: alone.columns[0]!.column, block: input.block } },
          );
        return columns.map((x) => momentsOf(x, rows));
      });
      return collect(parts.flat());
    },
    merge: mergeMoments,
    encode: ({ count, mean, m2, min, max }) => encodeArrays([count, mean, m2, min, max]),
    decode(bytes) {
      const [count, mean, m2, min, max] = decodeArrays(bytes);
      if (!count || !mean || !m2 || !min || max?.length !== count.length)
        throw new ExaError('corrupt', 'Kept moments cannot be read; they are computed again.');
      return { count, mean, m2, min, max };
    },
    byteSize: ({ count }) => 40 * count.length,
  };
}

/**
 * One reader a column where no step mixes them, so that each skips its own nulls; else the reader itself. Where only
 * some folds are kept, rows are those of the whole reader, since folds are cut by them.
 */
export function readColumnsAlone(reader: Reader): Reader[] {
  if (reader.keep) return [reader];
  if (reader.steps?.length) return [{ ...reader, target: undefined }];
  return reader.columns.map((column) => ({ ...reader, columns: [column], target: undefined }));
}

/** One pass. Throws `invalid` when there are no rows. */
export function* fitMoments(reader: Reader): Fit<Moments> {
  const moments = yield* onePass(momentsKernel(reader), 'Means and ranges');
  if (!moments || moments.count.every((count) => count === 0))
    throw new ExaError('invalid', 'The chosen columns have no values.');
  return moments;
}

interface One {
  count: number;
  mean: number;
  m2: number;
  min: number;
  max: number;
}

function momentsOf(x: Float64Array, rows: number): One {
  if (rows === 0) return { count: 0, mean: 0, m2: 0, min: Number.NaN, max: Number.NaN };
  const first = x[0]!;
  let [sum, min, max] = [0, first, first];
  for (let i = 0; i < rows; i++) {
    const value = x[i]!;
    sum += value - first;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = first + sum / rows;
  let [m2, rest] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const off = x[i]! - mean;
    m2 += off * off;
    rest += off;
  }
  return { count: rows, mean, m2: min === max ? 0 : m2 - (rest * rest) / rows, min, max };
}

function collect(parts: readonly One[]): Moments {
  return {
    count: Float64Array.from(parts, (part) => part.count),
    mean: Float64Array.from(parts, (part) => part.mean),
    m2: Float64Array.from(parts, (part) => part.m2),
    min: Float64Array.from(parts, (part) => part.min),
    max: Float64Array.from(parts, (part) => part.max),
  };
}

function mergeMoments(a: Moments, b: Moments): Moments {
  const one = (side: Moments, j: number): One => ({
    count: side.count[j]!,
    mean: side.mean[j]!,
    m2: side.m2[j]!,
    min: side.min[j]!,
    max: side.max[j]!,
  });
  return collect(
    Array.from(a.count, (_, j) => {
      const [left, right] = [one(a, j), one(b, j)];
      if (left.count === 0) return right;
      if (right.count === 0) return left;
      const count = left.count + right.count;
      const delta = right.mean - left.mean;
      return {
        count,
        mean: left.mean + delta * (right.count / count),
        m2: left.m2 + right.m2 + delta * delta * ((left.count * right.count) / count),
        min: Math.min(left.min, right.min),
        max: Math.max(left.max, right.max),
      };
    }),
  );
}
