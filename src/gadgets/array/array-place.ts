import type { AxisScale } from '../exact/axis.ts';
import {
  centredOn,
  type Extent,
  elementAt,
  fitExtent,
  parseExtent,
  parts,
  wholeExtent,
} from '../exact/extent.ts';
import type { HeatmapState } from '../heatmap/heatmap.ts';
import type { MatrixState } from '../matrix/matrix-state.ts';

/** Everything one chose, exact: extents `from:to` (empty: all), the columns drawn, cell, colours, how rows are read. */
export interface ArrayState {
  readonly rows: string;
  readonly columns: string;
  /** Indices along the last axis that are drawn as lines; empty: the first four. */
  readonly lines: string;
  /** Indices along the axes before those shown. */
  readonly at: string;
  readonly cell: string;
  readonly colors: HeatmapState['colors'];
  readonly table: boolean;
  /** ISO instant of row 0 and nanoseconds a row; empty: rows are read by index. */
  readonly origin: string;
  readonly step: string;
}

/** Nothing chosen: all of it. */
export const wholeArray: ArrayState = {
  rows: '',
  columns: '',
  lines: '',
  at: '',
  cell: '',
  colors: 'cividis',
  table: false,
  origin: '',
  step: '',
};

const mostLines = 8;

/** What a state says of an array of a shape; what is wrong in it counts for nothing. */
export class ArrayPlace {
  readonly shape: readonly bigint[];
  readonly #state: ArrayState;
  /** What is in view during a gesture. */
  readonly #moving: { readonly rows: Extent | undefined; readonly columns: Extent | undefined };

  constructor(
    shape: readonly bigint[],
    state: ArrayState,
    moving: { readonly rows: Extent | undefined; readonly columns: Extent | undefined },
  ) {
    this.shape = shape;
    this.#state = state;
    this.#moving = moving;
  }

  /** The axis shown down or along; the one after it across. */
  get rowAxis(): number {
    return Math.max(0, this.shape.length - 2);
  }

  /** How many there are. */
  get rows(): bigint {
    return this.shape[this.rowAxis] ?? 1n;
  }

  get columns(): bigint {
    return this.shape.length > 1 ? this.shape[this.shape.length - 1]! : 1n;
  }

  get extent(): Extent {
    const kept = this.#moving.rows ?? parseExtent(this.#state.rows, this.rows);
    return kept ? fitExtent(kept, this.rows) : wholeExtent(this.rows);
  }

  get across(): Extent {
    const kept = this.#moving.columns ?? parseExtent(this.#state.columns, this.columns);
    return kept ? fitExtent(kept, this.columns) : wholeExtent(this.columns);
  }

  /** As they were before a gesture. */
  get settledRows(): Extent {
    return parseExtent(this.#state.rows, this.rows) ?? wholeExtent(this.rows);
  }

  get settledColumns(): Extent {
    return parseExtent(this.#state.columns, this.columns) ?? wholeExtent(this.columns);
  }

  /** Indices along the axes before those shown, one an axis. */
  get leading(): readonly bigint[] {
    const asked = this.#state.at.split(',');
    return this.shape.slice(0, this.rowAxis).map((size, axis) => {
      const text = asked[axis] ?? '';
      const at = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
      return at < size ? at : size - 1n;
    });
  }

  /** Indices along the last axis that are drawn as lines. */
  get lines(): readonly bigint[] {
    if (this.shape.length < 2) return [0n];
    const count = this.columns;
    const chosen = this.#state.lines
      .split(',')
      .flatMap((text) => (/^\d{1,20}$/.test(text) && BigInt(text) < count ? [BigInt(text)] : []));
    if (chosen.length > 0) return chosen.slice(0, mostLines);
    return Array.from({ length: Number(count < 4n ? count : 4n) }, (_, i) => BigInt(i));
  }

  get scale(): AxisScale {
    const { origin, step } = this.#state;
    return origin === '' ? { kind: 'index' } : { kind: 'time', origin, step: step || '1' };
  }

  /** What a matrix is to show: the cell chosen where it is in view, else the beginning of what is. */
  get cells(): MatrixState {
    const [rows, columns] = [this.settledRows, this.settledColumns];
    const found = /^(\d{1,20}),(\d{1,20})$/.exec(this.#state.cell);
    const [row, column] = [BigInt(found?.[1] ?? 0), BigInt(found?.[2] ?? 0)];
    const isIn = (extent: Extent, index: bigint): boolean =>
      index * parts < extent.to && index * parts + parts > extent.from;
    const before = (index: bigint, by: bigint): string => String(index > by ? index - by : 0n);
    return found !== null && isIn(rows, row) && isIn(columns, column)
      ? { row: before(row, 4n), column: before(column, 1n), cell: this.#state.cell }
      : { row: String(elementAt(rows.from)), column: String(elementAt(columns.from)), cell: '' };
  }
}

/** An extent about an element: as near as now, or 40 elements when further out. */
export function near(extent: Extent, index: bigint, size: bigint): Extent {
  const close = extent.to - extent.from > 40n * parts ? { from: 0n, to: 40n * parts } : extent;
  return centredOn(fitExtent(close, size), index, size);
}

/** A little of what lies beside a region, so that its ends are seen. */
export function withRoom({ from, to }: Extent, size: bigint): Extent {
  const room = (to - from) / 20n;
  return fitExtent({ from: from - room, to: to + room }, size);
}

/** The first indices of a range, as many as lines are drawn. */
export function between({ start, end }: { readonly start: bigint; readonly end: bigint }): bigint[] {
  const count = Number(end - start < BigInt(mostLines) ? end - start : BigInt(mostLines));
  return Array.from({ length: count }, (_, i) => start + BigInt(i));
}
