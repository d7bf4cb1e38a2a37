import type { ColumnData } from '../../arrow/column-data.ts';
import type { CubePairs } from './cube.ts';
import { codeColumn } from './key-codes.ts';
import type { Range } from './open-cube.ts';
import type { Bag } from './partial.ts';

/** A cube's pairs made ready for a moving range. */
export interface PairSlices {
  /** The different values of each group in the range, ascending; counted where the state counts. */
  bag(range: Range): Bag;
  /** The least and greatest value of each group; where `present` is 0 there is none. */
  extremes(range: Range): { least: ColumnData; greatest: ColumnData; present: Uint8Array };
}

/** Sorts pairs by cell, and values by rank, once. */
export function slicePairs(state: CubePairs, bins: number, groups: number): PairSlices {
  const { cells, entries, counts, values } = state;
  const coded = codeColumn(values);
  const starts = new Int32Array(groups * bins + 1);
  for (let p = 0; p < cells.length; p++) starts[cells[p]! + 1]!++;
  for (let cell = 0; cell < groups * bins; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const ranks = new Int32Array(cells.length);
  const weights = counts && new Float64Array(cells.length);
  for (let p = 0; p < cells.length; p++) {
    const at = next[cells[p]!]!++;
    ranks[at] = coded.codes[entries[p]!]!;
    if (weights && counts) weights[at] = counts[p]!;
  }
  // Per rank: the stamp of the group that saw it last, and how often it did.
  const stamps = new Int32Array(coded.size);
  const sums = new Float64Array(weights ? coded.size : 0);
  let stamp = 0;
  const bounds = ({ from, to }: Range, group: number) => ({
    start: starts[group * bins + from]!,
    end: starts[group * bins + to]!,
  });

  return {
    bag(range) {
      const sizes = new Float64Array(range.groups.length);
      const total = range.groups.reduce((sum, group) => {
        const { start, end } = bounds(range, group);
        return sum + end - start;
      }, 0);
      const found = new Int32Array(total);
      const times = weights && new Float64Array(total);
      let used = 0;
      range.groups.forEach((group, n) => {
        const { start, end } = bounds(range, group);
        const first = used;
        stamp++;
        for (let p = start; p < end; p++) {
          const rank = ranks[p]!;
          if (stamps[rank] !== stamp) {
            stamps[rank] = stamp;
            if (weights) sums[rank] = 0;
            found[used++] = rank;
          }
          if (weights) sums[rank]! += weights[p]!;
        }
        found.subarray(first, used).sort();
        if (times) for (let at = first; at < used; at++) times[at] = sums[found[at]!]!;
        sizes[n] = used - first;
      });
      return {
        sizes,
        values: coded.take(found.subarray(0, used)),
        counts: times?.slice(0, used),
        level: 0,
      };
    },
    extremes(range) {
      const size = range.groups.length;
      const least = new Int32Array(size);
      const greatest = new Int32Array(size);
      const present = new Uint8Array(size);
      range.groups.forEach((group, n) => {
        const { start, end } = bounds(range, group);
        if (start === end) return;
        let low = coded.size;
        let high = -1;
        for (let p = start; p < end; p++) {
          const rank = ranks[p]!;
          if (rank < low) low = rank;
          if (rank > high) high = rank;
        }
        least[n] = low;
        greatest[n] = high;
        present[n] = 1;
      });
      return { least: coded.take(least), greatest: coded.take(greatest), present };
    },
  };
}
