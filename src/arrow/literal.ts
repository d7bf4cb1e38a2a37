import type { ColumnType, Literal } from '../protocol/column.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ColumnData } from './column-data.ts';

const dayMs = 86_400_000;
const datePattern = /^([+-]\d{6}|\d{4})-\d\d-\d\d$/;
const instantPattern = /^([+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A literal as the value its column holds (see `ColumnType`): bigint for int64 and unscaled decimals, a number for
 * dates (days) and timestamps (UTC ms). Throws `invalid` when it is not of the type, or does not fit.
 */
export function valueOfLiteral(type: ColumnType, literal: Exclude<Literal, null>): number | bigint | string {
  const value = read(type, literal);
  if (value !== undefined) return value;
  throw new ExaError('invalid', `${JSON.stringify(literal)} is not ${article[type.kind]}.`, {
    facts: { value: literal, type: type.kind },
  });
}

const article: Record<ColumnType['kind'], string> = {
  bool: 'true or false',
  int32: 'a whole number between −2,147,483,648 and 2,147,483,647',
  int64: 'a whole number between −2^63 and 2^63 − 1',
  decimal: 'a decimal number that fits the column',
  float64: 'a number',
  date: 'a date (YYYY-MM-DD)',
  timestamp: 'a time (YYYY-MM-DDTHH:MM:SSZ)',
  text: 'a text',
};

function read(type: ColumnType, literal: Exclude<Literal, null>): number | bigint | string | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof literal === 'boolean' ? Number(literal) : undefined;
    case 'int32': {
      const value = whole(literal);
      return value !== undefined && value === BigInt.asIntN(32, value) ? Number(value) : undefined;
    }
    case 'int64': {
      const value = whole(literal);
      return value !== undefined && value === BigInt.asIntN(64, value) ? value : undefined;
    }
    case 'decimal':
      return typeof literal === 'boolean'
        ? undefined
        : parseDecimal(String(literal), type.scale, type.precision);
    case 'float64':
      if (typeof literal === 'number') return literal;
      if (literal === 'NaN') return Number.NaN;
      if (literal === 'Infinity' || literal === '-Infinity') return Number(literal);
      return typeof literal === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(literal)
        ? Number(literal)
        : undefined;
    case 'date': {
      if (typeof literal !== 'string' || !datePattern.test(literal)) return undefined;
      return daysOf(literal);
    }
    case 'timestamp': {
      if (typeof literal === 'number') return Number.isInteger(literal) ? literal : undefined;
      if (typeof literal !== 'string' || !instantPattern.test(literal)) return undefined;
      const instant = Date.parse(literal);
      return Number.isNaN(instant) || daysOf(literal.slice(0, literal.indexOf('T'))) === undefined
        ? undefined
        : instant;
    }
    case 'text':
      return typeof literal === 'string' ? literal : undefined;
  }
}

/** Days since 1970 of an ISO date, undefined for one the calendar does not have (engines roll 31 February over). */
function daysOf(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms / dayMs : undefined;
}

function whole(literal: Exclude<Literal, null>): bigint | undefined {
  if (typeof literal === 'number') return Number.isSafeInteger(literal) ? BigInt(literal) : undefined;
  return typeof literal === 'string' && /^[+-]?\d{1,20}$/.test(literal) ? BigInt(literal) : undefined;
}

/**
 * The unscaled integer of a decimal text at `scale`, undefined when it has more decimals than that (zeros apart)
 * or more than `precision` digits. Exponents as `String(number)` writes them are read.
 */
export function parseDecimal(text: string, scale: number, precision: number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (!match || (!match[2] && !match[3])) return undefined;
  const fraction = match[3] ?? '';
  const digits = (match[2] ?? '') + fraction;
  const shift = scale - fraction.length + Number(match[4] ?? 0);
  if (shift > 40) return undefined;
  let unscaled = BigInt(digits);
  if (shift >= 0) unscaled *= 10n ** BigInt(shift);
  else {
    const power = 10n ** BigInt(Math.min(400, -shift));
    if (unscaled % power !== 0n) return undefined;
    unscaled /= power;
  }
  if (unscaled >= 10n ** BigInt(precision)) return undefined;
  return match[1] === '-' ? -unscaled : unscaled;
}

/** An unscaled integer as decimal text: `(1250n, 2)` is `"12.50"`. */
export function printDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** A value of the column's kind as a literal; the inverse of {@link valueOfLiteral}. */
export function literalOf(data: ColumnData, value: number | bigint | string): Exclude<Literal, null> {
  switch (data.kind) {
    case 'bool':
      return value !== 0;
    case 'int64': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'decimal':
      return printDecimal(value as bigint, data.scale);
    case 'float64':
      return Number.isFinite(value) ? (value as number) : String(value);
    case 'date':
      return isoDate((value as number) * dayMs);
    case 'timestamp': {
      const date = new Date(value as number);
      return Number.isNaN(date.getTime()) ? (value as number) : date.toISOString();
    }
    default:
      return value as number | string;
  }
}

function isoDate(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms / dayMs} days` : date.toISOString().slice(0, -14);
}
