import type { ColumnType } from '../protocol/column.ts';
import { type DateFormats, dateFormatsOf } from './format-date.ts';

/** A value as answer tables hand it out; exact decimals as decimal text. */
export type Formattable = string | number | bigint | boolean | null | undefined;

/** How numbers, money, dates and cells are written in one locale. `null`, `undefined` are "—" everywhere. */
export interface Formats extends DateFormats {
  readonly locale: string;
  /** Exact, grouped, no exponent; decimal text keeps all its digits. `digits`: fraction digits, fixed. */
  number(value: Formattable, digits?: number): string;
  /** "1.24 M": three significant digits and a unit; exact below 10,000. */
  compact(value: Formattable): string;
  /** "EUR 1,234.50" (ISO 4217 code); without a code the number with two digits. */
  /** `digits`: of the fraction, where the value has more than cents. */
  money(value: Formattable, currency?: string, digits?: number): string;
  /** "€1.24 M": the currency's short sign, to read at a glance; {@link money} says which one it is. */
  moneyCompact(value: Formattable, currency?: string): string;
  /** Of a ratio: 0.125 is "12.5 %" as the locale writes it. `signed` shows + too. */
  percent(ratio: Formattable, options?: { digits?: number; signed?: boolean }): string;
  /** Binary: 1 MiB = 1,048,576 bytes, written "1.0 MB" as people read it. */
  bytes(count: number): string;
  /** A cell of a grid: exact; dates and times ISO (in `zone`, default UTC). `plain`: no grouping, for identifiers. */
  cell(value: Formattable, type: ColumnType, options?: { zone?: string; plain?: boolean }): string;
  /** "a, b and c". */
  list(items: readonly string[]): string;
  /** `one` or the other plural categories (Unicode CLDR) of a count. */
  plural(count: number): Intl.LDMLPluralRule;
}

/** What stands for a missing value. */
export const missing = '—';

const byLocale = new Map<string, Formats>();

/** The formats of a BCP 47 locale; an unknown or malformed tag gets English. Cached. */
export function formatsOf(locale: string): Formats {
  const known = byLocale.get(locale);
  if (known) return known;
  const made = makeFormats(supported(locale));
  byLocale.set(locale, made);
  return made;
}

/** The formats of the nearest `lang` above an element, shadow roots crossed; else of the document; else English. */
export function formatsFor(element: Element): Formats {
  return formatsOf(langOf(element));
}

/** The nearest `lang`, shadow roots crossed; `en` when none is set. */
export function langOf(element: Element): string {
  let at: Element | null = element;
  while (at) {
    const holder: Element | null = at.closest('[lang]');
    if (holder) return holder.getAttribute('lang') || 'en';
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return 'en';
}

function supported(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale])[0] ?? 'en';
  } catch {
    return 'en';
  }
}

type Numeric = number | bigint | Intl.StringNumericLiteral;

/** Decimal text stays text, so that no digit is lost; anything else that is no number is undefined. */
function numeric(value: Formattable): Numeric | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || value.trim() === '' || Number.isNaN(Number(value))) return undefined;
  return value as Intl.StringNumericLiteral;
}

