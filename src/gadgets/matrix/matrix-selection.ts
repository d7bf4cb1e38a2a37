/** A cell by its exact place. */
export interface MatrixCell {
  readonly row: bigint;
  readonly column: bigint;
}

/** Cells `[rowStart, rowEnd) × [columnStart, columnEnd)`. */
export interface MatrixRange {
  readonly rowStart: bigint;
  readonly rowEnd: bigint;
  readonly columnStart: bigint;
  readonly columnEnd: bigint;
}

export interface MatrixSize {
  readonly rows: bigint;
  readonly columns: bigint;
}

/** The cells between two, both included. */
export function rangeBetween(one: MatrixCell, other: MatrixCell): MatrixRange {
  return {
    rowStart: least(one.row, other.row),
    rowEnd: most(one.row, other.row) + 1n,
    columnStart: least(one.column, other.column),
    columnEnd: most(one.column, other.column) + 1n,
  };
}

export function cellsOf({ rowStart, rowEnd, columnStart, columnEnd }: MatrixRange): bigint {
  return (rowEnd - rowStart) * (columnEnd - columnStart);
}

export function holds(range: MatrixRange | undefined, { row, column }: MatrixCell): boolean {
  return (
    range !== undefined &&
    row >= range.rowStart &&
    row < range.rowEnd &&
    column >= range.columnStart &&
    column < range.columnEnd
  );
}

/** A place as a state holds it: `row,column`; empty for none. */
export function cellText(cell: MatrixCell | undefined): string {
  return cell ? `${cell.row},${cell.column}` : '';
}

/** The place a state's text is; undefined where it is none. */
export function cellIn(text: string): MatrixCell | undefined {
  const found = /^(\d{1,20}),(\d{1,20})$/.exec(text);
  return found ? { row: BigInt(found[1]!), column: BigInt(found[2]!) } : undefined;
}

/** An index of a state; 0 where it is none. */
export function indexIn(text: string | undefined): bigint {
  return /^\d{1,20}$/.test(text ?? '') ? BigInt(text!) : 0n;
}

/** Where a key leads from a cell; undefined for keys that lead nowhere. */
export function keyedCell(
  { key, ctrl }: { readonly key: string; readonly ctrl: boolean },
  { row, column }: MatrixCell,
  size: MatrixSize,
  pageRows: bigint,
): MatrixCell | undefined {
  const [lastRow, lastColumn] = [size.rows - 1n, size.columns - 1n];
  const at = (toRow: bigint, toColumn: bigint): MatrixCell => ({
    row: least(most(toRow, 0n), lastRow),
    column: least(most(toColumn, 0n), lastColumn),
  });
  switch (key) {
    case 'ArrowUp':
      return at(ctrl ? 0n : row - 1n, column);
    case 'ArrowDown':
      return at(ctrl ? lastRow : row + 1n, column);
    case 'ArrowLeft':
      return at(row, ctrl ? 0n : column - 1n);
    case 'ArrowRight':
      return at(row, ctrl ? lastColumn : column + 1n);
    case 'PageUp':
      return at(row - pageRows, column);
    case 'PageDown':
      return at(row + pageRows, column);
    case 'Home':
      return at(ctrl ? 0n : row, 0n);
    case 'End':
      return at(ctrl ? lastRow : row, lastColumn);
    default:
      return undefined;
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
