import type { ArrayHead } from '../protocol/array.ts';
import { arrayProfile, firstArrayTable, isArrayTable, isOfArray } from '../protocol/array-table.ts';
import type { ColumnInfo, ColumnType } from '../protocol/column.ts';
import { findColumn } from '../protocol/column-names.ts';
import type { Formula } from '../protocol/formula.ts';
import { parseFormula } from '../protocol/formula-parse.ts';
import { typeOfFormula } from '../protocol/formula-type.ts';
import type { DatasetSummary, Head } from '../protocol/head.ts';
import type { Measure, Profile, Role } from '../protocol/profile.ts';
import type { ColumnRef } from '../protocol/query.ts';
import type { ViewName } from '../protocol/workspace.ts';
import { columnLabel } from './column-label.ts';

/** What a view is about: its table, and for clients derived from orders the role that groups it. */
export interface Subject {
  readonly dataset: DatasetSummary;
  /** `own`: the table plays the part; `derived`: clients are the distinct values of an orders table's client column. */
  readonly by: 'own' | 'derived';
}

/**
 * The table a view shows: the one named if it fits, else the newest that plays the part; undefined when none does. In the
 * Model view it may be an array, or be none other than one.
 */
export function subjectOf(
  view: ViewName,
  named: string | undefined,
  datasets: readonly DatasetSummary[],
  arrays: readonly ArrayHead[] = [],
): Subject | undefined {
  if (view === 'model' && named !== undefined && isArrayTable(named)) return arraySubject(named, arrays);
  const fitting = candidatesFor(view, datasets);
  const found = fitting.find(({ dataset }) => dataset.id === named) ?? fitting[0];
  if (found || view !== 'model') return found;
  const first = arrays.flatMap((array) => firstArrayTable(array) ?? [])[0];
  return first === undefined ? undefined : arraySubject(first, arrays);
}

