import { concatColumns, takeRows } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { Codes } from './accumulate.ts';
import { isAscending, joinSorted } from './join-sorted.ts';
import { codeColumn, type KeyCodes, type Selection } from './key-codes.ts';
import type { Bag } from './partial.ts';

/** Values all groups of a set or multiset keep exactly. */
export const maxExactValues = 2 ** 20;

/** Bags of a block's selected rows. `counted` keeps how often each value occurs. */
export function bagOfRows(
  data: ColumnData,
  codes: Codes,
  rows: Selection,
  size: number,
  counted: boolean,
): Bag {
  if (!codes && !counted && size === 1 && data.kind !== 'text') return lowered(setOf(data, rows));
  const coded = codeColumn(data, rows);
  const count = rows ? rows.length : data.length;
  const entries = new Int32Array(count);
  const groups = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    entries[n] = coded.codes[i]!;
    groups[n] = codes ? codes[i]! : 0;
  }
  return gather(coded, entries, groups, size, counted ? 'rows' : undefined, 0);
}

/** The distinct values of a block's selected rows, none of which is null. */
function setOf(data: Exclude<ColumnData, { kind: 'text' }>, rows: Selection): Bag {
  const count = rows ? rows.length : data.length;
  const picked = (rows ? data.values.slice(0, count) : data.values.slice()) as typeof data.values;
  for (let n = 0; rows && n < count; n++) picked[n] = data.values[rows[n]!]! as never;
  if (picked instanceof Float64Array)
    for (let n = 0; n < count; n++) picked[n] = Number.isNaN(picked[n]!) ? Number.NaN : picked[n]! + 0;
  picked.sort();
  let used = 0;
  for (let n = 0; n < count; n++)
    if (n === 0 || !Object.is(picked[n], picked[used - 1])) picked[used++] = picked[n]! as never;
  const values = { ...data, length: used, values: picked.slice(0, used), validity: undefined } as ColumnData;
  return { sizes: Float64Array.of(used), values: withoutNulls(values), counts: undefined, level: 0 };
}

/** Bags joined by group: group `g` of `bags[b]` goes to group `places[b][g]` of `size`. */
export function joinBags(bags: readonly Bag[], places: readonly ArrayLike<number>[], size: number): Bag {
  const level = Math.max(...bags.map((bag) => bag.level));
  const levelled = bags.map((bag) => (bag.level < level ? raise(bag, level) : bag));
  if (levelled.length === 2 && places.every(isAscending)) {
    const joined = joinSorted(levelled[0]!, levelled[1]!, places, size);
    if (joined) return lowered(joined);
  }
  const values = concatColumns(levelled.map((bag) => bag.values));
  const coded = codeColumn(values);
  const groups = new Int32Array(values.length);
  const weights = levelled[0]?.counts ? new Float64Array(values.length) : undefined;
  let at = 0;
  levelled.forEach((bag, b) => {
    weights?.set(bag.counts ?? [], at);
    for (let g = 0; g < bag.sizes.length; g++) {
      const end = at + bag.sizes[g]!;
      groups.fill(places[b]![g]!, at, end);
      at = end;
    }
  });
  return gather(coded, coded.codes, groups, size, weights, level);
}

/** Sorts entries within their groups, joins equal ones, and raises the level until they are few enough. */
function gather(
  coded: KeyCodes,
  entries: Int32Array,
  groups: Int32Array,
  size: number,
  weights: Float64Array | 'rows' | undefined,
  level: number,
): Bag {
  const starts = new Int32Array(size + 1);
  for (let n = 0; n < groups.length; n++) starts[groups[n]! + 1]!++;
  for (let g = 0; g < size; g++) starts[g + 1]! += starts[g]!;
  // Equal entries of a group lie side by side once the pairs (entry, index) are sorted as exact doubles.
  const next = starts.slice(0, size);
  const pairs = new Float64Array(entries.length);
  const width = entries.length || 1;
  for (let n = 0; n < entries.length; n++) pairs[next[groups[n]!]!++] = entries[n]! * width + n;
  const sizes = new Float64Array(size);
  const kept = new Int32Array(entries.length);
  const counts = weights ? new Float64Array(entries.length) : undefined;
  let used = 0;
  for (let g = 0; g < size; g++) {
    const end = starts[g + 1]!;
    sortRun(pairs, starts[g]!, end);
    let last = -1;
    for (let p = starts[g]!; p < end; p++) {
      const pair = pairs[p]!;
      const entry = Math.floor(pair / width);
      if (entry !== last) {
        kept[used++] = entry;
        sizes[g]!++;
        last = entry;
      }
      if (counts && weights) counts[used - 1]! += weights === 'rows' ? 1 : weights[pair - entry * width]!;
    }
  }
  return lowered({
    sizes,
    values: withoutNulls(coded.take(kept.subarray(0, used))),
    counts: counts?.slice(0, used),
    level,
  });
}

