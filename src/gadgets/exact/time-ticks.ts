import { type Extent, fractionOf, parts } from './extent.ts';
import { civilOf, clockText, daysOf, floorDivide, isoDay, yearText } from './instant.ts';
import type { Tick, Ticks } from './ticks.ts';

/** Element `i` is at `origin + i · step` nanoseconds since 1970. */
export interface TimeScale {
  readonly origin: bigint;
  /** At least 1. */
  readonly step: bigint;
}

const second = 1_000_000_000n;
const minute = 60n * second;
const hour = 60n * minute;
const day = 24n * hour;
/** Mean length of a Gregorian month and year. */
const month = 2_629_746n * second;
const year = 12n * month;

interface Step {
  readonly unit: 'fixed' | 'month' | 'year';
  /** Of its unit; nanoseconds for `fixed`. */
  readonly count: bigint;
  readonly length: bigint;
}

const fixedCounts: readonly bigint[] = [
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * second),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * minute),
  ...[1n, 2n, 3n, 6n, 12n].map((count) => count * hour),
  ...[1n, 2n, 7n, 14n].map((count) => count * day),
];

/** The shortest round step of at least `length` nanoseconds. */
function stepFor(length: bigint): Step {
  for (let power = 1n; power < second; power *= 10n)
    for (const lead of [1n, 2n, 5n])
      if (lead * power >= length) return { unit: 'fixed', count: lead * power, length: lead * power };
  for (const count of fixedCounts) if (count >= length) return { unit: 'fixed', count, length: count };
  for (const count of [1n, 3n, 6n])
    if (count * month >= length) return { unit: 'month', count, length: count * month };
  for (let power = 1n; ; power *= 10n)
    for (const lead of [1n, 2n, 5n])
      if (lead * power * year >= length)
        return { unit: 'year', count: lead * power, length: lead * power * year };
}

/** Marks at round instants (UTC) along `widthPx`; `base` is what they share: the day, or the time to the second. */
export function timeTicks(extent: Extent, scale: TimeScale, widthPx: number): Ticks {
  const from = instantAt(extent.from, scale);
  const to = instantAt(extent.to, scale);
  const most = BigInt(Math.max(1, Math.floor(widthPx / 120)));
  const step = stepFor((to - from + most - 1n) / most);
  const ticks = instants(step, from, to).map((nanos): Tick => {
    const position = floorDivide((nanos - scale.origin) * parts, scale.step);
    return { at: fractionOf(extent, position), text: textOf(nanos, step) };
  });
  // The first is rounded to a nanosecond before the extent where it begins between two.
  return { ticks: ticks.filter(({ at }) => at >= -1e-9), base: baseOf(from, step), unit: '' };
}

/** The instant of a position, rounded down to the nanosecond. */
export function instantAt(position: bigint, { origin, step }: TimeScale): bigint {
  return origin + floorDivide(position * step, parts);
}

function instants(step: Step, from: bigint, to: bigint): bigint[] {
  const found: bigint[] = [];
  if (step.unit === 'fixed') {
    // Weeks begin on Mondays: 1970-01-05 was one.
    const base = step.count >= 7n * day ? 4n * day : 0n;
    for (let at = -floorDivide(-(from - base), step.count); base + at * step.count < to; at++)
      found.push(base + at * step.count);
    return found;
  }
  const first = civilOf(floorDivide(from, day));
  const perYear = step.unit === 'year';
  let at = perYear
    ? floorDivide(first.year, step.count)
    : floorDivide(first.year * 12n + BigInt(first.month - 1), step.count);
  for (; ; at++) {
    const count = at * step.count;
    const days = perYear
      ? daysOf(count, 1)
      : daysOf(floorDivide(count, 12n), Number(((count % 12n) + 12n) % 12n) + 1);
    const nanos = days * day;
    if (nanos >= to) return found;
    if (nanos >= from) found.push(nanos);
  }
}

function textOf(nanos: bigint, { unit, count }: Step): string {
  const days = floorDivide(nanos, day);
  const civil = civilOf(days);
  if (unit === 'year') return yearText(civil.year);
  if (unit === 'month') return isoDay(days).slice(0, -3);
  if (count >= day) return isoDay(days);
  const ofDay = nanos - days * day;
  if (count >= minute) return ofDay === 0n ? isoDay(days) : clockText(ofDay, 'minute');
  if (count >= second) return clockText(ofDay, 0);
  const decimals = 9 - (String(count).length - 1);
  return `.${clockText(ofDay, decimals).split('.')[1]}`;
}

/** What stands once beside the axis: the day of its beginning, to the second where marks are within one. */
function baseOf(from: bigint, { unit, count }: Step): string {
  if (unit !== 'fixed' || count >= day) return 'UTC';
  const days = floorDivide(from, day);
  if (count >= second) return `${isoDay(days)} UTC`;
  return `${isoDay(days)} ${clockText(from - days * day, 0)} UTC`;
}
