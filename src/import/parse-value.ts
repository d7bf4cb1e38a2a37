import type { ColumnReading } from './infer.ts';
import { parseMoment } from './parse-date.ts';
import { numberShape, parseFloat64, parseScaled } from './parse-number.ts';
import type { LocalToUtc } from './zone.ts';

const dayMs = 86_400_000;

/**
 * A text as the value a column of `reading.type` holds, or undefined when it is none: bool 0 or 1, int32, float64,
 * date (days) and timestamp (UTC ms) a number; int64 and decimal (unscaled) a bigint; text a string.
 */
export function parseValue(
  text: string,
  reading: ColumnReading,
  toUtc: LocalToUtc,
): number | bigint | string | undefined {
  const { type, mark } = reading;
  switch (type.kind) {
    case 'text':
      return text;
    case 'bool':
      return parseBool(text.trim());
    case 'int32': {
      const value = parseInteger(text.trim(), reading);
      return value !== undefined && value === (value | 0) ? value : undefined;
    }
    case 'int64': {
      const value = parseScaled(text.trim(), mark, 0);
      return value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined;
    }
    case 'decimal': {
      const value = parseScaled(text.trim(), mark, type.scale);
      return value !== undefined && fitsDigits(value, type.precision) ? value : undefined;
    }
    case 'float64':
      return parseFloat64(text.trim(), mark);
    case 'date': {
      const moment = parseMoment(text.trim());
      if (!moment || moment.timeMs > 0) return undefined;
      const days = reading.order === 'dmy' ? moment.dmy : moment.mdy;
      return Number.isNaN(days) ? undefined : days;
    }
    case 'timestamp': {
      const moment = parseMoment(text.trim());
      const days = moment && (reading.order === 'dmy' ? moment.dmy : moment.mdy);
      if (!moment || days === undefined || Number.isNaN(days)) return undefined;
      const local = days * dayMs + Math.max(0, moment.timeMs);
      return Number.isNaN(moment.offsetMinutes) ? toUtc(local) : local - moment.offsetMinutes * 60_000;
    }
  }
}

function parseBool(text: string): number | undefined {
  if (/^(?:true|t|yes|1)$/i.test(text)) return 1;
  return /^(?:false|f|no|0)$/i.test(text) ? 0 : undefined;
}

function parseInteger(text: string, { mark }: ColumnReading): number | undefined {
  const shape = numberShape(text, mark);
  if (!shape || shape.float || shape.integerDigits > 10) return undefined;
  if (!shape.marked && !text.endsWith('-')) return Number(text) + 0;
  const value = parseScaled(text, mark, 0);
  return value === undefined ? undefined : Number(value);
}

const powers = Array.from({ length: 19 }, (_, digits) => 10n ** BigInt(digits));

/** Whether an unscaled integer has at most `digits` digits, `[0, 18]`. */
export function fitsDigits(value: bigint, digits: number): boolean {
  const limit = powers[digits]!;
  return value < limit && value > -limit;
}