/** The bag at the first level at which it is small enough. */
function lowered(bag: Bag): Bag {
  let small = bag;
  while (small.values.length > maxExactValues) small = raise(small, small.level + 1);
  return small;
}

/** Sorts `[start, end)`; short runs, of which there are many, without a view each. */
function sortRun(pairs: Float64Array, start: number, end: number): void {
  if (end - start > 24) {
    pairs.subarray(start, end).sort();
    return;
  }
  for (let p = start + 1; p < end; p++) {
    const pair = pairs[p]!;
    let to = p;
    for (; to > start && pairs[to - 1]! > pair; to--) pairs[to] = pairs[to - 1]!;
    pairs[to] = pair;
  }
}

function withoutNulls(data: ColumnData): ColumnData {
  const { validity: _, ...rest } = data;
  return rest as ColumnData;
}

/** The bag at a higher level. */
export function raise(bag: Bag, level: number): Bag {
  return bag.counts ? coarsen(bag, level) : sample(bag, level);
}

function sample(bag: Bag, level: number): Bag {
  const hash = hasher(bag.values);
  const mask = 2 ** level - 1;
  const sizes = new Float64Array(bag.sizes.length);
  const kept: number[] = [];
  let at = 0;
  for (let g = 0; g < sizes.length; g++)
    for (const end = at + bag.sizes[g]!; at < end; at++)
      if ((hash(at) & mask) === 0) {
        kept.push(at);
        sizes[g]!++;
      }
  return { sizes, values: takeRows(bag.values, kept), level };
}

/** A 32-bit hash of a value: FNV-1a over UTF-16 units or 32-bit words, finished as in MurmurHash3. */
function hasher(data: ColumnData): (index: number) => number {
  if (data.kind === 'text') {
    const hashes = Int32Array.from(data.dictionary, (text) => {
      let hash = 0x811c9dc5;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return finish(hash);
    });
    return (index) => hashes[data.codes[index]!]!;
  }
  const values = data.values instanceof BigInt64Array ? data.values : Float64Array.from(data.values);
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return (index) =>
    finish(
      Math.imul(Math.imul(0x811c9dc5 ^ words[2 * index]!, 0x01000193) ^ words[2 * index + 1]!, 0x01000193),
    );
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function coarsen(bag: Bag, level: number): Bag {
  const { values } = bag;
  if (values.kind === 'text') return { ...bag, level };
  let coarse: ColumnData;
  if (values.values instanceof BigInt64Array) {
    const shift = BigInt(Math.min(level, 63));
    coarse = { ...values, values: values.values.map((value) => (value >> shift) << shift) } as ColumnData;
  } else if (values.values instanceof Float64Array) {
    const copy = values.values.slice();
    const words = new Uint32Array(copy.buffer);
    for (let i = 0; i < copy.length; i++) {
      if (Number.isNaN(copy[i]!)) continue;
      words[2 * i]! &= level >= 32 ? 0 : -(2 ** level);
      if (level > 32) words[2 * i + 1]! &= -(2 ** Math.min(level - 32, 20));
    }
    coarse = { ...values, values: copy } as ColumnData;
  } else {
    const shift = Math.min(level, 31);
    coarse = { ...values, values: values.values.map((value) => (value >> shift) << shift) } as ColumnData;
  }
  const coded = codeColumn(coarse);
  const groups = new Int32Array(coarse.length);
  let at = 0;
  for (let g = 0; g < bag.sizes.length; g++) {
    groups.fill(g, at, at + bag.sizes[g]!);
    at += bag.sizes[g]!;
  }
  return regather(coded, groups, bag, level);
}

/** Values stay in order when their low bits go, so equal ones are neighbours already. */
function regather(coded: KeyCodes, groups: Int32Array, bag: Bag, level: number): Bag {
  const sizes = new Float64Array(bag.sizes.length);
  const kept = new Int32Array(groups.length);
  const counts = new Float64Array(groups.length);
  let used = 0;
  for (let n = 0; n < groups.length; n++) {
    const same = n > 0 && groups[n] === groups[n - 1] && coded.codes[n] === coded.codes[n - 1];
    if (!same) {
      kept[used++] = coded.codes[n]!;
      sizes[groups[n]!]!++;
    }
    counts[used - 1]! += bag.counts?.[n] ?? 0;
  }
  return {
    sizes,
    values: withoutNulls(coded.take(kept.subarray(0, used))),
    counts: counts.slice(0, used),
    level,
  };
}