/** An array in a table's place; what is not known of it yet, its head will say. */
function arraySubject(id: string, arrays: readonly ArrayHead[]): Subject {
  const array = arrays.find((one) => isOfArray(id, one.id));
  const name = array?.name ?? id.replace(/^array:|\[.*$/g, '');
  const { epoch = '', version = 0, asOf = '', bytes = 0 } = array ?? {};
  return {
    dataset: { id, name, epoch, version, asOf, rows: 0, bytes, profile: arrayProfile(name) },
    by: 'own',
  };
}

/** All tables a view can show, best first: those that play the part, then those it can be derived from; newest first. */
export function candidatesFor(view: ViewName, datasets: readonly DatasetSummary[]): readonly Subject[] {
  const newestFirst = [...datasets].sort(
    (one, other) => other.version - one.version || (one.id < other.id ? -1 : 1),
  );
  if (view === 'orders')
    return newestFirst
      .filter(({ profile }) => profile.part === 'orders')
      .map((dataset) => ({ dataset, by: 'own' }));
  if (view === 'explore' || view === 'model' || view === 'pivot' || view === 'page')
    return [...newestFirst]
      .sort((one, other) => Number(other.profile.part === 'orders') - Number(one.profile.part === 'orders'))
      .map((dataset) => ({ dataset, by: 'own' }));
  if (view !== 'clients') return [];
  return [
    ...newestFirst
      .filter(({ profile }) => profile.part === 'clients')
      .map((dataset) => ({ dataset, by: 'own' }) as const),
    ...newestFirst
      .filter(({ profile }) => profile.part === 'orders' && profile.roles.client !== undefined)
      .map((dataset) => ({ dataset, by: 'derived' }) as const),
  ];
}

/** The tables of which `key` of `dataset` is the one side: orders of a clients table, lines of an orders table. */
export function linkedFrom(
  dataset: string,
  datasets: readonly DatasetSummary[],
): readonly { readonly dataset: DatasetSummary; readonly column: string; readonly key: string }[] {
  return datasets.flatMap((other) =>
    other.profile.links
      .filter((link) => link.dataset === dataset)
      .map(({ column, key }) => ({ dataset: other, column, key })),
  );
}

/** Type of a stored or calculated column, also through a link to one of `linked`; undefined where it is not known. */
export function typeOfColumn(
  ref: ColumnRef,
  head: Head,
  linked: readonly Head[] = [],
): ColumnType | undefined {
  const own = head.columns.find((column) => column.id === ref);
  if (own) return own.type;
  const calculated = head.profile.calculated.find(({ id }) => id === ref);
  if (calculated) return typeOfCalculated(calculated.formula, head, linked, [ref]);
  const dot = ref.indexOf('.');
  const link = head.profile.links.find(({ id }) => id === ref.slice(0, dot));
  const target = linked.find(({ id }) => id === link?.dataset);
  const column = ref.slice(dot + 1);
  return target && typeOfColumn(findColumn(target, column)?.stored ?? column, target);
}

/** Stored columns, then calculated ones whose type is known without another table. */
export function columnsWithCalculated(head: Head): readonly ColumnInfo[] {
  const calculated = head.profile.calculated.flatMap(({ id, label }): ColumnInfo[] => {
    const type = typeOfColumn(id, head);
    return type ? [{ id, name: label, type }] : [];
  });
  return [...head.columns, ...calculated];
}

/** Rows of a linked table up to which its columns can be read beside this one's. */
const mostLinkedRows = 65_536;

/** Columns of linked tables as `link.column`, their keys left out; of tables that are known and small enough. */
export function linkedColumns(head: Head, linked: readonly Head[]): readonly ColumnInfo[] {
  return head.profile.links.flatMap(({ id, dataset, key }) => {
    const far = linked.find((one) => one.id === dataset && one.allocated <= mostLinkedRows);
    return (far?.columns ?? [])
      .filter((column) => column.id !== key)
      .map(({ id: column, type }): ColumnInfo => {
        const ref = `${id}.${column}`;
        return { id: ref, name: columnLabel(ref, head, linked), type };
      });
  });
}

/** Undefined for a formula that is wrong, goes in a circle, or reads what is not here. */
function typeOfCalculated(
  formula: string,
  head: Head,
  linked: readonly Head[],
  within: readonly string[],
): ColumnType | undefined {
  const typeOf = (name: string): ColumnType | undefined => {
    const found = findColumn(head, name);
    if (found?.calculated === undefined) return typeOfColumn(found?.stored ?? name, head, linked);
    const column = head.profile.calculated.find(({ id }) => id === found.calculated);
    if (!column || within.includes(column.id)) return undefined;
    return typeOfCalculated(column.formula, head, linked, [...within, column.id]);
  };
  try {
    const parsed = parseFormula(formula);
    const types = Object.fromEntries(
      columnsIn(parsed).flatMap((name) => {
        const type = typeOf(name);
        return type ? [[name, type]] : [];
      }),
    );
    return typeOfFormula(parsed, types);
  } catch {
    return undefined;
  }
}

function columnsIn(formula: Formula): readonly string[] {
  if (formula.op === 'column') return [formula.column];
  return formula.op === 'call' ? formula.args.flatMap(columnsIn) : [];
}

/** The column that plays a role, if this table has one that is stored here or calculated. */
export function roleColumn(profile: Profile, role: Role): ColumnRef | undefined {
  return profile.roles[role];
}

/** A reference as formulas write it. */
export function quoted(ref: ColumnRef): string {
  return `"${ref.replaceAll('"', '""')}"`;
}

/** Words for measures a profile does not name itself. */
export interface MeasureWords {
  readonly rows: string;
  readonly orders: string;
  readonly amount: string;
  readonly mean: string;
  readonly clients: string;
  readonly quantity: string;
}

/** The measures of a profile, then those its roles allow, without repeating a formula. At least the count of rows. */
export function measuresOf(profile: Profile, words: MeasureWords): readonly Measure[] {
  const { roles, grain } = profile;
  const column = (role: Role): string | undefined => {
    const ref = roles[role];
    return ref === undefined ? undefined : quoted(ref);
  };
  const orders =
    grain === 'line' && column('order') !== undefined ? `distinct(${column('order')})` : 'count()';
  const guessed: Measure[] = [];
  if (column('amount') !== undefined)
    guessed.push({
      id: 'x_amount',
      label: words.amount,
      formula: `sum(${column('amount')})`,
      format: 'money',
    });
  guessed.push({
    id: 'x_count',
    label: profile.part === 'orders' && grain !== 'row' ? words.orders : words.rows,
    formula: orders,
    format: 'count',
  });
  if (column('amount') !== undefined && profile.part === 'orders')
    guessed.push({
      id: 'x_mean',
      label: words.mean,
      formula: `sum(${column('amount')}) / ${orders}`,
      format: 'money',
    });
  if (column('client') !== undefined)
    guessed.push({
      id: 'x_clients',
      label: words.clients,
      formula: `distinct(${column('client')})`,
      format: 'count',
    });
  if (column('quantity') !== undefined)
    guessed.push({
      id: 'x_quantity',
      label: words.quantity,
      formula: `sum(${column('quantity')})`,
      format: 'count',
    });
  return profile.measures.length >= 2 ? profile.measures : [...profile.measures, ...guessed];
}

/** What a table divides into: the profile's dimensions, else the columns that play such roles; at most `limit`. */
export function dimensionsOf(profile: Profile, limit = 6): readonly ColumnRef[] {
  const roles: readonly Role[] = ['state', 'country', 'shop', 'segment', 'product'];
  const named =
    profile.dimensions.length > 0
      ? profile.dimensions
      : roles.flatMap((role) => roleColumn(profile, role) ?? []);
  return [...new Set(named)].slice(0, limit);
}
