import type { ColumnInfo } from './column.ts';
import { ExaError } from './errors.ts';
import type { Link, Profile, Role } from './profile.ts';

/**
 * The profile with every column it names by id. With `names` a reference is first a column's name (an import's
 * profile), else first an id (an edited one). Throws `invalid` for a column that is not there.
 */
export function resolveProfile(
  profile: Profile,
  columns: readonly ColumnInfo[],
  by: 'names' | 'ids',
): Profile {
  const byId = new Map(columns.map(({ id }) => [id, id]));
  const byName = new Map(columns.map(({ id, name }) => [name, id]));
  const [first, second] = by === 'names' ? [byName, byId] : [byId, byName];
  const calculated = new Set(profile.calculated.map(({ id }) => id));
  const links = new Set(profile.links.map(({ id }) => id));
  const find = (reference: string, what: string): string => {
    const id = first.get(reference) ?? second.get(reference);
    if (id !== undefined) return id;
    if (calculated.has(reference)) return reference;
    if (links.has(reference.split('.')[0]!) && reference.includes('.')) return reference;
    throw new ExaError('invalid', `The profile's ${what} names a column that is not there: ${reference}.`, {
      facts: { column: reference },
    });
  };
  const stored = (reference: string, what: string): string => {
    const id = find(reference, what);
    if (byId.has(id)) return id;
    throw new ExaError(
      'invalid',
      `The profile's ${what} must be a stored column; ${reference} is calculated.`,
      {
        facts: { column: reference },
      },
    );
  };
  const roles: Partial<Record<Role, string>> = {};
  for (const [role, reference] of Object.entries(profile.roles))
    if (reference !== undefined) roles[role as Role] = find(reference, `role ${role}`);
  const labels: Record<string, string> = {};
  for (const [reference, label] of Object.entries(profile.labels)) labels[find(reference, 'labels')] = label;
  return {
    ...profile,
    keys: profile.keys.map((reference) => stored(reference, 'key')),
    roles,
    labels,
    links: profile.links.map((link) => ({
      ...link,
      column: stored(link.column, `link ${link.id}`),
      ...(link.copies && {
        copies: link.copies.map((copy) => ({
          ...copy,
          as: first.get(copy.as) ?? second.get(copy.as) ?? copy.as,
        })),
      }),
    })),
    ...(profile.rollUp && {
      rollUp: {
        ...profile.rollUp,
        columns: profile.rollUp.columns.map((one) => ({ ...one, column: stored(one.column, 'roll-up') })),
      },
    }),
    dimensions: profile.dimensions.map((reference) => find(reference, 'dimensions')),
  };
}

/** A data set as links see it. */
export interface LinkTarget {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
}

/**
 * The profile with its links' data sets, keys and far columns by id, as far as those data sets are there: they may
 * come after the table that names them, so this is done whenever a head is made.
 */
export function resolveLinks(profile: Profile, datasets: ReadonlyMap<string, LinkTarget>): Profile {
  if (profile.links.length === 0 && !profile.rollUp) return profile;
  const targets = new Map<string, LinkTarget>();
  const links = profile.links.map((link): Link => {
    const target = targetOf(link.dataset, datasets);
    if (!target) return link;
    targets.set(link.id, target);
    return {
      ...link,
      dataset: target.id,
      key: idIn(target, link.key),
      ...(link.copies && {
        copies: link.copies.map(({ column, as }) => ({ column: idIn(target, column), as })),
      }),
    };
  });
  const dimensions = profile.dimensions.map((reference) => {
    const dot = reference.indexOf('.');
    const target = dot < 0 ? undefined : targets.get(reference.slice(0, dot));
    return target ? `${reference.slice(0, dot)}.${idIn(target, reference.slice(dot + 1))}` : reference;
  });
  const { rollUp } = profile;
  const source = rollUp && targetOf(rollUp.dataset, datasets);
  return {
    ...profile,
    links,
    dimensions,
    ...(rollUp && source && { rollUp: { ...rollUp, dataset: source.id, by: idIn(source, rollUp.by) } }),
  };
}

/** A data set by id, else by name. */
export function targetOf<T extends LinkTarget>(
  reference: string,
  datasets: ReadonlyMap<string, T>,
): T | undefined {
  return datasets.get(reference) ?? [...datasets.values()].find(({ name }) => name === reference);
}

/** Columns that the store alone writes: copies of linked tables' columns, or all of a roll-up. */
export function maintainedColumns({
  columns,
  profile,
}: Pick<LinkTarget, 'columns'> & { readonly profile: Profile }): ReadonlySet<string> {
  if (profile.rollUp) return new Set(columns.map(({ id }) => id));
  return new Set(profile.links.flatMap(({ copies = [] }) => copies.map(({ as }) => as)));
}

function idIn({ columns }: LinkTarget, reference: string): string {
  if (columns.some(({ id }) => id === reference)) return reference;
  return columns.find(({ name }) => name === reference)?.id ?? reference;
}
