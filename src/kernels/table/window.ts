import { blockRows } from '../../protocol/column.ts';
import { highWord, isMissing, localWords, lowWord, type Pivot, pivotOf } from './order-key.ts';
import type { OrderedBlock } from './order-page.ts';
import { compareText } from './text-order.ts';

/** Matching rows over all blocks. */
export function matchingRows(blocks: readonly OrderedBlock[]): number {
  return blocks.reduce((sum, { positions }) => sum + positions.length, 0);
}

/** How many of a block's ordered rows come before `pivot`, looking at ranks `[start, end)` only. */
export function rankInBlock(
  ordered: OrderedBlock,
  pivot: Pivot,
  start = 0,
  end = ordered.positions.length,
): number {
  const { block, positions, keys } = ordered;
  const words = keys.map((key, k) => {
    const value = pivot.values[k];
    return value === undefined ? undefined : localWords(key, value);
  });
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    const position = positions[middle]!;
    let difference = 0;
    for (let k = 0; k < keys.length && difference === 0; k++) {
      const key = keys[k]!;
      const value = words[k];
      if (isMissing(key, position)) difference = value === undefined ? 0 : 1;
      else if (value === undefined) difference = -1;
      else {
        difference = highWord(key, position) - value.high || lowWord(key, position) - value.low;
        if (key.descending) difference = -difference;
      }
    }
    difference ||= block - pivot.block || position - pivot.position;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many rows of all blocks come before `pivot`. */
export function rankOf(blocks: readonly OrderedBlock[], pivot: Pivot): number {
  return blocks.reduce((sum, block) => sum + rankInBlock(block, pivot), 0);
}

/**
 * For each block, how many of its rows are among the first `rank` rows of all. Nothing is merged: the search narrows a
 * range of ranks in every block about the median of the blocks' medians (Frederickson and Johnson 1982 select in sorted
 * lists so); a few dozen rounds of one binary search a block.
 */
export function splitAt(blocks: readonly OrderedBlock[], rank: number): Uint32Array {
  const starts = new Uint32Array(blocks.length);
  const ends = Uint32Array.from(blocks, ({ positions }) => positions.length);
  if (rank >= matchingRows(blocks)) return ends;
  if (rank <= 0) return starts;
  const middles = new Uint32Array(blocks.length);
  for (;;) {
    const pivot = weightedMedian(blocks, starts, ends);
    if (!pivot) return starts;
    let before = 0;
    for (let b = 0; b < blocks.length; b++) {
      middles[b] = rankInBlock(blocks[b]!, pivot, starts[b], ends[b]);
      before += middles[b]!;
    }
    if (before === rank) return middles;
    if (before > rank) ends.set(middles);
    else {
      starts.set(middles);
      // The pivot itself is among the first: past it, so that every round narrows.
      const own = blocks.findIndex(({ block }) => block === pivot.block);
      starts[own]!++;
      if (before + 1 === rank) return starts;
    }
  }
}

/** The middle row of the block whose middle row is the median of all blocks' middles, by rows left in each. */
function weightedMedian(
  blocks: readonly OrderedBlock[],
  starts: Uint32Array,
  ends: Uint32Array,
): Pivot | undefined {
  const open: { pivot: Pivot; left: number }[] = [];
  let total = 0;
  for (let b = 0; b < blocks.length; b++) {
    const left = ends[b]! - starts[b]!;
    if (left === 0) continue;
    const { block, positions, keys } = blocks[b]!;
    open.push({ pivot: pivotOf(block, keys, positions[(starts[b]! + ends[b]!) >> 1]!), left });
    total += left;
  }
  const [first] = open;
  if (!first) return undefined;
  const directions = blocks[0]!.keys.map(({ descending }) => descending);
  open.sort((a, b) => comparePivots(a.pivot, b.pivot, directions));
  let sum = 0;
  for (const { pivot, left } of open) {
    sum += left;
    if (2 * sum >= total) return pivot;
  }
  return first.pivot;
}

/** Order of two pivots; `directions` tells which keys are descending. */
export function comparePivots(a: Pivot, b: Pivot, directions: readonly boolean[]): number {
  for (let k = 0; k < directions.length; k++) {
    const x = a.values[k];
    const y = b.values[k];
    if (x === undefined || y === undefined) {
      if (x === y) continue;
      return x === undefined ? 1 : -1;
    }
    const difference =
      typeof x === 'string' || typeof y === 'string'
        ? compareText(String(x), String(y))
        : x.high - y.high || x.low - y.low;
    if (difference !== 0) return directions[k] ? -difference : difference;
  }
  return a.block - b.block || a.position - b.position;
}

/** `_row` of the matching rows at ranks `[offset, offset + limit)` over all blocks, in order. */
export function windowRows(blocks: readonly OrderedBlock[], offset: number, limit: number): Float64Array {
  const cursors = splitAt(blocks, offset);
  const count = Math.max(0, Math.min(limit, matchingRows(blocks) - offset));
  const rows = new Float64Array(count);
  const directions = blocks[0]?.keys.map(({ descending }) => descending) ?? [];
  const before = (a: Head, b: Head) => comparePivots(a.pivot, b.pivot, directions) < 0;
  const heap: Head[] = [];
  const next = (b: number): Head | undefined => {
    const { block, positions, keys } = blocks[b]!;
    const at = cursors[b]!++;
    return at < positions.length ? { b, pivot: pivotOf(block, keys, positions[at]!) } : undefined;
  };
  if (count > 0)
    for (let b = 0; b < blocks.length; b++) {
      const head = next(b);
      if (head) push(heap, head, before);
    }
  for (let i = 0; i < count; i++) {
    const { b, pivot } = heap[0]!;
    rows[i] = pivot.block * blockRows + pivot.position;
    const head = next(b);
    if (head) sink(heap, head, before);
    else {
      const last = heap.pop()!;
      if (heap.length > 0) sink(heap, last, before);
    }
  }
  return rows;
}

interface Head {
  readonly b: number;
  readonly pivot: Pivot;
}

function push(heap: Head[], head: Head, before: (a: Head, b: Head) => boolean): void {
  let at = heap.push(head) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(head, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = head;
}

/** Puts `head` in the root's place and lets it sink. */
function sink(heap: Head[], head: Head, before: (a: Head, b: Head) => boolean): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, head)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = head;
}
