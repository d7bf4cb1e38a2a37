import type { ColumnData } from '../../arrow/column-data.ts';
import { int64FromDoubles } from '../../arrow/words.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { SpanUnit } from '../../protocol/formula-functions.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { localDays, localInstants } from './bins.ts';
import { civilFromDays, daysFromCivil, startOfUnit } from './civil.ts';
import { spanOfInts } from './span.ts';
import { bothValid } from './validity.ts';

export type DayPart = 'year' | 'quarter' | 'month' | 'week' | 'weekday' | 'day';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Days spread over at most this many are looked up in a table made once. */
const maxSpread = 1 << 16;

/** A part of each day; of times, of the day in `zone`. Weeks and weekdays (1 is Monday) by ISO 8601. */
export function dayPart(part: DayPart, data: ColumnData, zone: ZoneTable): ColumnData {
  const { length, validity } = data;
  return { kind: 'int32', length, validity, values: mapDays(daysOf(data, zone), parts[part]) };
}

const parts: Record<DayPart, (days: number) => number> = {
  year: (days) => civilFromDays(days).year,
  quarter: (days) => Math.ceil(civilFromDays(days).month / 3),
  month: (days) => civilFromDays(days).month,
  week: (days) => {
    // A week belongs to the year that has its Thursday.
    const thursday = startOfUnit(days, 'week') + 3;
    return Math.floor((thursday - daysFromCivil(civilFromDays(thursday).year, 1, 1)) / 7) + 1;
  },
  weekday: (days) => days - startOfUnit(days, 'week') + 1,
  day: (days) => civilFromDays(days).day,
};

/** The hour `[0, 23]` or minute `[0, 59]` of each time on the clock of `zone`; of dates 0. */
export function clockPart(part: 'hour' | 'minute', data: ColumnData, zone: ZoneTable): ColumnData {
  const { length, validity } = data;
  const values = new Int32Array(length);
  if (data.kind === 'timestamp') {
    const local = localInstants(data.values, zone);
    const [width, count] = part === 'hour' ? [hourMs, 24] : [minuteMs, 60];
    for (let i = 0; i < length; i++) {
      const units = Math.floor(local[i]! / width);
      values[i] = units - count * Math.floor(units / count);
    }
  } else daysOf(data, zone);
  return { kind: 'int32', length, validity, values };
}

/** The first day of the unit that holds each day; of times, of the day in `zone`. */
export function startColumn(
  unit: 'day' | 'week' | 'month' | 'quarter' | 'year',
  data: ColumnData,
  zone: ZoneTable,
): ColumnData {
  const { length, validity } = data;
  const days = daysOf(data, zone);
  return {
    kind: 'date',
    length,
    validity,
    values: unit === 'day' ? days : mapDays(days, (day) => startOfUnit(day, unit)),
  };
}

/** How often a new `unit` begins after `from` up to `to`, negative backwards; days and longer on the clock of `zone`. */
export function spanColumn(unit: SpanUnit, from: ColumnData, to: ColumnData, zone: ZoneTable): ColumnData {
  const { length } = from;
  const [start, end] = [from, to].map((data) => places(unit, data, zone));
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const span = end![i]! - start![i]!;
    out[i] = Number.isFinite(span) ? span : 0;
  }
  return {
    kind: 'int64',
    length,
    validity: bothValid(from.validity, to.validity),
    values: int64FromDoubles(out),
  };
}

/** The number of each value's unit since 1970. */
function places(unit: SpanUnit, data: ColumnData, zone: ZoneTable): Float64Array | Int32Array {
  if (unit === 'hour' || unit === 'minute') {
    const width = unit === 'hour' ? hourMs : minuteMs;
    if (data.kind === 'date')
      return Float64Array.from(data.values, (day) => Math.floor((day * dayMs) / width));
    if (data.kind === 'timestamp') return data.values.map((instant) => Math.floor(instant / width));
  }
  const days = daysOf(data, zone);
  switch (unit) {
    case 'week':
      return mapDays(days, (day) => Math.floor((day + 3) / 7));
    case 'month':
    case 'quarter':
    case 'year': {
      const width = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
      return mapDays(days, (day) => {
        const { year, month } = civilFromDays(day);
        return Math.floor((year * 12 + month - 1) / width);
      });
    }
    default:
      return days;
  }
}

function daysOf(data: ColumnData, zone: ZoneTable): Int32Array {
  if (data.kind === 'date') return data.values;
  if (data.kind === 'timestamp') return localDays(data.values, zone, undefined);
  throw new ExaError('invalid', `A ${data.kind} is no date or time.`);
}

function mapDays(days: Int32Array, of: (day: number) => number): Int32Array {
  const { low, high } = spanOfInts(days);
  const spread = high - low + 1;
  if (spread > Math.min(maxSpread, days.length)) return days.map(of);
  const table = Int32Array.from({ length: Math.max(0, spread) }, (_, i) => of(low + i));
  return days.map((day) => table[day - low]!);
}
