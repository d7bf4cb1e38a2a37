import type { AnswerTable } from '../../arrow/answer-table.ts';
import { type ColumnType, isNumeric } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { columnsOf, grouped } from './grid.query.ts';

/** A column as a grid shows it. */
export interface GridColumn {
  readonly column: ColumnRef;
  readonly label: string;
  /** The label, with the currency of amounts, without the link that stands above it. */
  readonly heading: string;
  /** Unknown for linked and calculated columns until rows came. */
  readonly type: ColumnType | undefined;
  readonly numeric: boolean;
  /** An identifier: its digits are not grouped. */
  readonly plain: boolean;
  /** CSS grid track. */
  readonly track: string;
}

/** The columns `chosen`, or (empty) all a head has, with types from the head or from rows that came. */
export function gridColumns(
  head: Head | undefined,
  chosen: readonly ColumnRef[],
  table?: AnswerTable,
  labelOf: (column: ColumnRef, head: Head) => string = (column) => column,
): readonly GridColumn[] {
  if (!head) return [];
  const { roles, keys, currency, links } = head.profile;
  const money = [roles.amount, roles.price];
  const identifiers = [roles.id, roles.order, roles.client, ...keys, ...links.map(({ column }) => column)];
  return grouped(chosen.length > 0 ? chosen : columnsOf(head)).map((column) => {
    const stored = head.columns.find(({ id }) => id === column)?.type;
    const type = stored ?? (table?.has(column) ? table.type(column) : undefined);
    const label = labelOf(column, head);
    const numeric = type !== undefined && isNumeric(type) && !identifiers.includes(column);
    return {
      column,
      label,
      heading: currency && money.includes(column) ? `${label} (${currency})` : label.replace(/^.* · /, ''),
      type,
      numeric,
      plain: identifiers.includes(column),
      track: trackOf(type),
    };
  });
}

/** Room for a value of the type; text takes what is left. */
function trackOf(type: ColumnType | undefined): string {
  if (type?.kind === 'timestamp') return 'minmax(184px, 184fr)';
  if (type?.kind === 'date' || type?.kind === 'bool') return 'minmax(116px, 116fr)';
  return type && isNumeric(type) ? 'minmax(164px, 164fr)' : 'minmax(140px, 180fr)';
}
