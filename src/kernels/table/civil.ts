import type { TimeUnit } from '../../protocol/query.ts';

/**
 * Calendar arithmetic on days since 1970-01-01 in the proleptic Gregorian calendar, after Howard Hinnant,
 * “chrono-Compatible Low-Level Date Algorithms” (2014): eras of 400 years, years that begin in March.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Year, month `[1, 12]` and day `[1, 31]` of a day since 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** First day of the day's week (Monday, ISO 8601), month, quarter or year; the day itself for `day`. */
export function startOfUnit(days: number, unit: Exclude<TimeUnit, 'hour'>): number {
  if (unit === 'day') return days;
  if (unit === 'week') return days - (days + 3 - 7 * Math.floor((days + 3) / 7));
  const { year, month } = civilFromDays(days);
  if (unit === 'month') return daysFromCivil(year, month, 1);
  return daysFromCivil(year, unit === 'quarter' ? month - ((month - 1) % 3) : 1, 1);
}
