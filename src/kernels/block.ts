import type { ColumnData } from '../arrow/column-data.ts';
import { blockRows } from '../protocol/column.ts';

/** One block of a table as kernels read it: columns by id, all of `length` rows. */
export interface BlockInput {
  readonly block: number;
  readonly length: number;
  readonly columns: Readonly<Record<string, ColumnData>>;
  /** What stands for each column, the same object as long as it is the same column: to remember what was found in it. */
  readonly pages?: Readonly<Record<string, object>>;
  /** One byte a row, 0 = deleted; left out when all rows are live. */
  readonly live?: Uint8Array;
}

/** Name of the operand that stands for a row's number. */
export const rowColumn = '_row';

/** `_row` of every position of a block, exact. */
export function rowNumbers(block: number, length: number): Float64Array {
  const rows = new Float64Array(length);
  const start = block * blockRows;
  for (let i = 0; i < length; i++) rows[i] = start + i;
  return rows;
}
