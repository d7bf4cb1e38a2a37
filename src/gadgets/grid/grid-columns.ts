import { msg } from '@lit/localize';
import { type ColumnType, isNumeric } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { identifierColumns } from '../column-label.ts';
import { typeOfColumn } from '../subject.ts';
import { columnsOf, grouped, linksOfSeveral } from './grid.query.ts';

/** A column as a grid shows it. */
export interface GridColumn {
  readonly column: ColumnRef;
  readonly label: string;
  /** The label, with the currency of amounts, without the link that stands above it. */
  readonly heading: string;
  /** Unknown for columns of linked tables that are not here yet. */
  readonly type: ColumnType | undefined;
  readonly numeric: boolean;
  /** An identifier: its digits are not grouped. */
  readonly plain: boolean;
  /** Names the row: pressing it opens the record. */
  readonly opens: boolean;
  /** Rows are not sorted by another table's columns, unless this one keeps them too. */
  readonly sortable: boolean;
  /** CSS grid track. */
  readonly track: string;
}

/** The columns `chosen`, or (empty) all a head has; `linked`: heads of linked tables, for names and types. */
export function gridColumns(
  head: Head | undefined,
  chosen: readonly ColumnRef[],
  linked: readonly Head[] = [],
  labelOf: (column: ColumnRef, head: Head) => string = (column) => column,
): readonly GridColumn[] {
  if (!head) return [];
  const { roles, keys, currency } = head.profile;
  const money = [roles.amount, roles.price];
  const identifiers = identifierColumns(head.profile);
  const columns = grouped(chosen.length > 0 ? chosen : columnsOf(head, linked));
  const several = linksOfSeveral(columns);
  const naming = [roles.id, keys[0], roles.order, roles.name].find((one) => columns.includes(one ?? ''));
  return columns.map((column) => {
    const type = typeOfColumn(column, head, linked);
    const label = labelOf(column, head);
    const numeric = type !== undefined && isNumeric(type) && !identifiers.includes(column);
    const underLink = several.some((link) => column.startsWith(`${link}.`));
    return {
      column,
      label,
      heading:
        currency && money.includes(column) ? `${label} (${currency})` : underLink ? lastPart(label) : label,
      type,
      numeric,
      plain: identifiers.includes(column),
      opens: column === (naming ?? columns[0]),
      sortable: !column.includes('.') || isCopied(column, head),
      track: trackOf(type, identifiers.includes(column)),
    };
  });
}

function isCopied(column: ColumnRef, { profile }: Head): boolean {
  return profile.links.some(({ id, copies = [] }) =>
    copies.some((copy) => `${id}.${copy.column}` === column),
  );
}

/** "City" of "Client · City"; what is called like its link is the name. */
function lastPart(label: string): string {
  const cut = label.lastIndexOf(' · ');
  return cut < 0 ? msg('Name') : label.slice(cut + 3);
}

/** Room for a value of the type; text takes what is left. */
function trackOf(type: ColumnType | undefined, identifier: boolean): string {
  if (identifier && type && isNumeric(type)) return 'minmax(96px, 96fr)';
  if (type?.kind === 'timestamp') return 'minmax(184px, 184fr)';
  if (type?.kind === 'date' || type?.kind === 'bool') return 'minmax(116px, 116fr)';
  return type && isNumeric(type) ? 'minmax(128px, 128fr)' : 'minmax(132px, 180fr)';
}
