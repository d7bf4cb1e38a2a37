import type { Head } from '../protocol/head.ts';
import type { Profile } from '../protocol/profile.ts';
import { guessLinks, type KnownTable } from './guess-links.ts';

/**
 * A stored profile in terms of column names, for a file that goes into the same data set; undefined when the file
 * lacks a column that it names.
 */
export function profileByNames(
  { columns, profile }: Pick<Head, 'columns' | 'profile'>,
  inFile: readonly { readonly name: string }[],
): Profile | undefined {
  const nameOf = new Map(columns.map((column) => [column.id, column.name]));
  const here = new Set(inFile.map((column) => column.name));
  const named = (reference: string) => nameOf.get(reference) ?? reference;
  const stored = [
    ...profile.keys,
    ...Object.values(profile.roles),
    ...profile.links.map((link) => link.column),
    ...profile.dimensions,
  ].filter((reference) => nameOf.has(reference));
  if (!stored.every((reference) => here.has(named(reference)))) return undefined;
  return {
    ...profile,
    keys: profile.keys.map(named),
    roles: Object.fromEntries(Object.entries(profile.roles).map(([role, column]) => [role, named(column)])),
    labels: Object.fromEntries(
      Object.entries(profile.labels)
        .map(([column, label]) => [named(column), label] as const)
        .filter(([column]) => here.has(column) || profile.calculated.some(({ id }) => id === column)),
    ),
    links: profile.links.map((link) => ({
      ...link,
      column: named(link.column),
      ...(link.copies && { copies: link.copies.map((copy) => ({ ...copy, as: named(copy.as) })) }),
    })),
    dimensions: profile.dimensions.map(named),
  };
}

/** A stored table as guesses about links see it. */
export function knownTable({
  id,
  name,
  columns,
  profile,
}: Pick<Head, 'id' | 'name' | 'columns' | 'profile'>): KnownTable {
  const nameOf = new Map(columns.map((column) => [column.id, column.name]));
  return {
    id,
    name,
    columns,
    keys: profile.keys.map((key) => nameOf.get(key) ?? key),
    linked: profile.links.map(({ column }) => nameOf.get(column) ?? column),
  };
}

/** Tables that were here before may point at a new one: each that does, with its profile and the links it gains. */
export function linksTo(
  added: KnownTable,
  heads: readonly Head[],
): { readonly head: Head; readonly profile: Profile; readonly links: Profile['links'] }[] {
  return heads.flatMap((head) => {
    if (head.id === added.id) return [];
    const taken = new Set(head.profile.links.map(({ id }) => id));
    const links = guessLinks(knownTable(head), [added]).filter(({ id }) => !taken.has(id));
    if (links.length === 0) return [];
    const idOf = new Map(head.columns.map((column) => [column.name, column.id]));
    const byId = links.map((link) => ({ ...link, column: idOf.get(link.column) ?? link.column }));
    return [{ head, links, profile: { ...head.profile, links: [...head.profile.links, ...byId] } }];
  });
}
