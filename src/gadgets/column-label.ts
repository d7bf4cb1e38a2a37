import { labelWord } from '../protocol/column-words.ts';
import type { Head } from '../protocol/head.ts';
import type { Profile } from '../protocol/profile.ts';
import type { ColumnRef } from '../protocol/query.ts';

/** A linked table as far as labels need it: a head, or a summary that lacks the columns. */
export type Labelled = Pick<Head, 'id' | 'profile'> & Partial<Pick<Head, 'columns'>>;

/** A column's name as people read it: `order_date` is "Order date", `InvoiceNo` "Invoice no", `clientID` "Client ID". */
export function humanName(name: string): string {
  const words = name
    .replace(/[_\s.]+/g, ' ')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .trim()
    .split(' ')
    .map((word, at) => (at > 0 && !/^\p{Lu}{2,}$/u.test(word) ? word.toLowerCase() : word))
    .map(labelWord);
  const text = words.join(' ');
  return text === '' ? name : text[0]!.toUpperCase() + text.slice(1);
}

/**
 * What to call a column: the profile's label, a calculated column's, else its own name made readable.
 * `link.column` reads as the link and the column ("Client · Country"), or just the link where the column is the linked
 * table's name or key ("Shop"); by the labels of `linked` where they are known.
 */
export function columnLabel(
  ref: ColumnRef,
  head: Pick<Head, 'columns' | 'profile'>,
  linked: readonly Labelled[] = [],
): string {
  const own = ownLabel(ref, head.profile) ?? head.columns.find((column) => column.id === ref)?.name;
  if (own !== undefined) return head.profile.labels[ref] ?? humanName(own);
  const dot = ref.indexOf('.');
  const link = head.profile.links.find(({ id }) => id === ref.slice(0, dot));
  if (dot < 0 || !link) return humanName(ref);
  const column = ref.slice(dot + 1);
  const targets = linked.filter(({ id }) => id === link.dataset);
  if (column === link.key || targets.some(({ profile }) => profile.roles.name === column)) return link.label;
  const names = targets.map((target) => {
    const name = target.columns?.find(({ id }) => id === column)?.name;
    return ownLabel(column, target.profile) ?? (name === undefined ? undefined : humanName(name));
  });
  const label = names.find((name) => name !== undefined);
  return `${link.label} · ${label ?? humanName(column)}`;
}

/** Columns whose values name things: written without groups of digits, never added. */
export function identifierColumns({ roles, keys, links }: Profile): readonly ColumnRef[] {
  const named = [roles.id, roles.order, roles.client, ...keys, ...links.map(({ column }) => column)];
  return named.filter((column) => column !== undefined);
}

function ownLabel(ref: ColumnRef, profile: Profile): string | undefined {
  return profile.labels[ref] ?? profile.calculated.find(({ id }) => id === ref)?.label;
}
