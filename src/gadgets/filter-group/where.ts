import type { Literal } from '../../protocol/column.ts';
import type { ColumnRef, Filter } from '../../protocol/query.ts';
import type { FilterGroupState } from './group.ts';

/** AND of filters; undefined when there are none, the filter itself when there is one. */
export function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const given = filters.filter((filter) => filter !== undefined);
  return given.length > 1 ? { op: 'and', of: given } : given[0];
}

/** What applies to `dataset`: the filters of everybody but `excluded`, then the period. */
export function whereOf(
  state: FilterGroupState,
  dataset: string,
  excluded: readonly string[] = [],
): Filter | undefined {
  return allOf([...filtersOf(state, dataset, excluded), periodFilter(state, dataset)]);
}

/**
 * `whereOf` over the period just before: every range on the period's column together is the present one, `[from, to)`;
 * it moves back by its own length (by whole months where both ends begin a month). Without a period, a brushed range
 * of dates or instants is. Undefined when it has an open end.
 */
export function previousWhereOf(
  state: FilterGroupState,
  dataset: string,
  excluded: readonly string[] = [],
): Filter | undefined {
  const filters = filtersOf(state, dataset, excluded);
  const column = state.period?.dataset === dataset ? state.period.column : filters.find(isSpan)?.column;
  if (column === undefined) return undefined;
  const ranges = [periodFilter(state, dataset), ...filters].filter((filter) => isRangeOf(filter, column));
  const present = intersection(ranges);
  const before = present && previousRange(present.from, present.to);
  if (!before) return undefined;
  const others = filters.filter((filter) => !isRangeOf(filter, column));
  return allOf([...others, { op: 'range', column, ...before }]);
}

function filtersOf(state: FilterGroupState, dataset: string, excluded: readonly string[]): Filter[] {
  return Object.keys(state.filters)
    .sort()
    .filter((id) => !excluded.includes(id) && state.filters[id]?.dataset === dataset)
    .map((id) => state.filters[id]!.filter);
}

function periodFilter({ period }: FilterGroupState, dataset: string): Filter | undefined {
  if (period?.dataset !== dataset || (period.from === undefined && period.to === undefined)) return undefined;
  return { op: 'range', column: period.column, from: period.from, to: period.to };
}

type Range = Extract<Filter, { op: 'range' }>;

function isRangeOf(filter: Filter | undefined, column: ColumnRef): filter is Range {
  return filter?.op === 'range' && filter.column === column;
}

/** A range whose ends are ISO dates or instants. */
function isSpan(filter: Filter): filter is Range {
  return (
    filter.op === 'range' && [filter.from, filter.to].every((end) => /^\d{4}-\d\d-\d\d/.test(String(end)))
  );
}

function intersection(ranges: readonly Range[]): { from: Literal; to: Literal } | undefined {
  let from: Literal | undefined;
  let to: Literal | undefined;
  for (const range of ranges) {
    if (range.from !== undefined && (from === undefined || after(range.from, from))) from = range.from;
    if (range.to !== undefined && (to === undefined || after(to, range.to))) to = range.to;
  }
  return from !== undefined && to !== undefined ? { from, to } : undefined;
}

function after(one: Literal, other: Literal): boolean {
  return typeof one === 'number' && typeof other === 'number' ? one > other : String(one) > String(other);
}

/** `[from, to)` moved back by its length. ISO dates, ISO instants (UTC) and numbers; undefined for anything else. */
export function previousRange(from: Literal, to: Literal): { from: Literal; to: Literal } | undefined {
  if (typeof from === 'number' && typeof to === 'number')
    return to > from ? { from: from - (to - from), to: from } : undefined;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const start = new Date(from);
  const end = new Date(to);
  if (Number.isNaN(start.getTime()) || !(end > start)) return undefined;
  const before = new Date(start.getTime() - (end.getTime() - start.getTime()));
  if (beginsMonth(start) && beginsMonth(end)) {
    const months =
      (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
    before.setTime(start.getTime());
    before.setUTCMonth(start.getUTCMonth() - months);
  }
  const text = before.toISOString();
  return { from: from.length === 10 ? text.slice(0, 10) : text, to: from };
}

function beginsMonth(date: Date): boolean {
  return date.getUTCDate() === 1 && date.getTime() % 86_400_000 === 0;
}
