import type { ColumnType, Literal } from './column.ts';
import type { ZoneTable } from './head.ts';

/**
 * The span of time people choose. Relative ones count from the newest row of the table, not from the clock:
 * `last` ends with the newest row's day, `this` is the calendar unit that holds it, up to that day, `past` the whole one before.
 * `between` is `[from, to)` in ISO dates; a missing end is open.
 */
export type PeriodChoice =
  | { readonly kind: 'last'; readonly count: number; readonly unit: 'day' | 'month' }
  | { readonly kind: 'this'; readonly unit: 'month' | 'quarter' | 'year' }
  | { readonly kind: 'past'; readonly unit: 'month' | 'quarter' | 'year' }
  | { readonly kind: 'between'; readonly from?: string; readonly to?: string };

/** What the picker offers besides all time and two dates of one's own. */
export const periodPresets: readonly PeriodChoice[] = [
  { kind: 'last', count: 7, unit: 'day' },
  { kind: 'last', count: 30, unit: 'day' },
  { kind: 'last', count: 90, unit: 'day' },
  { kind: 'last', count: 12, unit: 'month' },
  { kind: 'this', unit: 'month' },
  { kind: 'this', unit: 'quarter' },
  { kind: 'this', unit: 'year' },
  { kind: 'past', unit: 'month' },
  { kind: 'past', unit: 'quarter' },
  { kind: 'past', unit: 'year' },
];

/** What a period is compared with: the span just before, or the same days a year earlier. */
export type Against = 'before' | 'year';

/** A choice as URLs write it: `last-30-days`, `this-month`, `past-year`, `2011-01-01..2011-02-01`, `..2011-02-01`. */
export function printPeriod(choice: PeriodChoice): string {
  if (choice.kind === 'last') return `last-${choice.count}-${choice.unit}s`;
  if (choice.kind === 'this' || choice.kind === 'past') return `${choice.kind}-${choice.unit}`;
  return `${choice.from ?? ''}..${choice.to ?? ''}`;
}

/** Reads {@link printPeriod}; undefined when it is no period, or ends before it begins. */
export function parsePeriod(text: string): PeriodChoice | undefined {
  const last = /^last-(\d{1,4})-(day|month)s$/.exec(text);
  if (last && Number(last[1]) > 0)
    return { kind: 'last', count: Number(last[1]), unit: last[2] as 'day' | 'month' };
  const unit = /^(this|past)-(month|quarter|year)$/.exec(text);
  if (unit) return { kind: unit[1] as 'this' | 'past', unit: unit[2] as 'month' | 'quarter' | 'year' };
  const between = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(text);
  if (!between || (between[1] === undefined && between[2] === undefined)) return undefined;
  const [, from, to] = between;
  if ((from !== undefined && !isDay(from)) || (to !== undefined && !isDay(to))) return undefined;
  if (from !== undefined && to !== undefined && from >= to) return undefined;
  return { kind: 'between', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

const dayMs = 86_400_000;

/** Whether a text is a day of the calendar, `yyyy-mm-dd`. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at) && isoDay(at) === text;
}

/**
 * The local days of a choice, `[from, to)` as ISO dates. `newest` is the local day of the newest row, in days since
 * 1970-01-01; months are calendar months: the last 12 months before 15 March 2012 begin on 16 March 2011.
 */
export function periodDays(choice: PeriodChoice, newest: number): { from?: string; to?: string } {
  if (choice.kind === 'between') {
    const { from, to } = choice;
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  const end = (newest + 1) * dayMs;
  const day = new Date(newest * dayMs);
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  if (choice.kind === 'this' || choice.kind === 'past') {
    const first = choice.unit === 'year' ? 0 : choice.unit === 'quarter' ? month - (month % 3) : month;
    const months = { month: 1, quarter: 3, year: 12 }[choice.unit];
    if (choice.kind === 'past')
      return { from: isoDay(Date.UTC(year, first - months, 1)), to: isoDay(Date.UTC(year, first, 1)) };
    return { from: isoDay(Date.UTC(year, first, 1)), to: isoDay(end) };
  }
  if (choice.unit === 'day') return { from: isoDay(end - choice.count * dayMs), to: isoDay(end) };
  const lastOfMonth = new Date(Date.UTC(year, month - choice.count + 1, 0)).getUTCDate();
  const start = Date.UTC(year, month - choice.count, Math.min(day.getUTCDate(), lastOfMonth) + 1);
  return { from: isoDay(start), to: isoDay(end) };
}

/**
 * A choice as ends of a range filter on a date column (ISO dates) or a timestamp column (ISO instants of local
 * midnights). `newest`: the newest value, in days or UTC ms as the type has it.
 */
export function periodRange(
  choice: PeriodChoice,
  newest: number,
  type: ColumnType,
  zone: ZoneTable,
): { from?: Literal; to?: Literal } {
  const day = type.kind === 'date' ? newest : Math.floor((newest + offsetAt(newest, zone)) / dayMs);
  const days = periodDays(choice, day);
  if (type.kind === 'date') return days;
  const midnight = (text: string): string =>
    new Date(utcOfLocal(Date.parse(`${text}T00:00:00.000Z`), zone)).toISOString();
  return {
    ...(days.from === undefined ? {} : { from: midnight(days.from) }),
    ...(days.to === undefined ? {} : { to: midnight(days.to) }),
  };
}

/** Offset of a zone at an instant (UTC ms), in ms. */
export function offsetAt(instant: number, zone: ZoneTable): number {
  let low = 0;
  let high = zone.from.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (zone.from[middle]! <= instant) low = middle;
    else high = middle - 1;
  }
  return zone.offsetMs[low] ?? 0;
}

/** First instant (UTC ms) whose local time is `local` (ms) or, where clocks jump over it, later. */
export function utcOfLocal(local: number, zone: ZoneTable): number {
  const offsets = [offsetAt(local - dayMs, zone), offsetAt(local + dayMs, zone)];
  const exact = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at, zone) === local);
  return exact.length > 0 ? Math.min(...exact) : local - Math.min(...offsets);
}

function isoDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
