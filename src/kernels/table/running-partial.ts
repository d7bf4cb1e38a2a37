import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Walk } from './evaluate-groups.ts';
import { codeColumn } from './key-codes.ts';
import type { AggregatePartial, Bag, StateData } from './partial.ts';
import { wideAt } from './wide-sum.ts';

/**
 * A partial whose every group also holds what the groups before it on the walk hold: exact states in 128 bits, float sums
 * and moments in the order of the walk, a distinct count of values once each. For answers, not for caches: of a set only
 * the sizes are right. Throws `invalid` for multisets (quantiles), and past 128 bits.
 */
export function runningPartial(partial: AggregatePartial, walk: Walk): AggregatePartial {
  return {
    ...partial,
    rows: added(partial.rows, walk),
    states: partial.states.map((state) => runningState(state, walk)),
  };
}

function runningState(state: StateData, walk: Walk): StateData {
  switch (state.state) {
    case 'rows':
      return state;
    case 'count':
      return { state: 'count', count: added(state.count, walk) };
    case 'float':
      return {
        state: 'float',
        count: added(state.count, walk),
        sum: addedOrdered(state.sum, state.count, walk),
      };
    case 'exact':
      return { state: 'exact', count: added(state.count, walk), ...addedWide(state, walk) };
    case 'minmax':
      return { state: 'minmax', min: best('min', state.min, walk), max: best('max', state.max, walk) };
    case 'moments':
      return moments(state, walk);
    case 'bag':
      return { state: 'bag', bag: seen(state.bag, walk) };
  }
}

function added(values: Float64Array, { order, starts }: Walk): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    sum = starts[i] ? values[group]! : sum + values[group]!;
    out[group] = sum;
  }
  return out;
}

/** A group without values leaves the sum as it is. */
function addedOrdered(sums: Float64Array, counts: Float64Array, { order, starts }: Walk): Float64Array {
  const out = new Float64Array(sums.length);
  let sum = 0;
  let begun = false;
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    if (starts[i]) {
      sum = 0;
      begun = false;
    }
    if (counts[group]! > 0) {
      sum = begun ? sum + sums[group]! : sums[group]!;
      begun = true;
    }
    out[group] = sum;
  }
  return out;
}

function addedWide(
  state: Extract<StateData, { state: 'exact' }>,
  { order, starts }: Walk,
): { low: BigInt64Array; high: BigInt64Array } {
  const low = new BigInt64Array(order.length);
  const high = new BigInt64Array(order.length);
  let sum = 0n;
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    const value = wideAt(state, group);
    sum = starts[i] ? value : sum + value;
    if (sum !== BigInt.asIntN(128, sum))
      throw new ExaError('invalid', 'A sum passes 128 bits: narrow the question.');
    low[group] = BigInt.asIntN(64, sum);
    high[group] = sum >> 64n;
  }
  return { low, high };
}

/** Codes stand in the order of values, NaN last of them; nulls are passed over, and any NaN makes the rest NaN. */
function best(which: 'min' | 'max', data: ColumnData, { order, starts }: Walk): ColumnData {
  const { codes, size, take } = codeColumn(data);
  const missing = data.validity ? size - 1 : size;
  const nan = data.kind === 'float64' ? nanCode(data.values, codes, missing) : -1;
  const out = new Int32Array(order.length);
  let held = missing;
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    const code = codes[group]!;
    if (starts[i] || held === missing) held = code;
    else if (code !== missing && held !== nan)
      if (code === nan || (which === 'min' ? code < held : code > held)) held = code;
    out[group] = held;
  }
  return take(out);
}

function nanCode(values: Float64Array, codes: Int32Array, missing: number): number {
  const at = values.findIndex((value, i) => Number.isNaN(value) && codes[i] !== missing);
  return at < 0 ? -1 : codes[at]!;
}

/** Pairwise update as when partials are merged. */
function moments(state: Extract<StateData, { state: 'moments' }>, { order, starts }: Walk): StateData {
  const count = new Float64Array(order.length);
  const mean = new Float64Array(order.length);
  const m2 = new Float64Array(order.length);
  let [held, middle, squares] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    if (starts[i]) [held, middle, squares] = [0, 0, 0];
    const n = state.count[group]!;
    if (n > 0 && held === 0) [held, middle, squares] = [n, state.mean[group]!, state.m2[group]!];
    else if (n > 0) {
      const total = held + n;
      const delta = state.mean[group]! - middle;
      middle += (delta * n) / total;
      squares += state.m2[group]! + (delta * delta * held * n) / total;
      held = total;
    }
    count[group] = held;
    mean[group] = middle;
    m2[group] = squares;
  }
  return { state: 'moments', count, mean, m2 };
}

/** How many different values there were so far. */
function seen(bag: Bag, { order, starts }: Walk): Bag {
  if (bag.counts) throw new ExaError('invalid', 'A running quantile or median is not computed.');
  const { codes, size } = codeColumn(bag.values);
  const begins = new Float64Array(bag.sizes.length);
  for (let g = 1; g < begins.length; g++) begins[g] = begins[g - 1]! + bag.sizes[g - 1]!;
  const lastSeen = new Int32Array(size).fill(-1);
  const sizes = new Float64Array(bag.sizes.length);
  let line = 0;
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const group = order[i]!;
    if (starts[i]) {
      line = i;
      count = 0;
    }
    const end = begins[group]! + bag.sizes[group]!;
    for (let at = begins[group]!; at < end; at++) {
      if (lastSeen[codes[at]!] === line) continue;
      lastSeen[codes[at]!] = line;
      count++;
    }
    sizes[group] = count;
  }
  return { ...bag, sizes };
}
