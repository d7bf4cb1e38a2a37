import type { Literal } from '../../protocol/column.ts';
import type { AggregateQuestion, Asked, ColumnRef, Filter } from '../../protocol/query.ts';
import { allOf } from '../filter-group/where.ts';

/** The `limit` values of a column with the most of a measure, and the rest together. */
export function barsQuestion(of: {
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly measure: Asked;
  readonly where: Filter | undefined;
  readonly limit: number;
}): AggregateQuestion {
  const by = 'id' in of.measure ? of.measure.id : of.measure.measure;
  return {
    kind: 'aggregate',
    dataset: of.dataset,
    where: of.where,
    groupBy: [{ by: 'value', column: of.column }],
    measures: [of.measure],
    order: [
      { by, descending: true },
      { by: 0, descending: false },
    ],
    limit: of.limit,
    other: true,
  };
}

/** The measure of just `values`: what the ghosts behind the bars show. */
export function valuesQuestion(of: {
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly measure: Asked;
  readonly where: Filter | undefined;
  readonly values: readonly Literal[];
}): AggregateQuestion {
  return {
    kind: 'aggregate',
    dataset: of.dataset,
    where: allOf([of.where, { op: 'in', column: of.column, values: of.values }]),
    groupBy: [{ by: 'value', column: of.column }],
    measures: [of.measure],
  };
}

/** The rows of no shown value; those without a value are among them unless it is shown. */
export function restOf(column: ColumnRef, shown: readonly Literal[]): Filter {
  const others: Filter = { op: 'not', of: { op: 'in', column, values: shown } };
  return shown.includes(null) ? others : { op: 'or', of: [others, { op: 'in', column, values: [null] }] };
}

/** Values chosen on a column: only these, or all but these. */
export interface Choice {
  readonly values: readonly Literal[];
  readonly excluded: boolean;
}

/** The choice a filter stands for; undefined for any other filter. */
export function choiceOf(filter: Filter | undefined, column: ColumnRef): Choice | undefined {
  if (filter?.op === 'in' && filter.column === column) return { values: filter.values, excluded: false };
  if (filter?.op === 'not' && filter.of.op === 'in' && filter.of.column === column)
    return { values: filter.of.values, excluded: true };
  return undefined;
}

/**
 * The filter after `value` was toggled. Including while values are excluded (or the other way round) begins anew;
 * undefined when nothing is chosen any more.
 */
export function toggled(
  filter: Filter | undefined,
  column: ColumnRef,
  value: Literal,
  exclude: boolean,
): Filter | undefined {
  const choice = choiceOf(filter, column);
  const before = choice?.excluded === exclude ? choice.values : [];
  const values = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  if (values.length === 0) return undefined;
  const chosen: Filter = { op: 'in', column, values };
  return exclude ? { op: 'not', of: chosen } : chosen;
}
