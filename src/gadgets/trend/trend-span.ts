import { msg, str } from '@lit/localize';
import type { AnswerTable } from '../../arrow/answer-table.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef, Filter, TimeUnit } from '../../protocol/query.ts';
import { columnLabel } from '../column-label.ts';
import type { Period } from '../filter-group/group.ts';
import type { BinRange } from '../plot/brush-layer.ts';
import { instantOf, literalOf } from './trend.query.ts';

/** A span of time `[from, to)`, UTC ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span of a period that is about `column` and has both ends. */
export function boundedSpan(
  period: Period | undefined,
  dataset: string | undefined,
  column: ColumnRef | undefined,
): Span | undefined {
  if (!period || period.dataset !== dataset || period.column !== column) return undefined;
  const [from, to] = [instantOf(period.from), instantOf(period.to)];
  return from !== undefined && to !== undefined && to > from ? { from, to } : undefined;
}

/** The span between `first` and `last` of an extent question's answer; undefined when no row has an instant. */
export function extentSpan(table: AnswerTable | undefined): Span | undefined {
  if (!table || table.rows === 0) return undefined;
  const scale = table.type('first').kind === 'date' ? 86_400_000 : 1;
  const [first, last] = [table.numbers('first')[0]! * scale, table.numbers('last')[0]! * scale];
  return Number.isNaN(first) || Number.isNaN(last) ? undefined : { from: first, to: last + 1 };
}

/** The bins a range filter selects; undefined for none of them, or for any other filter. */
export function selectedBins(filter: Filter | undefined, starts: readonly number[]): BinRange | undefined {
  if (filter?.op !== 'range' || starts.length < 2) return undefined;
  const from = instantOf(filter.from) ?? starts[0]!;
  const to = instantOf(filter.to) ?? starts[starts.length - 1]!;
  const start = starts.findIndex((_, bin) => (starts[bin + 1] ?? Number.POSITIVE_INFINITY) > from);
  const end = starts.findIndex((at) => at >= to);
  const range = { start: Math.max(0, start), end: end < 0 ? starts.length - 1 : end };
  return range.end > range.start ? range : undefined;
}

/** The rows of some bins. */
export function binsFilter(
  column: ColumnRef,
  kind: 'date' | 'timestamp',
  starts: readonly number[],
  { start, end }: BinRange,
): Filter {
  return { op: 'range', column, from: literalOf(starts[start]!, kind), to: literalOf(starts[end]!, kind) };
}

/** Whether the column holds days or instants; linked and calculated ones are taken for instants. */
export function kindOf(head: Head | undefined, column: ColumnRef | undefined): 'date' | 'timestamp' {
  const stored = head?.columns.find(({ id }) => id === column);
  return stored?.type.kind === 'date' ? 'date' : 'timestamp';
}

/** Whether a unit cuts a span into a number of bins worth offering. */
export function isOffered(span: Span, unit: TimeUnit, kind: 'date' | 'timestamp'): boolean {
  if (unit === 'hour' && kind === 'date') return false;
  const length: Record<TimeUnit, number> = {
    hour: 1 / 24,
    day: 1,
    week: 7,
    month: 30,
    quarter: 91,
    year: 365,
  };
  const bins = (span.to - span.from) / 86_400_000 / length[unit];
  return bins <= 1500 && bins >= 1.5;
}

/** Throws `invalid` where the column is there and has no dates. */
export function checkDated(head: Head | undefined, column: ColumnRef | undefined): void {
  const stored = head?.columns.find(({ id }) => id === column);
  if (!head || !stored || stored.type.kind === 'date' || stored.type.kind === 'timestamp') return;
  const name = columnLabel(stored.id, head);
  throw new ExaError('invalid', msg(str`“${name}” has no dates: a trend needs a column that has.`));
}
