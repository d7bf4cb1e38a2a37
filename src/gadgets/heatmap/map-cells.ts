import { cellStates, type Picture } from '../../protocol/array-client.ts';
import { type Extent, parts } from '../exact/extent.ts';

/** What is in view: along rows (down) and along columns (across). */
export interface MapExtent {
  readonly rows: Extent;
  readonly columns: Extent;
}

/** Cells of a picture over two axes, in C order: rows of cells, columns within. */
export interface MapCells {
  readonly rowStep: bigint;
  readonly columnStep: bigint;
  readonly rowFirst: bigint;
  readonly columnFirst: bigint;
  readonly rows: number;
  readonly columns: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
  readonly nans: Float64Array;
  readonly state: Uint8Array;
  readonly version: number;
}

export function mapCells(picture: Picture, rowAxis: number, columnAxis: number): MapCells {
  const none = new Float64Array(picture.count.length).fill(Number.NaN);
  const { min = none, max = none, mean = none, count, nans, state } = picture;
  return {
    rowStep: picture.step[rowAxis] ?? 1n,
    columnStep: picture.step[columnAxis] ?? 1n,
    rowFirst: picture.first[rowAxis] ?? 0n,
    columnFirst: picture.first[columnAxis] ?? 0n,
    rows: picture.cells[rowAxis] ?? 0,
    columns: picture.cells[columnAxis] ?? 0,
    min,
    max,
    mean,
    count,
    nans,
    state,
    version: picture.coverage.version,
  };
}

/** Where the cells lie in an area, CSS px from its left top corner. */
export function boxOf(
  cells: MapCells,
  { rows, columns }: MapExtent,
  width: number,
  height: number,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const across = Number(columns.to - columns.from);
  const down = Number(rows.to - rows.from);
  return {
    x: (Number(cells.columnFirst * parts - columns.from) / across) * width,
    y: (Number(cells.rowFirst * parts - rows.from) / down) * height,
    width: (Number(cells.columnStep * BigInt(cells.columns) * parts) / across) * width,
    height: (Number(cells.rowStep * BigInt(cells.rows) * parts) / down) * height,
  };
}

/** The place of the cell that holds an element; undefined where there is none. */
export function cellOf(cells: MapCells, row: bigint, column: bigint): number | undefined {
  if (row < cells.rowFirst || column < cells.columnFirst) return undefined;
  const down = Number((row - cells.rowFirst) / cells.rowStep);
  const across = Number((column - cells.columnFirst) / cells.columnStep);
  return down < cells.rows && across < cells.columns ? down * cells.columns + across : undefined;
}

/** What a cell is drawn as. */
export function kindOfMapCell(cells: MapCells, i: number): 'numbers' | 'nans' | 'unwritten' | 'away' {
  if (cells.state[i] === cellStates.away) return 'away';
  if (cells.count[i]! > 0) return 'numbers';
  return cells.nans[i]! > 0 ? 'nans' : 'unwritten';
}

/** Lowest and highest finite mean of all cells; undefined where there is none. */
export function meansOf({ mean, count }: MapCells): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < mean.length; i++) {
    const value = mean[i]!;
    if (!(count[i]! > 0) || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Means along the row of cells that holds `row`, or the column that holds `column`; NaN where there is no number. */
export function crossSection(
  cells: MapCells,
  at: { readonly row: bigint } | { readonly column: bigint },
): Float64Array | undefined {
  const value = (i: number): number => (cells.count[i]! > 0 ? cells.mean[i]! : Number.NaN);
  if ('row' in at) {
    const first = cellOf(cells, at.row, cells.columnFirst);
    return first === undefined
      ? undefined
      : Float64Array.from({ length: cells.columns }, (_, i) => value(first + i));
  }
  const first = cellOf(cells, cells.rowFirst, at.column);
  return first === undefined
    ? undefined
    : Float64Array.from({ length: cells.rows }, (_, i) => value(first + i * cells.columns));
}
