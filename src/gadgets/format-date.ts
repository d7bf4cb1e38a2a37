/** How instants are written in one locale. Instants are UTC ms; `zone` is an IANA name, default UTC. */
export interface DateFormats {
  /** "14 Mar 2026". */
  date(instant: number | null | undefined, zone?: string): string;
  /** "14 Mar 2026, 12:04". */
  dateTime(instant: number | null | undefined, zone?: string): string;
  /** "12:04" today in `zone`, "14 Mar, 12:04" this year, else "14 Mar 2026, 12:04". Default zone: the reader's. `now`: UTC ms. */
  moment(instant: number | null | undefined, options?: { zone?: string; now?: number }): string;
  /** "12 – 14 Mar 2026" of `[from, to)`: the last day shown is the one before `to`. */
  period(from: number, to: number, zone?: string): string;
  /** "2026-03-14". */
  isoDate(instant: number | null | undefined, zone?: string): string;
  /** "2026-03-14 12:04", with seconds where they are not zero. */
  isoDateTime(instant: number | null | undefined, zone?: string): string;
  /** Label of a calendar bin that starts at `instant`: "14 Mar 2026", "Mar 2026", "Q1 2026", "2026", "14:00". */
  bin(instant: number, unit: CalendarUnit, zone?: string): string;
  /** On an axis, after the label of a bin that starts at `after`: "21 Mar", "Apr", "Q2", "15:00", without what both have. */
  binAfter(after: number | undefined, instant: number, unit: CalendarUnit, zone?: string): string;
}

type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

const none = '—';

/** {@link DateFormats} of a supported locale. English without a region writes day before month. */
export function dateFormatsOf(locale: string): DateFormats {
  const dateLocale = locale === 'en' ? 'en-GB' : locale;
  const cache = new Map<string, Intl.DateTimeFormat>();
  const formatOf = (options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat => {
    const key = `${zone ?? ''} ${JSON.stringify(options)}`;
    const known = cache.get(key);
    if (known) return known;
    const made = zoned(dateLocale, options, zone);
    cache.set(key, made);
    return made;
  };
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const write = (
    instant: number | null | undefined,
    options: Intl.DateTimeFormatOptions,
    zone: string | undefined,
  ): string => (isInstant(instant) ? formatOf(options, zone).format(instant) : none);
  const date = (instant: number | null | undefined, zone = 'UTC'): string => write(instant, day, zone);
  const bin: DateFormats['bin'] = (instant, unit, zone = 'UTC') => {
    if (!isInstant(instant)) return none;
    if (unit === 'year') return write(instant, { year: 'numeric' }, zone);
    if (unit === 'month') return write(instant, { month: 'short', year: 'numeric' }, zone);
    if (unit === 'hour') return write(instant, { ...day, ...time }, zone);
    if (unit !== 'quarter') return date(instant, zone);
    const { date: isoDay } = isoParts(instant, zone);
    return `${quarterOf(isoDay)} ${isoDay.slice(0, -6)}`;
  };

  return {
    date,
    dateTime: (instant, zone = 'UTC') => write(instant, { ...day, ...time }, zone),
    moment: (instant, { zone, now = Date.now() } = {}) => {
      if (!isInstant(instant)) return none;
      const isSame = (part: Intl.DateTimeFormatOptions): boolean =>
        formatOf(part, zone).format(now) === formatOf(part, zone).format(instant);
      if (isSame(day)) return write(instant, time, zone);
      const { year, ...dayOfYear } = day;
      return write(instant, isSame({ year }) ? { ...dayOfYear, ...time } : { ...day, ...time }, zone);
    },
    period: (from, to, zone = 'UTC') => {
      const last = Math.max(from, to - 1);
      if (!isInstant(from) || !isInstant(last)) return none;
      return formatOf(day, zone).formatRange(from, last);
    },
    isoDate: (instant, zone = 'UTC') => (isInstant(instant) ? isoParts(instant, zone).date : none),
    isoDateTime: (instant, zone = 'UTC') => {
      if (!isInstant(instant)) return none;
      const { date: isoDay, time: isoTime } = isoParts(instant, zone);
      return `${isoDay} ${isoTime.endsWith(':00') ? isoTime.slice(0, 5) : isoTime}`;
    },
    bin,
    binAfter: (after, instant, unit, zone = 'UTC') => {
      if (!isInstant(instant)) return none;
      const now = isoParts(instant, zone);
      const then = isInstant(after) ? isoParts(after, zone).date : '';
      if (unit === 'hour' && then === now.date) return write(instant, time, zone);
      const isDay = unit === 'day' || unit === 'week' || (unit === 'hour' && now.time === '00:00:00');
      if (then.slice(0, -6) !== now.date.slice(0, -6)) return bin(instant, isDay ? 'day' : unit, zone);
      if (isDay) return write(instant, { day: 'numeric', month: 'short' }, zone);
      if (unit === 'month') return write(instant, { month: 'short' }, zone);
      return unit === 'quarter' ? quarterOf(now.date) : bin(instant, unit, zone);
    },
  };
}

/** "Q1" of "2026-03-14". */
function quarterOf(isoDay: string): string {
  return `Q${Math.floor((Number(isoDay.slice(-5, -3)) + 2) / 3)}`;
}

function isInstant(instant: number | null | undefined): instant is number {
  return typeof instant === 'number' && Math.abs(instant) <= 8.64e15;
}

/** An unknown zone is written as UTC rather than failing a whole grid. */
function zoned(
  locale: string,
  options: Intl.DateTimeFormatOptions,
  zone: string | undefined,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
}

const isoFormats = new Map<string, Intl.DateTimeFormat>();

function isoParts(instant: number, zone: string): { date: string; time: string } {
  if (zone === 'UTC') {
    const [isoDay, rest] = new Date(instant).toISOString().split('T') as [string, string];
    return { date: isoDay, time: rest.slice(0, 8) };
  }
  const format =
    isoFormats.get(zone) ??
    zoned(
      'en-US',
      {
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      },
      zone,
    );
  isoFormats.set(zone, format);
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instant)) parts[type] = value;
  return {
    date: `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
  };
}
