import type { Loaded } from './load.ts';
import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './nearest.as.ts?wasm';
import {
  type Compared,
  chunkRows,
  columnStep,
  emptyTally,
  type NearestModule,
  prepared,
  type Tally,
} from './nearest.ts';

interface ResidentModule extends NearestModule {
  spread(x: number, pairs: number, stride: number, rows: number, values: number): void;
  due(
    labels: number,
    until: number,
    start: number,
    end: number,
    limits: number,
    list: number,
    most: number,
  ): number;
  pack(
    values: number,
    pairs: number,
    list: number,
    count: number,
    x: number,
    stride: number,
    labels: number,
    from: number,
    squares: number,
  ): void;
  settle(
    list: number,
    count: number,
    to: number,
    gaps: number,
    moved: number,
    labels: number,
    until: number,
  ): void;
}

/** A block whose rows stay in the arena between steps, with what they were found to be at the last one. */
export interface Slot {
  readonly rows: number;
  /** Where its rows, labels, and limits until which they keep them, are. */
  readonly values: number;
  readonly labels: number;
  readonly until: number;
  readonly reach: readonly number[];
  readonly tally: Tally;
  centers: readonly (readonly number[])[];
  /** For each centre how far it and the fastest other one have moved since the beginning. */
  readonly moved: Float64Array;
  /** The longest row or centre there was, less the origin. */
  longest: number;
}

/**
 * Blocks in a memory of their own, for steps of k-means that come one after another: only rows that the centres' moves
 * may have brought to another one are compared again (Hamerly 2010). Labels and sums have the bits of `assignRows`.
 */
export interface Arena {
  /** Takes a block in; undefined when there is no room. */
  take(columns: readonly Float64Array[], rows: number, what: Compared): Slot | undefined;
  /** Brings a block's labels and tally to these centres. */
  advance(slot: Slot, centers: readonly (readonly number[])[]): void;
  /** The labels as of the last step; not to be kept. */
  labelsOf(slot: Slot): Int32Array;
}

const up16 = (size: number) => 16 * Math.ceil(size / 16);

