import type { ZoneTable } from './head.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A zone that never changes its offset. */
const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

const made = new Map<string, ZoneTable>();

/**
 * Offsets of an IANA zone over the years `[first, end)`, from this runtime's zone data: the one place where zone
 * rules are read, so that kernels need none. Outside those years the nearest offset stands. An unknown zone is UTC.
 */
export function zoneTable(zone: string, first: number, end: number): ZoneTable {
  if (zone === 'UTC') return utc;
  const key = `${zone} ${first} ${end}`;
  let table = made.get(key);
  if (!table) {
    table = tabulate(zone, Date.UTC(first, 0, 1), Date.UTC(end, 0, 1));
    made.set(key, table);
  }
  return table;
}

export function isZone(zone: string): boolean {
  return formatOf(zone) !== undefined;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      calendar: 'iso8601',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function tabulate(zone: string, start: number, end: number): ZoneTable {
  const format = formatOf(zone);
  if (!format) return utc;
  const offsetAt = (instant: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    return (
      Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) -
      Math.floor(instant / 1000) * 1000
    );
  };
  const from = [-8.64e15];
  const offsetMs = [offsetAt(start)];
  // Rules change at most a few times a year, and never twice within a fortnight: step by weeks, then halve.
  const step = 7 * 24 * hourMs;
  for (let at = start; at < end; at += step) {
    let known = offsetMs[offsetMs.length - 1]!;
    let low = at;
    const stop = Math.min(end, at + step);
    while (offsetAt(stop) !== known) {
      let high = stop;
      while (high - low > minuteMs) {
        const middle = Math.floor((low + high) / 2 / minuteMs) * minuteMs;
        if (middle <= low) break;
        if (offsetAt(middle) === known) low = middle;
        else high = middle;
      }
      from.push(high);
      known = offsetAt(high);
      offsetMs.push(known);
      low = high;
    }
  }
  return { from, offsetMs };
}
