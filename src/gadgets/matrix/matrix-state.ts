import { cellText, indexIn, type MatrixCell } from './matrix-selection.ts';

/** Where one is, exact decimal text: first row and column in view, and the cell chosen (`row,column`; empty: none). */
export interface MatrixState {
  readonly row: string;
  readonly column: string;
  readonly cell: string;
}

/** `exa-cell`: the cell that was chosen. */
export type CellEvent = CustomEvent<MatrixCell>;

const micros = 1_000_000n;

/** The state of a matrix with its first row and column at `top` and `left`, in millionths. */
export function stateOf(top: bigint, left: bigint, cell: MatrixCell | undefined): MatrixState {
  return { row: String(top / micros), column: String(left / micros), cell: cellText(cell) };
}

/** An index of the state as a place in view, in millionths. */
export function microsIn(index: string): bigint {
  return indexIn(index) * micros;
}
