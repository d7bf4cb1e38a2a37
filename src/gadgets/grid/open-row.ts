import type { ColumnRef } from '../../protocol/query.ts';
import type { FoundRow } from './windows.ts';

/** A row that was activated. `row`: its `_row`; `values`: the shown columns as exact text, empty for null. */
export interface OpenedRow {
  readonly dataset: string;
  readonly row: number;
  readonly values: Readonly<Record<ColumnRef, string>>;
}

/** `exa-open` (bubbling, composed, cancelable). */
export type OpenEvent = CustomEvent<OpenedRow>;

/** What `exa-open` says of a row. */
export function openedRow(dataset: string, { table, at }: FoundRow): OpenedRow {
  const columns = table.names.filter((name) => name !== '_row');
  const values = Object.fromEntries(columns.map((name) => [name, table.exact(name, at)]));
  return { dataset, row: Number(table.value('_row', at)), values };
}
