import { takeRows } from '../../arrow/build-column.ts';
import type { Bag, StateData } from './partial.ts';

/** A state's groups `places`, in that order. */
export function takeState(state: StateData, places: ArrayLike<number>): StateData {
  switch (state.state) {
    case 'rows':
      return state;
    case 'count':
      return { state: 'count', count: pick(state.count, places) };
    case 'exact':
      return {
        state: 'exact',
        count: pick(state.count, places),
        low: pickWide(state.low, places),
        high: pickWide(state.high, places),
      };
    case 'float':
      return { state: 'float', count: pick(state.count, places), sum: pick(state.sum, places) };
    case 'minmax':
      return { state: 'minmax', min: takeRows(state.min, places), max: takeRows(state.max, places) };
    case 'moments':
      return {
        state: 'moments',
        count: pick(state.count, places),
        mean: pick(state.mean, places),
        m2: pick(state.m2, places),
      };
    case 'bag':
      return { state: 'bag', bag: takeBag(state.bag, places) };
  }
}

/** The values at `places`, in that order: a loop, as `from` with a function takes a call a value. */
export function pick(values: Float64Array, places: ArrayLike<number>): Float64Array {
  const picked = new Float64Array(places.length);
  for (let i = 0; i < picked.length; i++) picked[i] = values[places[i]!]!;
  return picked;
}

function pickWide(values: BigInt64Array, places: ArrayLike<number>): BigInt64Array {
  const picked = new BigInt64Array(places.length);
  for (let i = 0; i < picked.length; i++) picked[i] = values[places[i]!]!;
  return picked;
}

function takeBag(bag: Bag, places: ArrayLike<number>): Bag {
  const starts = new Float64Array(bag.sizes.length);
  for (let g = 1; g < starts.length; g++) starts[g] = starts[g - 1]! + bag.sizes[g - 1]!;
  const sizes = pick(bag.sizes, places);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === bag.values.length && places.length <= bag.sizes.length && ascending(places))
    return { ...bag, sizes };
  const wanted = new Int32Array(total);
  let at = 0;
  for (let i = 0; i < sizes.length; i++)
    for (let n = 0; n < sizes[i]!; n++) wanted[at++] = starts[places[i]!]! + n;
  return {
    sizes,
    values: takeRows(bag.values, wanted),
    counts: bag.counts && pick(bag.counts, wanted),
    level: bag.level,
  };
}

function ascending(places: ArrayLike<number>): boolean {
  for (let i = 1; i < places.length; i++) if (places[i]! <= places[i - 1]!) return false;
  return true;
}
