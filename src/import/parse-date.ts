/** Which of two numbers is the day in `01/02/2024`. */
export type DateOrder = 'dmy' | 'mdy';

/** A calendar date with, perhaps, a time of day and an offset from UTC, as written. */
export interface Moment {
  /** Days since 1970-01-01 under each reading; NaN where that reading is no date. Equal unless ambiguous. */
  readonly dmy: number;
  readonly mdy: number;
  /** Milliseconds since local midnight, or −1 when only a date was written. */
  readonly timeMs: number;
  /** Minutes east of UTC, or NaN when none was written. */
  readonly offsetMinutes: number;
  /** Written `dd.mm.yyyy`: nobody writes months first with dots. */
  readonly dotted: boolean;
}

const timePart = String.raw`(?:(?:[T ]|, ?)\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp][Mm])?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?`;
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${timePart}$`);
const yearLast = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${timePart}$`);
const dayNamed = new RegExp(`^(\\d{1,2})[- ]([A-Za-z]{3,9})[- ,]+(\\d{4})${timePart}$`);
const monthNamed = new RegExp(`^([A-Za-z]{3,9}) (\\d{1,2}),? (\\d{4})${timePart}$`);
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** A trimmed text as a moment, or undefined when it is none. Years 0001–9999; two-digit years as POSIX `%y`. */
export function parseMoment(text: string): Moment | undefined {
  const first = text.charCodeAt(0);
  const { length } = text;
  if (length < 6 || length > 40) return undefined;
  if (first < 48 || first > 57) {
    if ((first | 32) < 97 || (first | 32) > 122) return undefined;
    const found = monthNamed.exec(text);
    return found ? moment(Number(found[3]), monthOf(found[1]!), Number(found[2]), found, 4) : undefined;
  }
  let found = yearFirst.exec(text);
  if (found) return moment(Number(found[1]), Number(found[3]), Number(found[4]), found, 5);
  found = yearLast.exec(text);
  if (found) {
    const year = fullYear(found[4]!);
    const time = timeOf(found, 5);
    if (!time) return undefined;
    const [a, b] = [Number(found[1]), Number(found[3])];
    const dmy = daysFromCivil(year, b, a);
    const mdy = daysFromCivil(year, a, b);
    const dotted = found[2] === '.';
    if (Number.isNaN(dmy) && (dotted || Number.isNaN(mdy))) return undefined;
    return { dmy, mdy: dotted ? dmy : mdy, ...time, dotted };
  }
  found = dayNamed.exec(text);
  return found ? moment(Number(found[3]), monthOf(found[2]!), Number(found[1]), found, 4) : undefined;
}

function moment(
  year: number,
  month: number,
  day: number,
  found: RegExpExecArray,
  timeAt: number,
): Moment | undefined {
  const days = daysFromCivil(year, month, day);
  if (Number.isNaN(days)) return undefined;
  const time = timeOf(found, timeAt);
  return time && { dmy: days, mdy: days, ...time, dotted: false };
}

function timeOf(
  found: RegExpExecArray,
  at: number,
): { readonly timeMs: number; readonly offsetMinutes: number } | undefined {
  if (found[at] === undefined) return { timeMs: -1, offsetMinutes: Number.NaN };
  let hours = Number(found[at]);
  const minutes = Number(found[at + 1]);
  const seconds = Number(found[at + 2] ?? 0);
  const ms = Number((found[at + 3] ?? '').slice(0, 3).padEnd(3, '0'));
  const half = found[at + 4]?.toLowerCase();
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half === 'pm' ? 12 : 0);
  }
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const zone = found[at + 5];
  let offsetMinutes = Number.NaN;
  if (zone) {
    offsetMinutes = 0;
    if (zone[0] === '+' || zone[0] === '-') {
      const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
      offsetMinutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
      if (zone[0] === '-') offsetMinutes = -offsetMinutes;
      if (Math.abs(offsetMinutes) > 15 * 60) return undefined;
    }
  }
  return { timeMs: hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms, offsetMinutes };
}

function monthOf(word: string): number {
  const lower = word.toLowerCase();
  const at = months.findIndex(
    (month) => month === lower || (lower.length === 3 && month.startsWith(lower)) || lower === 'sept',
  );
  return lower === 'sept' ? 9 : at + 1;
}

function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year + (year >= 69 ? 1900 : 2000);
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar, or NaN when there is no such date in the years 1–9999.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > monthDays[month - 1]! + (month === 2 && leap ? 1 : 0)) return Number.NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
