import { ExaError } from '../protocol/errors.ts';

/** Turns a local instant (milliseconds since 1970-01-01T00:00 on the zone's own clocks) into UTC milliseconds. */
export type LocalToUtc = (localMs: number) => number;

const hourMs = 3_600_000;

/**
 * Local time of an IANA zone to UTC. An hour that happens twice is read as the first; one that is skipped as if the
 * clocks had not yet been changed. Throws `invalid` for a zone that does not exist.
 */
export function localToUtc(zone: string): LocalToUtc {
  if (zone === 'UTC') return (localMs) => localMs;
  const offsetAt = zoneOffsets(zone);
  return (localMs) => {
    const before = offsetAt(localMs - 24 * hourMs);
    const early = localMs - before;
    if (offsetAt(early) === before) return early;
    const after = offsetAt(localMs + 24 * hourMs);
    const late = localMs - after;
    return offsetAt(late) === after ? late : early;
  };
}

/** Milliseconds east of UTC at an instant; asked of `Intl` once an hour of the data. */
function zoneOffsets(zone: string): (utcMs: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new ExaError('invalid', `There is no time zone ${zone}: give an IANA name such as Europe/Paris.`, {
      facts: { zone },
      cause,
    });
  }
  const known = new Map<number, number>();
  return (utcMs) => {
    const hour = Math.floor(utcMs / (hourMs / 4));
    let offset = known.get(hour);
    if (offset === undefined) {
      offset = offsetNow(format, hour * (hourMs / 4));
      known.set(hour, offset);
    }
    return offset;
  };
}

function offsetNow(format: Intl.DateTimeFormat, utcMs: number): number {
  const part: Record<string, number> = {};
  let before = false;
  for (const { type, value } of format.formatToParts(utcMs)) {
    if (type === 'era') before = value === 'BC';
    else part[type] = Number(value);
  }
  const year = before ? 1 - part.year! : part.year!;
  const local = new Date(0);
  local.setUTCFullYear(year, part.month! - 1, part.day!);
  local.setUTCHours(part.hour!, part.minute!, part.second!, 0);
  return local.getTime() - utcMs;
}
