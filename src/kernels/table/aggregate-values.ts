import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { AggregateFunction } from '../../protocol/formula.ts';
import { scaleOf } from '../../protocol/formula-type.ts';
import { doublesOf } from './numbers.ts';
import type { AggregatePartial, Bag, StateData } from './partial.ts';
import { bitmapOf } from './validity.ts';
import { wideAt } from './wide-sum.ts';

/**
 * An aggregate's value of each group, read from its state. Of no values `count` and `distinct` are 0, the rest null;
 * a variance (of a sample, n − 1) needs two. A sum past 64 bits (or a decimal's 18 digits) becomes the nearest float64.
 * Quantiles interpolate linearly between neighbours (Hyndman and Fan 1996, type 7).
 * `operand` is the type of what is aggregated.
 */
export function aggregateValues(
  fn: AggregateFunction,
  state: StateData,
  partial: AggregatePartial,
  operand: ColumnType,
  q = 0.5,
): ColumnData {
  const length = partial.groups;
  switch (state.state) {
    case 'rows':
      return integers(partial.rows);
    case 'count':
      return integers(state.count);
    case 'float':
      return floats(state.count, 1, (g) => (fn === 'mean' ? state.sum[g]! / state.count[g]! : state.sum[g]!));
    case 'exact':
      return fn === 'mean' ? exactMean(state, operand) : exactSum(state, operand);
    case 'minmax':
      return fn === 'min' ? state.min : state.max;
    case 'moments': {
      const { count, m2 } = state;
      return floats(count, 2, (g) => {
        const variance = m2[g]! / (count[g]! - 1);
        return fn === 'stddev' ? Math.sqrt(variance) : variance;
      });
    }
    case 'bag': {
      const { bag } = state;
      // A set's level keeps one value in 2^level.
      if (fn === 'distinct') return integers(bag.sizes.map((size) => size * 2 ** bag.level));
      return quantiles(bag, q, length);
    }
  }
}

function integers(values: Float64Array): ColumnData {
  return {
    kind: 'int64',
    length: values.length,
    values: BigInt64Array.from(values, (value) => BigInt(value)),
  };
}

/** Values of the groups with at least `least` rows; the others are null. */
function floats(count: Float64Array, least: number, value: (group: number) => number): ColumnData {
  const values = new Float64Array(count.length);
  const present = Uint8Array.from(count, (rows) => (rows >= least ? 1 : 0));
  for (let g = 0; g < values.length; g++) if (present[g]) values[g] = value(g);
  return { kind: 'float64', length: values.length, validity: bitmapOf(present), values };
}

type Exact = Extract<StateData, { state: 'exact' }>;

function exactSum(state: Exact, operand: ColumnType): ColumnData {
  const { count } = state;
  const length = count.length;
  const validity = bitmapOf(Uint8Array.from(count, (rows) => (rows > 0 ? 1 : 0)));
  const sums = Array.from({ length }, (_, g) => wideAt(state, g));
  const end = operand.kind === 'decimal' ? 10n ** 18n : 2n ** 63n;
  if (sums.some((sum) => sum >= end || sum <= -end))
    return {
      kind: 'float64',
      length,
      validity,
      values: Float64Array.from(sums, (sum) => ratio(sum, scaleOf(operand))),
    };
  const values = BigInt64Array.from(sums);
  return operand.kind === 'decimal'
    ? { kind: 'decimal', precision: 18, scale: operand.scale, length, validity, values }
    : { kind: 'int64', length, validity, values };
}

function ratio(unscaled: bigint, scale: number): number {
  return Number(unscaled) / 10 ** scale;
}

function exactMean(state: Exact, operand: ColumnType): ColumnData {
  return floats(state.count, 1, (g) => ratio(wideAt(state, g), scaleOf(operand)) / state.count[g]!);
}

function quantiles(bag: Bag, q: number, length: number): ColumnData {
  const { counts, sizes } = bag;
  if (!counts) throw new ExaError('broken', 'A quantile needs counted values.');
  const numbers = doublesOf(bag.values);
  const values = new Float64Array(length);
  const present = new Uint8Array(length);
  let start = 0;
  for (let g = 0; g < length; g++) {
    const end = start + sizes[g]!;
    if (end > start) {
      present[g] = 1;
      values[g] = quantile(numbers, counts, start, end, q);
    }
    start = end;
  }
  return { kind: 'float64', length, validity: bitmapOf(present), values };
}

function quantile(
  numbers: Float64Array,
  counts: Float64Array,
  start: number,
  end: number,
  q: number,
): number {
  // NaN comes last, and makes every quantile NaN.
  if (Number.isNaN(numbers[end - 1])) return Number.NaN;
  let total = 0;
  for (let i = start; i < end; i++) total += counts[i]!;
  const place = (total - 1) * q;
  const below = Math.floor(place);
  let passed = 0;
  for (let i = start; i < end; i++) {
    passed += counts[i]!;
    if (passed <= below) continue;
    const low = numbers[i]!;
    const high = passed > below + 1 || i + 1 === end ? low : numbers[i + 1]!;
    return low === high ? low : low + (high - low) * (place - below);
  }
  return numbers[end - 1]!;
}
