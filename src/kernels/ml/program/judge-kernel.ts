import { blockRows } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { smallest } from '../outliers/smallest.ts';
import { mix32 } from '../sample/random.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { readMatrix } from '../stream/matrix.ts';
import type { FitKernel } from '../stream/pass.ts';
import { stepped } from './draw.ts';
import type { EstimatorModel } from './fit-rows.ts';
import { type Opened, openModel } from './opened.ts';

export type JudgeSpec = Extract<FitSpec, { kernel: 'judge' }>;

/** Rows with what is said of them. */
interface Said {
  readonly ids: Float64Array;
  readonly values: Float64Array;
}

/**
 * `sample`: the rows of least priority; `lowest`: those of least value, with `columns` features each, row-major.
 * `counts`: of each class or cluster; of outliers inside and outside. `missing`, `infinite`: rows left out.
 * Where the target is there `scored` rows have it: their mean, squared deviations and squared errors, or `right` ones.
 */
export interface Judged {
  readonly sample: Said & { readonly priorities: Float64Array };
  readonly lowest: Said & { readonly features: Float64Array };
  readonly counts: Float64Array;
  readonly rows: number;
  readonly missing: number;
  readonly infinite: number;
  readonly scored: number;
  readonly mean: number;
  readonly squares: number;
  readonly errors: number;
  readonly right: number;
}

/** Asks a fitted model about every row. The model is opened with the first block. */
export function judgeKernel(spec: JudgeSpec): FitKernel<Judged> {
  const { reader, steps, says, classes, size, seed, lowest } = spec;
  let opened: Opened | undefined;
  return {
    spec,
    map(input) {
      opened ??= openModel(spec.model as EstimatorModel, classes);
      const { rows, columns, target, positions, missing, infinite } = readMatrix(input, reader);
      const values = opened.predict(stepped(columns, rows, steps));
      const at = (row: number) => (positions ? positions[row]! : row);
      const salt = mix32(mix32(seed) + input.block);
      const priority = new Float64Array(rows);
      for (let i = 0; i < rows; i++) priority[i] = mix32(salt + at(i));
      const drawn = smallest(priority, size).sort((a, b) => priority[a]! - priority[b]!);
      const low = smallest(values, lowest).sort((a, b) => values[a]! - values[b]! || a - b);
      const ids = (chosen: Int32Array) =>
        Float64Array.from(chosen, (row) => input.block * blockRows + at(row));
      const pick = (from: Float64Array, chosen: Int32Array) => Float64Array.from(chosen, (row) => from[row]!);
      const features = new Float64Array(low.length * columns.length);
      low.forEach((row, i) => {
        columns.forEach((column, j) => {
          features[i * columns.length + j] = column[row]!;
        });
      });
      return {
        sample: { ids: ids(drawn), values: pick(values, drawn), priorities: pick(priority, drawn) },
        lowest: { ids: ids(low), values: pick(values, low), features },
        counts: countsOf(values, says),
        rows,
        missing,
        infinite,
        ...scoresOf(values, target, says),
      };
    },
    merge(a, b) {
      const scored = a.scored + b.scored;
      const apart = b.mean - a.mean;
      const counts = new Float64Array(Math.max(a.counts.length, b.counts.length));
      a.counts.forEach((count, k) => {
        counts[k]! += count;
      });
      b.counts.forEach((count, k) => {
        counts[k]! += count;
      });
      return {
        sample: mergeSamples(a.sample, b.sample, size),
        lowest: mergeLowest(a.lowest, b.lowest, lowest),
        counts,
        rows: a.rows + b.rows,
        missing: a.missing + b.missing,
        infinite: a.infinite + b.infinite,
        scored,
        mean: scored === 0 ? 0 : a.mean + (apart * b.scored) / scored,
        squares: a.squares + b.squares + (scored === 0 ? 0 : (apart * apart * a.scored * b.scored) / scored),
        errors: a.errors + b.errors,
        right: a.right + b.right,
      };
    },
    encode: ({
      sample,
      lowest: low,
      counts,
      rows,
      missing,
      infinite,
      scored,
      mean,
      squares,
      errors,
      right,
    }) =>
      encodeArrays([
        Float64Array.of(rows, missing, infinite, scored, mean, squares, errors, right),
        sample.ids,
        sample.values,
        sample.priorities,
        low.ids,
        low.values,
        low.features,
        counts,
      ]),
    decode(bytes) {
      const [head, ids, values, priorities, lowIds, lowValues, features, counts] = decodeArrays(bytes);
      if (
        head?.length !== 8 ||
        !ids ||
        !values ||
        !priorities ||
        !lowIds ||
        !lowValues ||
        !features ||
        !counts
      )
        throw new ExaError('corrupt', 'Kept scores cannot be read; they are computed again.');
      const [rows, missing, infinite, scored, mean, squares, errors, right] = head as unknown as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return {
        sample: { ids, values, priorities },
        lowest: { ids: lowIds, values: lowValues, features },
        counts,
        rows,
        missing,
        infinite,
        scored,
        mean,
        squares,
        errors,
        right,
      };
    },
    byteSize: ({ sample, lowest: low, counts }) =>
      3 * sample.ids.byteLength + 2 * low.ids.byteLength + low.features.byteLength + counts.byteLength + 64,
  };
}

