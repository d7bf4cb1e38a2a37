import { emptyColumn } from '../../src/arrow/build-column.ts';
import { maskOf } from '../../src/kernels/table/mask.ts';
import { columnsOf, operandsOf } from '../../src/kernels/table/operands.ts';
import { namesOf } from '../../src/kernels/table/resolve.ts';
import type { ColumnInfo, ColumnType } from '../../src/protocol/column.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import { parseFormula } from '../../src/protocol/formula-parse.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { FilterSpec } from '../../src/protocol/kernel.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import type { Filter } from '../../src/protocol/query.ts';
import type { Scope } from './scope.ts';

/** A row filter over stored columns of its own row, with the columns it reads. */
export interface RowFilter {
  readonly where: FilterSpec;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** What a scope lets through of one table, in terms of its stored columns. */
export interface TableView {
  /** Rows that are seen; all, when left out. */
  readonly rows?: RowFilter;
  /** Columns that are null in every row. */
  readonly nulls: ReadonlySet<string>;
  /** Copies of a linked table's columns, null where the linked row is not seen. */
  readonly nullUnless: ReadonlyMap<string, RowFilter>;
  readonly cache?: 'memory';
  /** Without links to tables, and totals of tables, that are not seen. */
  readonly profile: Profile;
}

/** Whole heads by data set id, undefined for one that is not there: their `profile` names links by id. */
export type WholeHeads = (dataset: string) => Head | undefined;

/**
 * What `scope` lets through of `dataset`, or undefined for nothing. Copied columns obey their source: null where it is
 * hidden, or where its row is, which is told from the copies of what its row filter reads; where those are not all
 * copied, nothing of it is seen. Totals of a table with hidden rows are not seen at all. Throws `refused` for a filter
 * that cannot be read here: nothing is shown by mistake.
 */
export function tableView(scope: Scope, dataset: string, heads: WholeHeads): TableView | undefined {
  return viewWithin(scope, dataset, heads, []);
}

function viewWithin(
  scope: Scope,
  dataset: string,
  heads: WholeHeads,
  within: readonly string[],
): TableView | undefined {
  const head = within.includes(dataset) ? undefined : heads(dataset);
  const view = head && scope.viewOf(head);
  if (!head || !view) return undefined;
  const { profile } = head;
  const far = (other: string): TableView | undefined => {
    try {
      return viewWithin(scope, other, heads, [...within, dataset]);
    } catch (error) {
      if (isExaError(error, 'refused')) return undefined;
      throw error;
    }
  };
  for (const reference of view.needs)
    if (!columnNamed(head, reference)) throw unreadable(head, `hides “${reference}”, which it does not have`);
  const nulls = new Set((view.hide ?? []).flatMap((reference) => columnNamed(head, reference)?.id ?? []));
  const nullUnless = new Map<string, RowFilter>();

  if (profile.rollUp) {
    const { dataset: source, by, columns } = profile.rollUp;
    const seen = far(source);
    if (!seen || seen.rows || isNarrowed(seen, by)) return undefined;
    const names = namesOf(heads(source)!, () => undefined);
    for (const { column, formula } of columns)
      if (columnsOf([names.inline(parseFormula(formula))]).some((id) => isNarrowed(seen, id)))
        nulls.add(column);
  }

  for (const { dataset: source, copies = [] } of profile.links) {
    if (copies.length === 0) continue;
    const seen = far(source);
    const copyOf = new Map(copies.map(({ column, as }) => [column, as]));
    const rows = seen?.rows && copiedFilter(seen.rows, copyOf);
    for (const { column, as } of copies) {
      if (!seen || isNarrowed(seen, column) || (seen.rows && !rows)) nulls.add(as);
      else if (rows) nullUnless.set(as, rows);
    }
  }
  const rows = view.where && rowFilter(view.where, head);
  return {
    ...(rows && { rows }),
    nulls,
    nullUnless,
    ...(view.cache && { cache: view.cache }),
    profile: seenProfile(head, scope, heads),
  };
}

function isNarrowed({ nulls, nullUnless }: TableView, column: string): boolean {
  return nulls.has(column) || nullUnless.has(column);
}

/** The source's row filter said of the copies, when all it reads is copied. */
function copiedFilter(
  { where, columns }: RowFilter,
  copyOf: ReadonlyMap<string, string>,
): RowFilter | undefined {
  const copies: Record<string, ColumnType> = {};
  for (const [id, type] of Object.entries(columns)) {
    const copy = copyOf.get(id);
    if (copy === undefined) return undefined;
    copies[copy] = type;
  }
  const rename = (filter: FilterSpec): FilterSpec => {
    if (filter.op === 'not') return { op: 'not', of: rename(filter.of) };
    if (!('operand' in filter)) return { ...filter, of: filter.of.map(rename) };
    if (filter.operand.op !== 'column')
      throw new ExaError('broken', 'A row filter reads more than a column.');
    return { ...filter, operand: { op: 'column', column: copyOf.get(filter.operand.column)! } };
  };
  return { where: rename(where), columns: copies };
}

/** A row filter over the stored columns of `head`, named by id or name (not by labels: those are anybody's to edit). */
export function rowFilter(where: Filter, head: Head): RowFilter {
  const compile = (filter: Filter): FilterSpec => {
    if (filter.op === 'not') return { op: 'not', of: compile(filter.of) };
    if ('of' in filter) return { op: filter.op, of: filter.of.map(compile) };
    const { column: reference, ...leaf } = filter;
    const column = columnNamed(head, reference);
    if (!column) throw unreadable(head, `names “${reference}”, which is no stored column of it`);
    return { ...leaf, operand: { op: 'column', column: column.id } } as FilterSpec;
  };
  const compiled = compile(where);
  const columns: Record<string, ColumnType> = {};
  for (const id of columnsOf(operandsOf(compiled)))
    columns[id] = head.columns.find((column) => column.id === id)!.type;
  const none = Object.fromEntries(Object.entries(columns).map(([id, type]) => [id, emptyColumn(type)]));
  try {
    // A literal of another type is found here, not on the first row.
    maskOf(compiled, { block: 0, length: 0, columns: none }, columns);
  } catch (error) {
    if (isExaError(error)) throw unreadable(head, `does not fit it (${error.message})`);
    throw error;
  }
  return { where: compiled, columns };
}

/** A column by name, else by id. */
function columnNamed({ columns }: Head, reference: string): ColumnInfo | undefined {
  return columns.find(({ name }) => name === reference) ?? columns.find(({ id }) => id === reference);
}

function unreadable({ id, name }: Head, what: string): ExaError {
  return new ExaError(
    'refused',
    `“${name}” cannot be shown to you: what your rights say of it ${what}. Ask who gave you the rights.`,
    { facts: { dataset: id } },
  );
}

function seenProfile({ profile }: Head, scope: Scope, heads: WholeHeads): Profile {
  if (scope.whole) return profile;
  const isSeen = (dataset: string): boolean => {
    const far = heads(dataset);
    return far !== undefined && scope.viewOf(far) !== undefined;
  };
  const links = profile.links.filter(({ dataset }) => isSeen(dataset));
  const gone = new Set(profile.links.filter((link) => !links.includes(link)).map(({ id }) => id));
  return {
    ...profile,
    links,
    dimensions: profile.dimensions.filter((reference) => !gone.has(reference.split('.')[0]!)),
  };
}
