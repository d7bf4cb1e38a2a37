import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { AggregateQuestion, ColumnRef, Filter } from '../../protocol/query.ts';
import { allOf } from '../filter-group/where.ts';
import { type Bins, binOf, edgeOf } from './bins.ts';

/** The measure of every question here. */
export const rowsMeasure = { id: 'rows', label: 'rows', formula: 'count()', format: 'count' } as const;

/** Least, greatest and number of values of a column: measures `low`, `high`, `known`. */
export function extentQuestion(
  dataset: string,
  column: ColumnRef,
  where: Filter | undefined,
): AggregateQuestion {
  const quoted = `"${column.replaceAll('"', '""')}"`;
  const measure = (id: string, formula: string) => ({ id, label: id, formula, format: 'number' as const });
  return {
    kind: 'aggregate',
    dataset,
    where,
    groupBy: [],
    measures: [
      measure('low', `min(${quoted})`),
      measure('high', `max(${quoted})`),
      measure('known', `count(${quoted})`),
    ],
  };
}

/** Rows a bin; rows outside the bins are left out. */
export function binsQuestion(of: {
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly type: ColumnType;
  readonly bins: Bins;
  readonly where: Filter | undefined;
}): AggregateQuestion {
  const { dataset, column, type, bins, where } = of;
  return {
    kind: 'aggregate',
    dataset,
    where: allOf([where, rangeOf(column, type, edgeOf(bins, 0), edgeOf(bins, bins.count))]),
    groupBy: [{ by: 'number', column, origin: bins.from, width: bins.width }],
    measures: [rowsMeasure],
    order: [{ by: 0, descending: false }],
  };
}

/** How many rows pass a filter. */
export function tailQuestion(dataset: string, where: Filter | undefined, tail: Filter): AggregateQuestion {
  return { kind: 'aggregate', dataset, where: allOf([where, tail]), groupBy: [], measures: [rowsMeasure] };
}

/** `[from, to)` of a numeric column; an end left out is open. */
export function rangeOf(column: ColumnRef, type: ColumnType, from?: number, to?: number): Filter {
  return {
    op: 'range',
    column,
    ...(from === undefined ? {} : { from: numberLiteral(from, type) }),
    ...(to === undefined ? {} : { to: numberLiteral(to, type) }),
  };
}

/** A number as a literal of the column's type: decimals and integers past 2^53 as plain digits, whole where they are. */
export function numberLiteral(value: number, type: ColumnType): Literal {
  if (type.kind === 'float64') return value;
  if (type.kind === 'decimal') {
    const text = value.toFixed(type.scale);
    return Number(text) === value || Math.abs(value) >= 1e21 ? text : String(value);
  }
  const whole = Math.ceil(value);
  return Number.isSafeInteger(whole) ? whole : BigInt(whole).toString();
}

/** The bins a range filter selects, `[start, end)`; undefined for none of them, or for any other filter. */
export function selectedBins(
  filter: Filter | undefined,
  bins: Bins,
): { readonly start: number; readonly end: number } | undefined {
  if (filter?.op !== 'range') return undefined;
  const at = (end: Literal | undefined, open: number): number =>
    end === undefined || end === null
      ? open
      : Math.min(bins.count, Math.max(0, Math.round((Number(end) - bins.from) / bins.width)));
  const [start, end] = [at(filter.from, 0), at(filter.to, bins.count)];
  return end > start && (start > 0 || end < bins.count || isInside(filter, bins))
    ? { start, end }
    : undefined;
}

/** Whether a range touches the bins at all: a tail beyond them selects none. */
function isInside({ from, to }: Extract<Filter, { op: 'range' }>, bins: Bins): boolean {
  return (
    (from === undefined || Number(from) < edgeOf(bins, bins.count)) &&
    (to === undefined || Number(to) > edgeOf(bins, 0))
  );
}

/** Rows a bin of an answer to a bins question. */
export function countsOf(table: AnswerTable, bins: Bins): number[] {
  const counts = new Array<number>(bins.count).fill(0);
  if (!table.has('g0')) return counts;
  const starts = table.numbers('g0');
  const rows = table.numbers(rowsMeasure.id);
  for (let row = 0; row < table.rows; row++) {
    const bin = binOf(bins, starts[row]! + bins.width / 2);
    if (bin !== undefined) counts[bin]! += rows[row]!;
  }
  return counts;
}
