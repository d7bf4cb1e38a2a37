import { ExaError } from '../../../protocol/errors.ts';
import { rowNumbers } from '../../block.ts';
import { samplesOf } from '../samples.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readMatrix } from '../stream/matrix.ts';
import { type Fit, type FitKernel, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { rowMajor } from '../stream/row-major.ts';
import { mapNearest, mergeNearest, type NearestPartial } from './brute.ts';

type NearestSpec = Extract<FitSpec, { kernel: 'nearest' }>;

/** The `k` nearest rows of each query over all blocks, by number (`_row`), with their targets. */
export function nearestKernel(spec: NearestSpec): FitKernel<NearestPartial> {
  const queries = samplesOf(spec.queries);
  const { k } = spec;
  return {
    spec,
    map(input) {
      const matrix = readMatrix(input, spec.reader);
      const numbers = rowNumbers(input.block, input.length);
      const row = (i: number) => numbers[matrix.positions?.[i] ?? i]!;
      return mapNearest(rowMajor(matrix), queries, k, row, matrix.target);
    },
    merge: mergeNearest,
    encode: ({ squared, rows, targets }) => encodeArrays([squared, rows, targets]),
    decode(bytes) {
      const [squared, rows, targets] = decodeArrays(bytes);
      const size = queries.rows * k;
      if (squared?.length !== size || rows?.length !== size || targets?.length !== size)
        throw new ExaError('corrupt', 'Kept neighbours cannot be read; they are sought again.');
      return { queries: queries.rows, k, squared, rows, targets };
    },
    byteSize: ({ squared }) => 24 * squared.length,
  };
}

/** The `k` nearest rows of each query, in one pass over data of any size. Throws `invalid` when there are fewer rows. */
export function* nearestRows(
  reader: Reader,
  queries: readonly (readonly number[])[],
  k: number,
): Fit<NearestPartial> {
  const found = yield* onePass(nearestKernel({ kernel: 'nearest', reader, queries, k }), 'compare');
  if (!found || (queries.length > 0 && found.rows[k - 1]! < 0))
    throw new ExaError(
      'invalid',
      `There are fewer than ${k} rows to compare with: ask for fewer neighbours.`,
    );
  return found;
}
