import type { ColumnRef } from '../../protocol/query.ts';
import type { CellRange } from './selection.ts';
import type { FoundRow } from './windows.ts';

/** A row that was activated. `row`: its `_row`; `values`: the shown columns as exact text, empty for null. */
export interface OpenedRow {
  readonly dataset: string;
  readonly row: number;
  readonly values: Readonly<Record<ColumnRef, string>>;
}

/** What `exa-open` says of a row. */
export function openedRow(dataset: string, { table, at }: FoundRow): OpenedRow {
  const columns = table.names.filter((name) => name !== '_row');
  const values = Object.fromEntries(columns.map((name) => [name, table.exact(name, at)]));
  return { dataset, row: Number(table.value('_row', at)), values };
}

/** Most rows that a selection names. */
const mostNamed = 1000;

/** The rows of a selection: how many, and of those that are at hand, the first 1 000, what `exa-open` says of each. */
export interface SelectedRows {
  readonly dataset: string;
  readonly count: number;
  readonly rows: readonly OpenedRow[];
}

/** `exa-select` (bubbling, composed): other rows are selected than before; none after Escape. */
export type SelectEvent = CustomEvent<SelectedRows>;

/** What `exa-select` says of rows `[rowStart, rowEnd)`. */
export function selectedRows(
  dataset: string,
  range: Pick<CellRange, 'rowStart' | 'rowEnd'> | undefined,
  find: (row: number) => FoundRow | undefined,
): SelectedRows {
  const { rowStart, rowEnd } = range ?? { rowStart: 0, rowEnd: 0 };
  const rows: OpenedRow[] = [];
  for (let row = rowStart; row < Math.min(rowEnd, rowStart + mostNamed); row++) {
    const found = find(row);
    if (found) rows.push(openedRow(dataset, found));
  }
  return { dataset, count: rowEnd - rowStart, rows };
}
