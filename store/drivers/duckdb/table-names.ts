import type { ColumnInfo } from '../../../src/protocol/column.ts';
import { sqlType } from './column-type.ts';

/** A name as SQL quotes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Tables of rows begin so; those the catalogue does not name are left over from an import that did not end. */
export const rowTablePrefix = 'exa_rows_';

/** The statement that makes a data set's table: `_row`, `_rev` (0 = the version its epoch began), `_live`, then columns. */
export function createTable(table: string, columns: readonly ColumnInfo[]): string {
  const stored = columns.map(({ id, type }) => `, ${quoted(id)} ${sqlType(type)}`).join('');
  return `CREATE TABLE ${quoted(table)} (_row BIGINT, _rev BIGINT, _live BOOLEAN${stored})`;
}
