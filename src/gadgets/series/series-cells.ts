import { cellStates, type Picture } from '../../protocol/array-client.ts';
import { type Extent, parts } from '../exact/extent.ts';

/** Cells of a picture along one axis; the others hold one cell. */
export interface SeriesCells {
  /** Elements a cell covers, and the index of the first element of the first. */
  readonly step: bigint;
  readonly first: bigint;
  readonly size: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
  readonly nans: Float64Array;
  readonly state: Uint8Array;
  /** Store version the cells are of. */
  readonly version: number;
}

/** What a cell is drawn as. */
export type CellKind = 'numbers' | 'nans' | 'unwritten' | 'away';

export function seriesCells(picture: Picture, axis: number): SeriesCells {
  const none = new Float64Array(picture.count.length).fill(Number.NaN);
  const { min = none, max = none, mean = none, count, nans, state } = picture;
  return {
    step: picture.step[axis] ?? 1n,
    first: picture.first[axis] ?? 0n,
    size: picture.cells[axis] ?? 0,
    min,
    max,
    mean,
    count,
    nans,
    state,
    version: picture.coverage.version,
  };
}

export function kindOfCell(cells: SeriesCells, i: number): CellKind {
  if (cells.state[i] === cellStates.away) return 'away';
  if (cells.count[i]! > 0) return 'numbers';
  return cells.nans[i]! > 0 ? 'nans' : 'unwritten';
}

/** Where the cells lie: CSS px of the first one's beginning, and of each. */
export function placeOf(
  { first, step }: SeriesCells,
  extent: Extent,
  widthPx: number,
): { readonly x: number; readonly dx: number } {
  const length = Number(extent.to - extent.from);
  return {
    x: (Number(first * parts - extent.from) / length) * widthPx,
    dx: (Number(step * parts) / length) * widthPx,
  };
}

/** Cells `[start, end)` that the extent touches. */
export function cellsIn({ first, step, size }: SeriesCells, extent: Extent): { start: number; end: number } {
  const width = step * parts;
  const before = extent.from - first * parts;
  const start = before <= 0n ? 0 : Number(before / width);
  const after = extent.to - first * parts;
  const end = after <= 0n ? 0 : Number((after + width - 1n) / width);
  return { start: Math.min(start, size), end: Math.min(end, size) };
}

/** The cell that holds element `index`; undefined where there is none. */
export function cellAt({ first, step, size }: SeriesCells, index: bigint): number | undefined {
  if (index < first) return undefined;
  const cell = Number((index - first) / step);
  return cell < size ? cell : undefined;
}

/** Lowest and highest finite number in view; undefined where there is none. */
export function valuesIn(cells: SeriesCells, extent: Extent): readonly [number, number] | undefined {
  const { start, end } = cellsIn(cells, extent);
  let low = Infinity;
  let high = -Infinity;
  for (let i = start; i < end; i++) {
    if (!(cells.count[i]! > 0)) continue;
    const { [i]: min = Number.NaN } = cells.min;
    const { [i]: max = Number.NaN } = cells.max;
    if (Number.isFinite(min) && min < low) low = min;
    if (Number.isFinite(max) && max > high) high = max;
  }
  return low <= high ? [low, high] : undefined;
}

/** Ends of a y axis that hold `[low, high]` with a little room. */
export function valueRange(values: readonly [number, number] | undefined): readonly [number, number] {
  if (!values) return [0, 1];
  const [low, high] = values;
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    return [low - room, high + room];
  }
  const room = (high - low) * 0.07;
  return [low - room, high + room];
}

/** Most pictures kept to draw from. */
const mostKept = 6;

/**
 * The last pictures of a moving view, newest first: what the newest does not cover is drawn from the older ones, so that
 * nothing in view is blank that was here a moment ago.
 */
export class CellStack {
  #cells: readonly SeriesCells[] = [];

  get newest(): SeriesCells | undefined {
    return this.#cells[0];
  }

  /** Pictures of other versions are dropped, and those within the new one that are no finer. */
  add(cells: SeriesCells): void {
    const end = cells.first + cells.step * BigInt(cells.size);
    const rest = this.#cells.filter(
      (one) =>
        one.version === cells.version &&
        !(
          one.step >= cells.step &&
          one.first >= cells.first &&
          one.first + one.step * BigInt(one.size) <= end
        ),
    );
    this.#cells = [cells, ...rest].slice(0, mostKept);
  }

  clear(): void {
    this.#cells = [];
  }

  /** In the order to draw in: the newest, then the finest that are not finer than it needs, then what else there is. */
  *drawn(): Iterable<SeriesCells> {
    const [newest, ...rest] = this.#cells;
    if (!newest) return;
    yield newest;
    yield* rest.sort((one, other) => (one.step < other.step ? -1 : one.step > other.step ? 1 : 0));
  }
}
