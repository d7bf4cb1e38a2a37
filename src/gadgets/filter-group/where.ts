import type { Literal } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { type Against, offsetAt, utcOfLocal } from '../../protocol/period.ts';
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
 * `whereOf` over the period compared with: every range on the period's column together is the present one, `[from, to)`;
 * it moves back by its own length (by whole months where both ends begin a month), or by a year. Without a period, a brushed range
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
  const before = present && previousRange(present.from, present.to, state.against, state.zone);
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

const dayMs = 86_400_000;
const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/**
 * `[from, to)` moved back by its length, or by a year. ISO dates, ISO instants (their days and months are those of `zone`)
 * and, by their length, numbers; undefined for anything else.
 */
export function previousRange(
  from: Literal,
  to: Literal,
  against: Against = 'before',
  zone: ZoneTable = utc,
): { from: Literal; to: Literal } | undefined {
  if (typeof from === 'number' && typeof to === 'number')
    return to > from && against === 'before' ? { from: from - (to - from), to: from } : undefined;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const [start, end] = [localOf(from, zone), localOf(to, zone)];
  if (Number.isNaN(start) || !(end > start)) return undefined;
  const text = (local: number): string =>
    from.length === 10
      ? new Date(local).toISOString().slice(0, 10)
      : new Date(utcOfLocal(local, zone)).toISOString();
  if (against === 'year') return { from: text(monthsBack(start, 12)), to: text(monthsBack(end, 12)) };
  if (!beginsMonth(start) || !beginsMonth(end)) return { from: text(start - (end - start)), to: from };
  const [first, last] = [new Date(start), new Date(end)];
  const months =
    (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
  return { from: text(monthsBack(start, months)), to: from };
}

/** A literal's local time, ms: days as they are, instants in `zone`. */
function localOf(literal: string, zone: ZoneTable): number {
  const instant = Date.parse(literal);
  return literal.length === 10 ? instant : instant + offsetAt(instant, zone);
}

/** The same day and time so many months before; the last day of a shorter month. */
function monthsBack(local: number, months: number): number {
  const date = new Date(local);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() - months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = ((local % dayMs) + dayMs) % dayMs;
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + timeOfDay;
}

function beginsMonth(local: number): boolean {
  return new Date(local).getUTCDate() === 1 && local % dayMs === 0;
}

/** The range on a column that a filter keeps to, among its conditions; the last one. */
export function rangeIn(filter: Filter | undefined, column: ColumnRef): Range | undefined {
  const parts = filter?.op === 'and' ? filter.of : filter ? [filter] : [];
  return parts.filter((part) => isRangeOf(part, column)).at(-1);
}
