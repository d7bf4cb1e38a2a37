import type { ColumnType } from '../protocol/column.ts';
import type { Link } from '../protocol/profile.ts';
import { foldedName, labelOf, singular, wordsOf } from './names.ts';

/** A data set that others may point at, or that may point at others: names, not ids. */
export interface KnownTable {
  /** Data set id. */
  readonly id: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Names of the declared key's columns. */
  readonly keys: readonly string[];
  /** Columns that already have a link, by name. */
  readonly linked?: readonly string[];
}

/**
 * N:1 links by name: a column that is called like another table's single key (`CustomerID`), or like the table itself
 * when its key is just `id` (`partner_id` → `res_partner.id`), and has the same type. In terms of column names.
 */
export function guessLinks(table: KnownTable, others: readonly KnownTable[]): Link[] {
  const links: Link[] = [];
  for (const column of table.columns) {
    if (table.linked?.includes(column.name)) continue;
    if (table.keys.length === 1 && table.keys[0] === column.name) continue;
    const target = bestTarget(column, table, others);
    if (!target) continue;
    const words = wordsOf(column.name);
    if (words.length > 1 && /^(?:id|no|nr|code|key)$/.test(words.at(-1)!)) words.pop();
    const id = words.join('_') || foldedName(column.name);
    if (links.some((link) => link.id === id)) continue;
    links.push({ id, label: labelOf(id), column: column.name, dataset: target.id, key: target.keys[0]! });
  }
  return links;
}

/** The table whose name or key fits best; the first of equals. */
function bestTarget(
  column: KnownTable['columns'][number],
  table: KnownTable,
  others: readonly KnownTable[],
): KnownTable | undefined {
  let best: KnownTable | undefined;
  let bestFit = 0;
  for (const other of others) {
    const fit = other.id === table.id ? 0 : fitOf(column, other);
    if (fit > bestFit) [best, bestFit] = [other, fit];
  }
  return best;
}

/** 0: does not point there. More: by the last word of the table's name, by all of it, by the key's own name. */
function fitOf(column: KnownTable['columns'][number], other: KnownTable): number {
  if (other.keys.length !== 1) return 0;
  const key = other.columns.find(({ name }) => name === other.keys[0]);
  if (!key || !sameKind(key.type, column.type)) return 0;
  const folded = foldedName(column.name);
  const words = wordsOf(other.name).map(singular);
  const named = (name: string | undefined) =>
    !!name && new RegExp(`^(?:id)?${name}(?:id|no|nr|code|key)?$`).test(folded);
  const byName = named(words.join('')) ? 2 : named(words.at(-1)) ? 1 : 0;
  if (/^(?:id|code|no|number|key|uuid)$/.test(foldedName(key.name))) return byName;
  return folded === foldedName(key.name) ? 3 + byName : 0;
}

function sameKind(a: ColumnType, b: ColumnType): boolean {
  const whole = (type: ColumnType) => type.kind === 'int32' || type.kind === 'int64';
  return (whole(a) && whole(b)) || (a.kind === 'text' && b.kind === 'text');
}
