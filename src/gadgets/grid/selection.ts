/** A cell: row among the matching ones, column among the shown ones. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** From the cell where it began to the active one, both inside. */
export interface Selection {
  readonly anchor: Cell;
  readonly active: Cell;
}

/** Rows `[rowStart, rowEnd)` and columns `[columnStart, columnEnd)`. */
export interface CellRange {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly columnStart: number;
  readonly columnEnd: number;
}

export function rangeOf({ anchor, active }: Selection): CellRange {
  return {
    rowStart: Math.min(anchor.row, active.row),
    rowEnd: Math.max(anchor.row, active.row) + 1,
    columnStart: Math.min(anchor.column, active.column),
    columnEnd: Math.max(anchor.column, active.column) + 1,
  };
}

export function isSelected(range: CellRange | undefined, row: number, column: number): boolean {
  return (
    range !== undefined &&
    row >= range.rowStart &&
    row < range.rowEnd &&
    column >= range.columnStart &&
    column < range.columnEnd
  );
}

/**
 * The selection after a key, as in the ARIA grid pattern: arrows, Home and End (with Ctrl: first and last row),
 * Page Up and Down by `pageRows`; with Shift the anchor stays. Undefined: not a moving key.
 */
export function movedBy(
  selection: Selection,
  key: { readonly key: string; readonly shift: boolean; readonly ctrl: boolean },
  size: { readonly rows: number; readonly columns: number; readonly pageRows: number },
): Selection | undefined {
  const { row, column } = selection.active;
  const ends = key.ctrl ? { first: -Infinity, last: Infinity } : { first: 0, last: 0 };
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [key.ctrl ? -Infinity : -1, 0],
    ArrowDown: [key.ctrl ? Infinity : 1, 0],
    ArrowLeft: [0, key.ctrl ? -Infinity : -1],
    ArrowRight: [0, key.ctrl ? Infinity : 1],
    PageUp: [-size.pageRows, 0],
    PageDown: [size.pageRows, 0],
    Home: [ends.first, -Infinity],
    End: [ends.last, Infinity],
  };
  const move = moves[key.key];
  if (!move || size.rows === 0 || size.columns === 0) return undefined;
  const active = {
    row: Math.min(size.rows - 1, Math.max(0, row + move[0])),
    column: Math.min(size.columns - 1, Math.max(0, column + move[1])),
  };
  return { anchor: key.shift ? selection.anchor : active, active };
}
