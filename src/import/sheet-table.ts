/** A cell of a spreadsheet as read. */
export type SheetCell = string | number | boolean | Date | null;

/** The table in a sheet. */
export interface SheetTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** What was noticed and done, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Finds the table in a sheet: blank rows and a title above it are left out, two header rows (the upper one with merged
 * cells) become one. Undefined for a sheet without any cell. Pure.
 */
export function sheetTable(cells: readonly (readonly SheetCell[])[]): SheetTable | undefined {
  const rows = cells.map((row) => row.map(orNull)).filter((row) => filled(row) > 0);
  if (rows.length === 0) return undefined;
  const width = Math.max(...rows.map(lastFilled)) + 1;
  const notes: string[] = [];
  let first = 0;
  while (first < rows.length - 1 && width > 2 && filled(rows[first]!) === 1 && filled(rows[first + 1]!) > 0) {
    if (!rows.slice(first + 1).some((row) => filled(row) > 1)) break;
    first++;
  }
  if (first > 0)
    notes.push(
      `${first === 1 ? 'A title row' : `${first} title rows`} above the table ${first === 1 ? 'was' : 'were'} left out.`,
    );
  const top = padded(rows[first]!, width);
  const below = rows[first + 1] && padded(rows[first + 1]!, width);
  if (below && isSecondHeader(top, below, rows[first + 2])) {
    notes.push('Two header rows were joined into one.');
    return { names: joined(top, below), rows: rows.slice(first + 2).map((row) => padded(row, width)), notes };
  }
  const names = top.map((cell) => cellText(cell) ?? '');
  return { names, rows: rows.slice(first + 1).map((row) => padded(row, width)), notes };
}

/** A cell as text: days as `2011-12-09`, times without a zone; null when empty. */
export function cellText(cell: SheetCell): string | null {
  if (cell === null || cell === '') return null;
  if (!(cell instanceof Date)) return String(cell);
  if (Number.isNaN(cell.getTime())) return null;
  const iso = cell.toISOString();
  return cell.getTime() % 86_400_000 === 0 ? iso.slice(0, -14) : iso.slice(0, -1).replace(/\.000$/, '');
}

/** Texts only, filling gaps that merged cells left above, and unlike the row that follows. */
function isSecondHeader(
  top: readonly SheetCell[],
  below: readonly SheetCell[],
  next: readonly SheetCell[] | undefined,
): boolean {
  if (!next || !top.every(isTextOrNull) || !below.every(isTextOrNull)) return false;
  const gaps = top.filter((cell, i) => cell === null && below[i] !== null).length;
  const hasOther = next.some((cell) => cell !== null && typeof cell !== 'string');
  return gaps > 0 && hasOther && top.every((cell, i) => cell !== null || below[i] !== null);
}

function joined(top: readonly SheetCell[], below: readonly SheetCell[]): string[] {
  let over = '';
  return top.map((cell, i) => {
    const under = cellText(below[i] ?? null);
    if (cell !== null) over = String(cell);
    if (under === null) return over;
    return over === '' || over === under ? under : `${over} ${under}`;
  });
}

function isTextOrNull(cell: SheetCell): boolean {
  return cell === null || typeof cell === 'string';
}

function orNull(cell: SheetCell | undefined): SheetCell {
  if (cell === undefined || cell === null) return null;
  return typeof cell === 'string' && cell.trim() === '' ? null : cell;
}

function filled(row: readonly SheetCell[]): number {
  return row.reduce<number>((count, cell) => count + (cell === null ? 0 : 1), 0);
}

function lastFilled(row: readonly SheetCell[]): number {
  return row.findLastIndex((cell) => cell !== null);
}

function padded(row: readonly SheetCell[], width: number): SheetCell[] {
  return Array.from({ length: width }, (_, i) => row[i] ?? null);
}
