import { isNumeric } from '../../protocol/column.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { dimensionsOf, quoted, typeOfColumn } from '../subject.ts';

/** How many rows become one number. */
export const aggregations = ['sum', 'mean', 'median', 'min', 'max', 'stddev', 'distinct', 'count'] as const;
export type Aggregation = (typeof aggregations)[number];

/** A simple aggregate of one column, as menus change it: `sum(c5)` is `{ by: 'sum', column: 'c5' }`. */
export interface Simple {
  readonly by: Aggregation;
  readonly column: ColumnRef;
}

/** The simple aggregate a formula is; undefined for any other. */
export function simpleOf(formula: string): Simple | undefined {
  try {
    const parsed = parseFormula(formula);
    if (parsed.op !== 'aggregate' || parsed.of?.op !== 'column') return undefined;
    const { column } = parsed.of;
    if (parsed.fn === 'quantile') return parsed.q === 0.5 ? { by: 'median', column } : undefined;
    const by = aggregations.find((one) => one === parsed.fn);
    return by && { by, column };
  } catch {
    return undefined;
  }
}

/** The formula of a simple aggregate. */
export function formulaOf({ by, column }: Simple): string {
  return by === 'median' ? `quantile(${quoted(column)}, 0.5)` : `${by}(${quoted(column)})`;
}

/** A measure aggregated in another way; itself where it is no simple aggregate. `label` names the way. */
export function aggregatedBy(
  measure: Measure,
  by: Aggregation,
  label: (measure: Measure, by: Aggregation) => string,
): Measure {
  const simple = simpleOf(measure.formula);
  if (!simple || simple.by === by) return measure;
  return {
    id: `${measure.id}.${by}`,
    label: label(measure, by),
    formula: formulaOf({ ...simple, by }),
    format:
      by === 'distinct' || by === 'count' ? 'count' : measure.format === 'count' ? 'number' : measure.format,
  };
}

/** Numeric columns that are amounts of something: no keys, no names of things; those that play a role first. */
export function numberColumns(head: Head, linked: readonly Head[] = []): readonly ColumnRef[] {
  const { keys, roles, calculated, links } = head.profile;
  const naming = new Set([
    ...keys,
    roles.id,
    roles.order,
    roles.client,
    roles.product,
    ...links.map(({ column }) => column),
  ]);
  const all = [...head.columns.map(({ id }) => id), ...calculated.map(({ id }) => id)];
  const numbers = all.filter((ref) => {
    const type = typeOfColumn(ref, head, linked);
    return type !== undefined && isNumeric(type) && !naming.has(ref);
  });
  const first = [roles.amount, roles.quantity, roles.price].filter((ref) => ref !== undefined);
  return [...new Set([...first.filter((ref) => numbers.includes(ref)), ...numbers])];
}

/** A measure a column: its sum, called by the column's own name. Columns a measure of `known` already sums are left out. */
export function columnMeasures(
  columns: readonly ColumnRef[],
  known: readonly Measure[],
  label: (column: ColumnRef) => string,
  isMoney: (column: ColumnRef) => boolean,
): readonly Measure[] {
  const summed = new Set(known.flatMap(({ formula }) => simpleOf(formula)?.column ?? []));
  return columns
    .filter((column) => !summed.has(column))
    .map((column) => ({
      id: `x_sum.${column}`,
      label: label(column),
      formula: formulaOf({ by: 'sum', column }),
      format: isMoney(column) ? 'money' : 'number',
    }));
}

/**
 * All columns a table can be divided by: those of its profile first, then its texts, yes-or-nos and small linked ones.
 * The first `shown` of them are what a view shows until people choose.
 */
export function dimensionColumns(
  head: Head,
  linked: readonly Head[] = [],
): { readonly all: readonly ColumnRef[]; readonly usual: readonly ColumnRef[] } {
  const { keys, roles, calculated, links } = head.profile;
  const isDivision = (ref: ColumnRef): boolean => {
    const kind = typeOfColumn(ref, head, linked)?.kind;
    return kind === 'text' || kind === 'bool';
  };
  const own = [...head.columns.map(({ id }) => id), ...calculated.map(({ id }) => id)].filter(isDivision);
  const through = links.flatMap(({ id, dataset, key }) => {
    const target = linked.find((other) => other.id === dataset);
    return (target?.columns ?? [])
      .filter((column) => column.id !== key && (column.type.kind === 'text' || column.type.kind === 'bool'))
      .map((column) => `${id}.${column.id}`);
  });
  const named = dimensionsOf(head.profile, 8);
  const naming = new Set([...keys, roles.id, roles.order, roles.name, roles.email]);
  const rest = own.filter((ref) => !naming.has(ref) || head.columns.length < 3);
  const usual = named.length > 0 ? named : rest.slice(0, 6);
  return { all: [...new Set([...named, ...rest, ...through, ...own])], usual };
}