function countsOf(values: Float64Array, says: JudgeSpec['says']): Float64Array {
  if (says === 'number') return new Float64Array(0);
  if (says === 'outlier') {
    const outside = values.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0);
    return Float64Array.of(values.length - outside, outside);
  }
  const most = values.reduce((top, value) => Math.max(top, value), -1);
  const counts = new Float64Array(most + 1);
  for (const value of values) if (value >= 0) counts[value]!++;
  return counts;
}

function scoresOf(
  values: Float64Array,
  target: Float64Array | undefined,
  says: JudgeSpec['says'],
): Pick<Judged, 'scored' | 'mean' | 'squares' | 'errors' | 'right'> {
  const none = { scored: 0, mean: 0, squares: 0, errors: 0, right: 0 };
  if (!target || values.length === 0) return none;
  const scored = values.length;
  if (says === 'class') {
    let right = 0;
    for (let i = 0; i < scored; i++) if (values[i] === target[i]) right++;
    return { ...none, scored, right };
  }
  let sum = 0;
  for (let i = 0; i < scored; i++) sum += target[i]!;
  const mean = sum / scored;
  let [squares, errors] = [0, 0];
  for (let i = 0; i < scored; i++) {
    squares += (target[i]! - mean) ** 2;
    errors += (target[i]! - values[i]!) ** 2;
  }
  return { ...none, scored, mean, squares, errors };
}

function mergeSamples(a: Judged['sample'], b: Judged['sample'], size: number): Judged['sample'] {
  const order = ordered(a.priorities, b.priorities, size);
  return {
    ids: taken(order, a.ids, b.ids),
    values: taken(order, a.values, b.values),
    priorities: taken(order, a.priorities, b.priorities),
  };
}

function mergeLowest(a: Judged['lowest'], b: Judged['lowest'], most: number): Judged['lowest'] {
  const order = ordered(a.values, b.values, most);
  const width =
    a.ids.length > 0 ? a.features.length / a.ids.length : b.features.length / Math.max(1, b.ids.length);
  const features = new Float64Array(order.length * width);
  order.forEach((at, i) => {
    const from = at >= 0 ? a.features : b.features;
    const row = at >= 0 ? at : -1 - at;
    features.set(from.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ids: taken(order, a.ids, b.ids), values: taken(order, a.values, b.values), features };
}

/** The `most` least of two ascending lists, equal ones of the first list first: positions in a, or −1 − those in b. */
function ordered(a: Float64Array, b: Float64Array, most: number): Int32Array {
  const order = new Int32Array(Math.min(most, a.length + b.length));
  let [i, j] = [0, 0];
  for (let at = 0; at < order.length; at++)
    order[at] = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? i++ : -1 - j++;
  return order;
}

function taken(order: Int32Array, a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(order, (at) => (at >= 0 ? a[at]! : b[-1 - at]!));
}
