import type { ColumnData } from '../../arrow/column-data.ts';
import type { CubeState } from './cube.ts';

/** A block's rows as a cube's state takes them: `cells[n]` is where row `rows[n]` counts. */
export interface CubeRows {
  readonly rows: Uint16Array;
  readonly cells: Int32Array;
  readonly data: ColumnData;
  /** Cells so far. */
  readonly size: number;
  /** Rows of each cell, these included. */
  readonly before: Int32Array;
}

/** The growing cells of one state. */
export interface CubeColumn {
  add(rows: CubeRows): void;
  state(size: number): CubeState;
}

/** The rows that are not null. */
export function validRows(
  rows: Uint16Array,
  cells: Int32Array,
  validity: Uint8Array,
): Pick<CubeRows, 'rows' | 'cells'> {
  const validRow = new Uint16Array(rows.length);
  const validCell = new Int32Array(rows.length);
  let count = 0;
  for (let n = 0; n < rows.length; n++) {
    const i = rows[n]!;
    validRow[count] = i;
    validCell[count] = cells[n]!;
    count += (validity[i >> 3]! >> (i & 7)) & 1;
  }
  return { rows: validRow.subarray(0, count), cells: validCell.subarray(0, count) };
}