/** An arena for `k` centres, of at most `mostBytes`; undefined without WebAssembly. */
export function openArena(origin: readonly number[], k: number, mostBytes: number): Arena | undefined {
  const d = origin.length;
  const width = d + (d & 1);
  const stride = 8 * columnStep;
  const x = apartStart;
  let next = x + width * stride;
  const room = (size: number) => {
    const at = next;
    next += up16(size);
    return at;
  };
  const [gapsAt, fromAt, toAt] = [room(8 * chunkRows), room(4 * chunkRows), room(4 * chunkRows)];
  const [listAt, originAt, cutsAt] = [room(4 * chunkRows + 4), room(8 * d), room(16 * width)];
  const groupBytes = 32 * Math.ceil(k / 4);
  const [normsAt, centersAt] = [room(groupBytes), room(groupBytes * d)];
  // Before the first label's limit stands that of rows without one: they are always due.
  const limitsAt = room(8 * (k + 1)) + 8;
  const [movedAt, countsAt] = [room(8 * k), room(8 * k)];
  const [highAt, lowAt] = [room(8 * k * width), room(8 * k * width)];
  const opened: Loaded<ResidentModule> | undefined = loadApart<ResidentModule>(bytes, next - apartStart);
  if (!opened) return undefined;
  const { exports, memory } = opened;
  let view = new Float64Array(memory.buffer);

  /** Room up to `end`: twice as much as there was, so that a fit's many blocks ask seldom. */
  function grown(end: number): boolean {
    const had = memory.buffer.byteLength;
    if (end <= had) return true;
    if (end > apartStart + mostBytes) return false;
    const wanted = Math.max(end, Math.min(2 * had, apartStart + mostBytes));
    try {
      memory.grow(Math.ceil((wanted - had) / 65_536));
    } catch {
      return false;
    }
    view = new Float64Array(memory.buffer);
    return true;
  }

  /** Compares all rows whose `until` is not above their label's limit. */
  function compare(slot: Slot, limits: Float64Array): void {
    const { centers, reach, tally } = slot;
    const { groups, half, norms, doubled, cuts } = prepared({ centers, origin, reach });
    for (const [values, at] of [
      [cuts, cutsAt],
      [norms, normsAt],
      [doubled, centersAt],
      [limits, limitsAt],
      [slot.moved, movedAt],
      [tally.counts, countsAt],
      [tally.high, highAt],
      [tally.low, lowAt],
    ] as const)
      view.set(values, at / 8);
    view[limitsAt / 8 - 1] = Number.POSITIVE_INFINITY;
    const list = new Int32Array(memory.buffer, listAt, chunkRows);
    const { values, labels, until, rows } = slot;
    const pairs = width / 2;
    for (let start = 0; start < rows; ) {
      const count = exports.due(labels, until, start, rows, limitsAt, listAt, chunkRows);
      start = count === chunkRows ? list[count - 1]! + 1 : rows;
      if (count === 0) continue;
      exports.pack(values, pairs, listAt, count, x, stride, labels, fromAt, gapsAt);
      const full = (count + 3) & ~3;
      exports.nearest(x, d, stride, full, centersAt, normsAt, groups, half, toAt, gapsAt);
      exports.move(x, pairs, stride, count, fromAt, toAt, cutsAt, highAt, lowAt, countsAt);
      exports.settle(listAt, count, toAt, gapsAt, movedAt, labels, until);
    }
    tally.high.set(view.subarray(highAt / 8, highAt / 8 + tally.high.length));
    tally.low.set(view.subarray(lowAt / 8, lowAt / 8 + tally.low.length));
    tally.counts.set(view.subarray(countsAt / 8, countsAt / 8 + k));
  }

  return {
    take(columns, rows, what) {
      // Rows of eight doubles each fill a cache line of their own.
      const values = 64 * Math.ceil(next / 64);
      const labels = values + up16(8 * width * rows);
      const until = labels + up16(4 * rows);
      const end = until + up16(4 * rows);
      if (!grown(end)) return undefined;
      next = end;
      view.set(origin, originAt / 8);
      for (let start = 0; start < rows; start += chunkRows) {
        const count = Math.min(chunkRows, rows - start);
        for (let j = 0; j < d; j++)
          view.set(columns[j]!.subarray(start, start + count), x / 8 + j * columnStep);
        exports.shift(x, d, stride, (count + 3) & ~3, originAt, gapsAt);
        exports.spread(x, width / 2, stride, count, values + 8 * width * start);
      }
      new Int32Array(memory.buffer, labels, rows).fill(-1);
      const slot: Slot = {
        rows,
        values,
        labels,
        until,
        reach: what.reach,
        tally: emptyTally(what),
        centers: what.centers,
        moved: new Float64Array(k),
        longest: longestOf(what),
      };
      return slot;
    },
    advance(slot, centers) {
      slot.longest = Math.max(slot.longest, longestOf({ centers, origin, reach: slot.reach }));
      const steps = centers.map((center, c) =>
        Math.sqrt(center.reduce((sum, value, j) => sum + (value - slot.centers[c]![j]!) ** 2, 0)),
      );
      const fastest = steps.indexOf(Math.max(...steps));
      const next = steps.reduce((most, step, c) => (c === fastest ? most : Math.max(most, step)), 0);
      steps.forEach((step, c) => {
        slot.moved[c]! += step + (c === fastest ? next : steps[fastest]!);
      });
      slot.centers = centers;
      // Rounded distances and limits are this much off at most, many times over.
      const slack = 4e-7 * Math.sqrt(d + 3);
      compare(
        slot,
        slot.moved.map((way) => way + slack * (slot.longest + way)),
      );
    },
    labelsOf: ({ labels, rows }) => new Int32Array(memory.buffer, labels, rows),
  };
}

/** No row, and none of the centres, is longer. */
function longestOf({ centers, origin, reach }: Compared): number {
  const most = reach.reduce((sum, value) => sum + value * value, 0);
  const longest = centers.reduce(
    (longer, center) =>
      Math.max(
        longer,
        center.reduce((sum, value, j) => sum + (value - origin[j]!) ** 2, 0),
      ),
    most,
  );
  return Math.sqrt(longest);
}
