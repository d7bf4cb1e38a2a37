/** Instants are nanoseconds since 1970-01-01T00:00Z as bigints: exact, and not bounded as `Date` is. */
const second = 1_000_000_000n;
const day = 86_400n * second;

/** A day of the proleptic Gregorian calendar. */
export interface CivilDay {
  readonly year: bigint;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The calendar day of a count of days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function civilOf(days: bigint): CivilDay {
  const shifted = days + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const ofEra = Number(shifted - era * 146_097n);
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return {
    year: BigInt(year) + era * 400n + (month <= 2 ? 1n : 0n),
    month,
    day: ofYear - Math.floor((153 * march + 2) / 5) + 1,
  };
}

/** Days since 1970-01-01 of a calendar day. */
export function daysOf(year: bigint, month: number, dayOfMonth = 1): bigint {
  const shifted = month <= 2 ? year - 1n : year;
  const era = floorDivide(shifted, 400n);
  const ofEra = Number(shifted - era * 400n);
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097n + BigInt(days) - 719_468n;
}

/** ISO 8601 to the nanosecond, the decimals that are needed: `2026-03-14T12:34:56.000000001Z`. */
export function isoInstant(nanos: bigint): string {
  const days = floorDivide(nanos, day);
  return `${isoDay(days)}T${clockText(nanos - days * day, 'needed')}Z`;
}

/** `2026-03-14`; years beyond four digits with their sign, as ISO has it. */
export function isoDay(days: bigint): string {
  const { year, month, day: dayOfMonth } = civilOf(days);
  return `${yearText(year)}-${two(month)}-${two(dayOfMonth)}`;
}

/** A year in at least four digits. */
export function yearText(year: bigint): string {
  if (year >= 0n && year <= 9999n) return String(year).padStart(4, '0');
  return `${year < 0n ? '−' : '+'}${String(year < 0n ? -year : year).padStart(4, '0')}`;
}

/** Time of day: to the minute, or the second with so many decimals (or those needed). */
export function clockText(nanosOfDay: bigint, decimals: number | 'minute' | 'needed'): string {
  const seconds = nanosOfDay / second;
  const minute = `${two(Number(seconds / 3600n))}:${two(Number((seconds / 60n) % 60n))}`;
  if (decimals === 'minute') return minute;
  const rest = String(nanosOfDay % second).padStart(9, '0');
  const kept = decimals === 'needed' ? rest.replace(/0+$/, '') : rest.slice(0, decimals);
  return `${minute}:${two(Number(seconds % 60n))}${kept === '' ? '' : `.${kept}`}`;
}

/** An ISO instant or day as nanoseconds, nine decimals; undefined for anything else. */
export function parseInstant(text: string): bigint | undefined {
  const found = /^([+-]?\d{4,11})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z?)?$/.exec(
    text.trim(),
  );
  if (!found) return undefined;
  const [, year, month, dayOfMonth, hour = '0', minute = '0', seconds = '0', decimals = ''] = found;
  const days = daysOf(BigInt(year!), Number(month), Number(dayOfMonth));
  const back = civilOf(days);
  if (back.month !== Number(month) || back.day !== Number(dayOfMonth)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(seconds) > 59) return undefined;
  const ofDay = (BigInt(hour) * 60n + BigInt(minute)) * 60n + BigInt(seconds);
  return days * day + ofDay * second + BigInt(decimals.padEnd(9, '0'));
}

/** Largest whole number not above the quotient. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
