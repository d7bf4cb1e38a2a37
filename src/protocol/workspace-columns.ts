import type { Head } from './head.ts';
import type { ColumnRef, Filter } from './query.ts';
import type { Workspace } from './workspace.ts';

/** What columns were called, by data set and reference. */
export type ColumnNames = Readonly<Record<string, Readonly<Record<ColumnRef, string>>>>;

/** A column that a workspace names and its table no longer has. */
export interface MissingColumn {
  readonly dataset: string;
  readonly column: ColumnRef;
  /** What it was called, as far as it is known. */
  readonly name: string;
}

/** Whether a table has what a reference names: stored, calculated, or behind one of its links. */
export function hasColumn(head: Head, ref: ColumnRef): boolean {
  const { calculated, links } = head.profile;
  if (
    ref.startsWith('_') ||
    head.columns.some(({ id }) => id === ref) ||
    calculated.some(({ id }) => id === ref)
  )
    return true;
  const dot = ref.indexOf('.');
  return dot > 0 && links.some(({ id }) => id === ref.slice(0, dot));
}

/** Data sets a workspace is about. */
export function datasetsIn({ dataset, filters, gadgets }: Workspace): readonly string[] {
  const found = new Set(Object.values(filters).map((held) => held.dataset));
  if (dataset !== undefined) found.add(dataset);
  visit(gadgets, (key, value) => {
    if (key === 'dataset' && typeof value === 'string') found.add(value);
  });
  return [...found];
}

/** The columns a workspace names, with what they are called now. */
export function namesIn(workspace: Workspace, heads: readonly Head[]): ColumnNames {
  const names: Record<string, Record<string, string>> = {};
  for (const head of heads) {
    const { labels, calculated } = head.profile;
    const all = new Map([
      ...head.columns.map(({ id, name }) => [id, labels[id] ?? name] as const),
      ...calculated.map(({ id, label }) => [id, label] as const),
    ]);
    const found: Record<string, string> = {};
    const note = (ref: string): void => {
      const name = all.get(ref) ?? (hasColumn(head, ref) && ref.includes('.') ? ref : undefined);
      if (name !== undefined) found[ref] = name;
    };
    for (const held of Object.values(workspace.filters))
      if (held.dataset === head.id) for (const ref of columnsOfFilter(held.filter)) note(ref);
    visit(workspace.gadgets, (_, value) => {
      if (typeof value === 'string') note(value);
    });
    if (Object.keys(found).length > 0) names[head.id] = found;
  }
  return names;
}

/** Columns that filters name, or `names` knows of, which their tables no longer have. Tables without a head are left alone. */
export function missingColumns(
  workspace: Workspace,
  heads: readonly Head[],
  names: ColumnNames = {},
): readonly MissingColumn[] {
  return heads.flatMap((head) => {
    const known = names[head.id] ?? {};
    const asked = Object.values(workspace.filters)
      .filter(({ dataset }) => dataset === head.id)
      .flatMap(({ filter }) => columnsOfFilter(filter));
    return [...new Set([...asked, ...Object.keys(known)])]
      .filter((column) => !hasColumn(head, column))
      .map((column) => ({ dataset: head.id, column, name: known[column] ?? column }));
  });
}

/** The workspace without what uses columns that are gone: filters as a whole, of gadgets' states the parts that name them. */
export function withoutColumns(workspace: Workspace, missing: readonly MissingColumn[]): Workspace {
  if (missing.length === 0) return workspace;
  const gone = new Set(missing.map(({ column }) => column));
  const isGone = (dataset: string, ref: string): boolean =>
    missing.some((one) => one.dataset === dataset && one.column === ref);
  return {
    ...workspace,
    filters: Object.fromEntries(
      Object.entries(workspace.filters).filter(
        ([, { dataset, filter }]) => !columnsOfFilter(filter).some((ref) => isGone(dataset, ref)),
      ),
    ),
    gadgets: Object.fromEntries(
      Object.entries(workspace.gadgets).map(([id, state]) => [id, (pruned(state, gone) ?? {}) as object]),
    ),
  };
}

/** Every column a filter reads. */
export function columnsOfFilter(filter: Filter): readonly ColumnRef[] {
  if (filter.op === 'not') return columnsOfFilter(filter.of);
  return 'of' in filter ? filter.of.flatMap(columnsOfFilter) : [filter.column];
}

/** A value without what is, or is about, a column that is gone; undefined when nothing of it stays. */
function pruned(value: unknown, gone: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return gone.has(value) ? undefined : value;
  if (Array.isArray(value))
    return value.map((item) => pruned(item, gone)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  if ('column' in value && typeof value.column === 'string' && gone.has(value.column)) return undefined;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, pruned(inner, gone)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

function visit(value: unknown, told: (key: string, value: unknown) => void, key = ''): void {
  told(key, value);
  if (Array.isArray(value)) for (const item of value) visit(item, told, key);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) visit(inner, told, name);
}
