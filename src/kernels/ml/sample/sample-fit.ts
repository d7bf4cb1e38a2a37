import { ExaError } from '../../../protocol/errors.ts';
import type { Samples } from '../samples.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { rowSampleKernel } from '../stream/row-sample.ts';

/** A uniform sample of rows, with how many there were: what a model "fitted on a sample" states. */
export interface SampledRows {
  readonly x: Samples;
  /** The reader's target, when it has one. */
  readonly y?: Float64Array;
  /** Used rows of the data set. */
  readonly seen: number;
}

/**
 * One pass that draws `size` rows for a method that holds its rows in memory; all of them when there are no more.
 * The draw depends on the seed and the rows' positions alone. Throws `invalid` when no row can be used.
 */
export function* sampleRows(reader: Reader, size: number, seed = 0): Fit<SampledRows> {
  const sample = yield* onePass(rowSampleKernel({ kernel: 'rows', reader, size, seed }), 'sample');
  if (!sample || sample.priorities.length === 0)
    throw new ExaError(
      'invalid',
      'No row has a value in every chosen column: choose others or fill them in.',
    );
  const rows = sample.priorities.length;
  const columns = reader.target ? sample.width - 1 : sample.width;
  if (!reader.target) return { x: { rows, columns, values: sample.values }, seen: sample.seen };
  const values = new Float64Array(rows * columns);
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const start = i * sample.width;
    values.set(sample.values.subarray(start, start + columns), i * columns);
    y[i] = sample.values[start + columns]!;
  }
  return { x: { rows, columns, values }, y, seen: sample.seen };
}
