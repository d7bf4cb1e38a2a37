import type { Literal } from '../../protocol/column.ts';
import type { AggregateQuestion, Asked, ColumnRef, Filter, TimeUnit } from '../../protocol/query.ts';

const dayMs = 86_400_000;

/** Length of a unit, ms; months and longer are the mean of the Gregorian calendar. */
const lengthMs: Readonly<Record<TimeUnit, number>> = {
  hour: dayMs / 24,
  day: dayMs,
  week: 7 * dayMs,
  month: 30.436_875 * dayMs,
  quarter: 91.310_625 * dayMs,
  year: 365.2425 * dayMs,
};

/** The finest unit that cuts a span (ms) into at most `maxBins` bins; hours only of instants. */
export function grainFor(spanMs: number, kind: 'date' | 'timestamp', maxBins = 120): TimeUnit {
  const units: readonly TimeUnit[] = ['hour', 'day', 'week', 'month', 'quarter', 'year'];
  const fitting = units.filter((unit) => kind === 'timestamp' || unit !== 'hour');
  return fitting.find((unit) => spanMs / lengthMs[unit] <= maxBins) ?? 'year';
}

/** First and last instant of the column under `where`: measures `first` and `last`. */
export function extentQuestion(
  dataset: string,
  column: ColumnRef,
  where: Filter | undefined,
): AggregateQuestion {
  const quoted = `"${column.replaceAll('"', '""')}"`;
  return {
    kind: 'aggregate',
    dataset,
    where,
    groupBy: [],
    measures: [
      { id: 'first', label: 'first', formula: `min(${quoted})`, format: 'number' },
      { id: 'last', label: 'last', formula: `max(${quoted})`, format: 'number' },
    ],
  };
}

/** A measure by calendar bin, in the order of time. */
export function trendQuestion(of: {
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly measure: Asked;
  readonly unit: TimeUnit;
  readonly zone: string;
  readonly where: Filter | undefined;
}): AggregateQuestion {
  return {
    kind: 'aggregate',
    dataset: of.dataset,
    where: of.where,
    groupBy: [{ by: 'time', column: of.column, unit: of.unit, zone: of.zone }],
    measures: [of.measure],
    order: [{ by: 0, descending: false }],
  };
}

/** An instant (UTC ms) as a literal of the column's kind. */
export function literalOf(instant: number, kind: 'date' | 'timestamp'): Literal {
  const text = new Date(instant).toISOString();
  return kind === 'date' ? text.slice(0, 10) : text;
}

/** A literal (ISO text) as UTC ms; undefined when it is none. */
export function instantOf(literal: Literal | undefined): number | undefined {
  const instant = typeof literal === 'string' ? Date.parse(literal) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** Equal bins for a brushing cube over `[from, to)` UTC ms: hours or days where at most `maxBins`, else wider. */
export function cubeBins(
  from: number,
  to: number,
  unit: TimeUnit,
  maxBins = 1200,
): { to: number; bins: number } {
  const width = unit === 'hour' ? dayMs / 24 : dayMs;
  const step = width * Math.max(1, Math.ceil((to - from) / width / maxBins));
  const bins = Math.max(1, Math.ceil((to - from) / step));
  return { to: from + bins * step, bins };
}