function makeFormats(locale: string): Formats {
  const cache = new Map<string, Intl.NumberFormat>();
  // British English writes "1.24m", which reads as metres.
  const compactLocale = /^en\b/i.test(locale) ? 'en' : locale;
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const tag = options.notation === 'compact' ? compactLocale : locale;
    const known = cache.get(key) ?? new Intl.NumberFormat(tag, options);
    cache.set(key, known);
    return known;
  };
  const write = (value: Formattable, options: Intl.NumberFormatOptions): string => {
    if (value === null || value === undefined) return missing;
    const read = numeric(value);
    if (read === undefined) return String(value);
    return signs(numberFormat(options).format(read));
  };
  const compactOptions = (value: Formattable): Intl.NumberFormatOptions => {
    const size = Math.abs(Number(value));
    if (size < 10_000) return { maximumFractionDigits: Number.isInteger(Number(value)) ? 0 : 2 };
    return { notation: 'compact', minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  };
  const compact = (value: Formattable): string => spaced(write(value, compactOptions(value)));
  const dates = dateFormatsOf(locale);
  let pluralRules: Intl.PluralRules | undefined;
  let listFormat: Intl.ListFormat | undefined;
  const currencyOptions = (currency: string): Intl.NumberFormatOptions => ({
    style: 'currency',
    currency,
    currencyDisplay: 'code',
  });
  const money = (value: Formattable, currency: string | undefined, rest: Intl.NumberFormatOptions): string =>
    currency !== undefined && /^[A-Z]{3}$/.test(currency)
      ? write(value, { ...currencyOptions(currency), ...rest })
      : write(value, rest.notation ? rest : { minimumFractionDigits: 2, maximumFractionDigits: 2, ...rest });

  return {
    ...dates,
    locale,
    number: (value, digits) =>
      write(
        value,
        digits === undefined
          ? { maximumFractionDigits: 20 }
          : { minimumFractionDigits: digits, maximumFractionDigits: digits },
      ),
    compact,
    money: (value, currency, digits = 0) =>
      money(value, currency, digits > 2 ? { maximumFractionDigits: digits } : {}),
    moneyCompact: (value, currency) => {
      const sign = { currencyDisplay: 'narrowSymbol' } as const;
      return Math.abs(Number(value ?? 0)) < 10_000
        ? money(value, currency, currency === undefined ? {} : sign)
        : spaced(money(value, currency, { ...compactOptions(value), ...sign }));
    },
    percent: (ratio, { digits = 1, signed = false } = {}) =>
      write(ratio, {
        style: 'percent',
        maximumFractionDigits: digits,
        signDisplay: signed ? 'exceptZero' : 'auto',
      }),
    bytes: (count) => {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];
      const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
      const scaled = count / 1024 ** power;
      return write(scaled, {
        style: 'unit',
        unit: units[power]!,
        unitDisplay: power === 0 ? 'long' : 'short',
        maximumFractionDigits: power === 0 || scaled >= 100 ? 0 : 1,
      });
    },
    cell: (value, type, { zone = 'UTC', plain = false } = {}) => {
      if (value === null || value === undefined) return missing;
      if (type.kind === 'bool') return value === true || value === 1 ? '✓' : '✗';
      if (type.kind === 'text') return String(value);
      if (type.kind === 'date') return dates.isoDate(dayStart(value));
      if (type.kind === 'timestamp') return dates.isoDateTime(instant(value), zone);
      if (type.kind === 'decimal')
        return write(value, {
          minimumFractionDigits: type.scale,
          maximumFractionDigits: type.scale,
          useGrouping: !plain,
        });
      if (typeof value === 'number' && !Number.isFinite(value)) return signs(String(value));
      // Four digits stay together, so that a year is not written 2.026.
      const whole = type.kind === 'int32' || type.kind === 'int64';
      return write(value, {
        maximumFractionDigits: 20,
        useGrouping: plain ? false : whole ? 'min2' : 'auto',
      });
    },
    list(items) {
      listFormat ??= new Intl.ListFormat(locale, { type: 'conjunction' });
      return listFormat.format(items);
    },
    plural(count) {
      pluralRules ??= new Intl.PluralRules(locale);
      return pluralRules.select(count);
    },
  };
}

/** Days since 1970-01-01, or ISO text, as UTC ms. */
function dayStart(value: Formattable): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value) * 86_400_000;
}

/** UTC ms, or ISO text, as UTC ms. */
function instant(value: Formattable): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value);
}

/** A real minus sign, as wide as the plus. */
function signs(text: string): string {
  return text.replace('-', '−');
}

/** A thin no-break space between digits and a unit that stands right behind them ("1.24M"). */
function spaced(text: string): string {
  return text.replace(/(\d)(\p{L}+)/u, '$1\u202f$2');
}
