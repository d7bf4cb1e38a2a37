import { concatColumns, takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import { joinBags } from './bag.ts';
import { checkGroups } from './group-rows.ts';
import { joinExtremes } from './merge-minmax.ts';
import { unionOf } from './merge-sorted.ts';
import type { AggregatePartial, StateData } from './partial.ts';
import { takeState } from './take-state.ts';
import { addWide, emptyWide } from './wide-sum.ts';

/**
 * Two partials of one spec as one, the left one of lower blocks. A group only one side has is taken as it is, bit for
 * bit. Throws `refused` above 1,000,000 groups, `invalid` when a sum passes 128 bits.
 */
export function mergePartials(left: AggregatePartial, right: AggregatePartial): AggregatePartial {
  if (left.groups === 0) return right;
  if (right.groups === 0) return left;
  if (!left.keys.length || sameKeys(left, right)) {
    const places = Int32Array.from({ length: left.groups }, (_, group) => group);
    return fold([left, right], [places, places], left.groups, left.keys);
  }
  const { places, from } = unionOf(left.keys, right.keys);
  checkGroups(from.length);
  return fold(
    [left, right],
    places,
    from.length,
    left.keys.map((key, k) => takeRows(concatColumns([key, right.keys[k]!]), from)),
  );
}

/**
 * A partial with its groups joined: group `g` goes to group `places[g]` of `keys`, in the order of `g`.
 * `places` are dense in `[0, groups)`.
 */
export function regroup(
  partial: AggregatePartial,
  places: ArrayLike<number>,
  groups: number,
  keys: readonly ColumnData[],
): AggregatePartial {
  return fold([partial], [places], groups, keys);
}

/** Codes that occur, ascending, and the place of each among them. */
export function occurring(codes: Int32Array, size: number): { used: Int32Array; placeOf: Int32Array } {
  const placeOf = new Int32Array(size).fill(-1);
  for (let i = 0; i < codes.length; i++) placeOf[codes[i]!] = 0;
  const used: number[] = [];
  for (let code = 0; code < size; code++)
    if (placeOf[code] === 0) {
      placeOf[code] = used.length;
      used.push(code);
    }
  return { used: Int32Array.from(used), placeOf };
}

function sameKeys(left: AggregatePartial, right: AggregatePartial): boolean {
  return left.groups === right.groups && left.keys.every((key, k) => sameColumn(key, right.keys[k]!));
}

function sameColumn(a: ColumnData, b: ColumnData): boolean {
  if (!sameItems(a.validity ?? [], b.validity ?? [])) return false;
  if (a.kind === 'text' && b.kind === 'text')
    return sameItems(a.dictionary, b.dictionary) && sameItems(a.codes, b.codes);
  return a.kind !== 'text' && b.kind !== 'text' && sameItems<number | bigint>(a.values, b.values);
}

function sameItems<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

type Places = readonly ArrayLike<number>[];

function fold(
  partials: readonly AggregatePartial[],
  places: Places,
  groups: number,
  keys: readonly ColumnData[],
): AggregatePartial {
  const rows = addUp(
    partials.map((partial) => partial.rows),
    places,
    groups,
  );
  const [first] = partials;
  const states = first!.states.map((_, s) =>
    foldState(
      partials.map((partial) => partial.states[s]!),
      places,
      groups,
    ),
  );
  return { kernel: 'aggregate', groups, keys, rows, states };
}

function foldState(states: readonly StateData[], places: Places, groups: number): StateData {
  const [first] = states;
  switch (first!.state) {
    case 'rows':
      return first!;
    case 'count':
      return {
        state: 'count',
        count: addUp(
          all(states, 'count').map((s) => s.count),
          places,
          groups,
        ),
      };
    case 'exact': {
      const parts = all(states, 'exact');
      const wide = emptyWide(groups);
      for (let p = 0; p < parts.length; p++) addWide(wide, parts[p]!, places[p]!);
      return {
        state: 'exact',
        count: addUp(
          parts.map((s) => s.count),
          places,
          groups,
        ),
        ...wide,
      };
    }
    case 'float': {
      const parts = all(states, 'float');
      const counts = parts.map((s) => s.count);
      return {
        state: 'float',
        count: addUp(counts, places, groups),
        sum: addOrdered(
          parts.map((s) => s.sum),
          counts,
          places,
          groups,
        ),
      };
    }
    case 'minmax': {
      const parts = all(states, 'minmax');
      return {
        state: 'minmax',
        min: joinExtremes(
          'min',
          parts.map((s) => s.min),
          places,
          groups,
        ),
        max: joinExtremes(
          'max',
          parts.map((s) => s.max),
          places,
          groups,
        ),
      };
    }
    case 'moments':
      return joinMoments(all(states, 'moments'), places, groups);
    case 'bag':
      return {
        state: 'bag',
        bag: joinBags(
          all(states, 'bag').map((s) => s.bag),
          places,
          groups,
        ),
      };
  }
}

function all<S extends StateData['state']>(
  states: readonly StateData[],
  state: S,
): Extract<StateData, { state: S }>[] {
  return states.map((data) => {
    if (data.state !== state) throw new ExaError('corrupt', 'Partials of different questions were merged.');
    return data as Extract<StateData, { state: S }>;
  });
}

/** Counts: exact in any order. */
function addUp(parts: readonly Float64Array[], places: Places, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  parts.forEach((part, p) => {
    const place = places[p]!;
    for (let g = 0; g < part.length; g++) sums[place[g]!]! += part[g]!;
  });
  return sums;
}

/** Float sums, left to right; a part without values leaves the rest as it is (−0 included). */
function addOrdered(
  parts: readonly Float64Array[],
  counts: readonly Float64Array[],
  places: Places,
  groups: number,
): Float64Array {
  const sums = new Float64Array(groups);
  const begun = new Uint8Array(groups);
  parts.forEach((part, p) => {
    const place = places[p]!;
    for (let g = 0; g < part.length; g++) {
      if (counts[p]![g] === 0) continue;
      const to = place[g]!;
      sums[to] = begun[to] ? sums[to]! + part[g]! : part[g]!;
      begun[to] = 1;
    }
  });
  return sums;
}

/** Pairwise update of mean and Σ(x − mean)² (Chan, Golub, LeVeque 1979). */
function joinMoments(
  parts: readonly Extract<StateData, { state: 'moments' }>[],
  places: Places,
  groups: number,
): StateData {
  const count = new Float64Array(groups);
  const mean = new Float64Array(groups);
  const m2 = new Float64Array(groups);
  parts.forEach((part, p) => {
    const place = places[p]!;
    for (let g = 0; g < part.count.length; g++) {
      const n = part.count[g]!;
      if (n === 0) continue;
      const to = place[g]!;
      const before = count[to]!;
      if (before === 0) {
        mean[to] = part.mean[g]!;
        m2[to] = part.m2[g]!;
      } else {
        const total = before + n;
        const delta = part.mean[g]! - mean[to]!;
        mean[to] = mean[to]! + (delta * n) / total;
        m2[to] = m2[to]! + part.m2[g]! + (delta * delta * before * n) / total;
      }
      count[to] = before + n;
    }
  });
  return { state: 'moments', count, mean, m2 };
}

/** Groups `order` of a partial, in that order (which need not be ascending: for answers, not for caches). */
export function takeGroups(partial: AggregatePartial, order: ArrayLike<number>): AggregatePartial {
  return {
    kernel: 'aggregate',
    groups: order.length,
    keys: partial.keys.map((key) => takeRows(key, order)),
    rows: Float64Array.from(order, (group) => partial.rows[group]!),
    states: partial.states.map((state) => takeState(state, order)),
  };
}
