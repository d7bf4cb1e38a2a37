import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { offsetAt, utcOfLocal } from '../../protocol/period.ts';
import type { TimeUnit } from '../../protocol/query.ts';

/** A measure over consecutive calendar bins: bin `i` is `[starts[i], starts[i + 1])`, UTC ms; one start more than values. */
export interface Series {
  readonly starts: readonly number[];
  /** null: nothing there. */
  readonly values: readonly (number | null)[];
}

const dayMs = 86_400_000;

/** Start of the bin that holds a local instant, local ms. Weeks begin on Monday. */
export function floorLocal(local: number, unit: TimeUnit): number {
  if (unit === 'hour') return Math.floor(local / 3_600_000) * 3_600_000;
  const day = Math.floor(local / dayMs);
  if (unit === 'day') return day * dayMs;
  if (unit === 'week') return (day - ((((day + 3) % 7) + 7) % 7)) * dayMs;
  const date = new Date(local);
  const month = date.getUTCMonth();
  if (unit === 'year') return utc(date.getUTCFullYear(), 0);
  return utc(date.getUTCFullYear(), unit === 'quarter' ? month - (month % 3) : month);
}

/** Start of the bin after the one that starts at `start`, both local ms. */
export function nextLocal(start: number, unit: TimeUnit): number {
  if (unit === 'hour') return start + 3_600_000;
  if (unit === 'day') return start + dayMs;
  if (unit === 'week') return start + 7 * dayMs;
  const date = new Date(start);
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  return utc(date.getUTCFullYear(), date.getUTCMonth() + months);
}

/** Starts of the bins that cover `[from, to)` UTC ms, and the end of the last; at most `max` bins. */
export function binStarts(from: number, to: number, unit: TimeUnit, zone: ZoneTable, max = 5000): number[] {
  let local = floorLocal(from + offsetAt(from, zone), unit);
  const starts = [utcOfLocal(local, zone)];
  do {
    local = nextLocal(local, unit);
    starts.push(utcOfLocal(local, zone));
  } while (starts[starts.length - 1]! < to && starts.length <= max);
  return starts;
}

/**
 * Places an answer's bins (`g0`: local days of `zone`, or instants) among `starts`; absent ones are `empty`.
 */
export function seriesOf(
  table: AnswerTable,
  measure: string,
  starts: readonly number[],
  empty: 0 | null,
  zone: ZoneTable,
): Series {
  const values = new Array<number | null>(Math.max(0, starts.length - 1)).fill(empty);
  const days = table.type('g0').kind === 'date';
  const bins = table.numbers('g0');
  const numbers = table.numbers(measure);
  for (let row = 0; row < table.rows; row++) {
    const bin = binAt(starts, days ? utcOfLocal(bins[row]! * dayMs, zone) : bins[row]!);
    if (bin !== undefined) values[bin] = Number.isNaN(numbers[row]) ? null : numbers[row]!;
  }
  return { starts, values };
}

/** Index of the bin that holds an instant; undefined outside all of them. */
export function binAt(starts: readonly number[], instant: number): number | undefined {
  let low = 0;
  let high = starts.length - 1;
  if (high < 1 || !(instant >= starts[0]! && instant < starts[high]!)) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= instant) low = middle;
    else high = middle;
  }
  return low;
}

function utc(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date.getTime();
}
