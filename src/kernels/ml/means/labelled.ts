import { assignRows, emptyTally, type Tally } from '../../wasm/nearest.ts';
import { type Arena, openArena, type Slot } from '../../wasm/resident.ts';

/** Bytes of blocks that a thread holds between the steps of a fit. */
const arenaBytes = 96 * 2 ** 20;

interface Held {
  readonly columns: readonly Float64Array[];
  readonly slot: Slot;
}

/** What this thread holds of one fit. */
interface Holding {
  readonly origin: readonly number[];
  readonly k: number;
  readonly arena: Arena | undefined;
  /** By a block's first column: pages that stay in memory are seen again. */
  readonly blocks: WeakMap<Float64Array, Held>;
  held: number;
}

let holding: Holding | undefined;
/** Columns a step has read: a block that comes a second time is worth holding, one that streams by is not. */
const seen = new WeakSet<Float64Array>();
const greatest = new WeakMap<Float64Array, number>();

/** Sums (row-major `k × columns`) of rows less the origin, counts, and each row's centre (not to be kept). */
export interface Labelled {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly labels: Int32Array;
}

/**
 * Gives the first `rows` rows of `columns` to their nearest centres (of equals the first) and sums them up. Blocks
 * that come again are held between steps, which take less time then; labels and sums have the same bits either way.
 * `isLast`: they are held no longer. A value that is not finite makes all sums NaN.
 */
export function labelled(
  columns: readonly Float64Array[],
  rows: number,
  centers: readonly (readonly number[])[],
  origin: readonly number[],
  isLast: boolean,
): Labelled {
  const reach = columns.map((x, j) => greatestOf(x, rows) + Math.abs(origin[j]!));
  if (!reach.every(Number.isFinite))
    return {
      sums: new Float64Array(centers.length * columns.length).fill(Number.NaN),
      counts: new Float64Array(centers.length),
      labels: new Int32Array(rows),
    };
  const what = { centers, origin, reach };
  const first = columns[0]!;
  if (holding && (holding.k !== centers.length || !isSame(holding.origin, origin))) holding = undefined;
  let held = holding?.blocks.get(first);
  if (held && (held.slot.rows !== rows || !isSame(held.columns, columns))) held = undefined;
  if (!held && !isLast && seen.has(first)) {
    holding ??= {
      origin,
      k: centers.length,
      arena: openArena(origin, centers.length, arenaBytes),
      blocks: new WeakMap(),
      held: 0,
    };
    const slot = holding.arena?.take(columns, rows, what);
    if (slot) {
      held = { columns, slot };
      holding.blocks.set(first, held);
      holding.held++;
    }
  }
  seen.add(first);
  if (!held || !holding?.arena) {
    const labels = new Int32Array(rows);
    const tally = emptyTally(what);
    assignRows(columns, rows, what, labels, tally);
    return finished(tally, columns.length, labels);
  }
  const { arena } = holding;
  arena.advance(held.slot, centers);
  if (isLast && holding.blocks.delete(first) && --holding.held === 0) holding = undefined;
  return finished(held.slot.tally, columns.length, arena.labelsOf(held.slot));
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The greatest of all |values|; NaN when one is. */
function greatestOf(x: Float64Array, rows: number): number {
  const kept = rows === x.length ? greatest.get(x) : undefined;
  if (kept !== undefined) return kept;
  let most = 0;
  for (let i = 0; i < rows; i++) {
    const value = Math.abs(x[i]!);
    if (value > most || Number.isNaN(value)) most = value;
  }
  if (rows === x.length) greatest.set(x, most);
  return most;
}

function finished({ width, high, low, counts }: Tally, columns: number, labels: Int32Array): Labelled {
  const sums = new Float64Array(counts.length * columns);
  for (let c = 0; c < counts.length; c++)
    for (let j = 0; j < columns; j++) sums[c * columns + j] = high[c * width + j]! + low[c * width + j]!;
  return { sums, counts: counts.slice(), labels };
}
