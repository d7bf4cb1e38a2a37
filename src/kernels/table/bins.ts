import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { TimeUnit } from '../../protocol/query.ts';
import { startOfUnit } from './civil.ts';
import { codeColumn, codeDoubles, type KeyCodes, type Selection } from './key-codes.ts';
import { doublesOf } from './numbers.ts';
import { spanOfInts, spanOfRows } from './span.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Index of the bin `[origin + k·width, origin + (k + 1)·width)` that holds `value`; ±∞ and NaN are their own bins. */
export function binIndex(value: number, origin: number, width: number): number {
  return Math.floor((value - origin) / width) + 0;
}

/** Codes a numeric column's bins; the values are bin indices as float64. Codes are written to `room` where given. */
export function codeNumberBins(
  data: ColumnData,
  bins: { readonly origin: number; readonly width: number },
  rows: Selection,
  room?: Int32Array,
): KeyCodes {
  const { origin, width } = bins;
  if (!(width > 0) || !Number.isFinite(width) || !Number.isFinite(origin))
    throw new ExaError('invalid', 'A bin needs a width above 0.', { facts: { width } });
  const values = data.kind === 'int32' ? data.values : doublesOf(data);
  const float = (taken: Float64Array, validity: Uint8Array | undefined): ColumnData => ({
    kind: 'float64',
    length: taken.length,
    validity,
    values: taken,
  });
  const span = spanOfRows(values, rows);
  const first = binIndex(span.low, origin, width);
  const size = binIndex(span.high, origin, width) - first + 1;
  if (!data.validity && size > 0 && size <= 1 << 18) {
    const codes =
      room && room.length >= data.length ? room.subarray(0, data.length) : new Int32Array(data.length);
    if (values instanceof Int32Array) binInts(values, origin, width, first, rows, codes);
    else binDoubles(values, origin, width, first, rows, codes);
    const take = (wanted: ArrayLike<number>): ColumnData =>
      float(
        Float64Array.from(wanted, (code) => code + first),
        undefined,
      );
    return { codes, size, take };
  }
  const indices = Float64Array.from(values, (value) => binIndex(value, origin, width));
  return codeDoubles(indices, data, rows, float);
}

function binInts(
  values: Int32Array,
  origin: number,
  width: number,
  first: number,
  rows: Selection,
  codes: Int32Array,
): void {
  if (rows)
    for (let n = 0; n < rows.length; n++) {
      const i = rows[n]!;
      codes[i] = Math.floor((values[i]! - origin) / width) - first;
    }
  else for (let i = 0; i < codes.length; i++) codes[i] = Math.floor((values[i]! - origin) / width) - first;
}

function binDoubles(
  values: Float64Array,
  origin: number,
  width: number,
  first: number,
  rows: Selection,
  codes: Int32Array,
): void {
  if (rows)
    for (let n = 0; n < rows.length; n++) {
      const i = rows[n]!;
      codes[i] = Math.floor((values[i]! - origin) / width) - first;
    }
  else for (let i = 0; i < codes.length; i++) codes[i] = Math.floor((values[i]! - origin) / width) - first;
}

/**
 * Codes calendar bins of dates (which have no zone) or timestamps in a zone. The values are first local days
 * (date), or for hours the UTC instants at which they start, so the hour that a zone repeats is two bins.
 */
export function codeTimeBins(
  data: ColumnData,
  bins: { readonly unit: TimeUnit; readonly zone: ZoneTable },
  rows: Selection,
): KeyCodes {
  if (data.kind !== 'date' && data.kind !== 'timestamp')
    throw new ExaError('invalid', `Only dates and times have a ${bins.unit}, not a ${data.kind}.`);
  if (bins.unit === 'hour') return codeHours(data, bins.zone, rows);
  const { length, validity, values } = data;
  const days = values instanceof Int32Array ? values : localDays(values, bins.zone, rows);
  const starts = bins.unit === 'day' ? days : startsOf(days, bins.unit, rows);
  return codeColumn({ kind: 'date', length, validity, values: starts }, rows);
}

function startsOf(
  days: Int32Array,
  unit: 'week' | 'month' | 'quarter' | 'year',
  rows: Selection,
): Int32Array {
  const { low, high } = spanOfInts(days);
  const starts = new Int32Array(days.length);
  const count = rows ? rows.length : days.length;
  const spread = high - low + 1;
  if (spread > 1 << 16) {
    for (let n = 0; n < count; n++) {
      const i = rows ? rows[n]! : n;
      starts[i] = startOfUnit(days[i]!, unit);
    }
    return starts;
  }
  const table = new Int32Array(Math.max(0, spread));
  for (let day = 0; day < spread; day++) table[day] = startOfUnit(low + day, unit);
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    starts[i] = table[days[i]! - low]!;
  }
  return starts;
}

/** Each instant on the clock of a zone, in ms. */
export function localInstants(instants: Float64Array, zone: ZoneTable): Float64Array {
  const at = { from: Number.NaN, to: Number.NaN, offset: 0 };
  return instants.map((instant) => {
    if (!(instant >= at.from && instant < at.to)) seek(at, zone, instant);
    return instant + at.offset;
  });
}

/** The local day of each selected instant. */
export function localDays(instants: Float64Array, zone: ZoneTable, rows: Selection): Int32Array {
  const days = new Int32Array(instants.length);
  const count = rows ? rows.length : instants.length;
  const at = { from: Number.NaN, to: Number.NaN, offset: 0 };
  for (let n = 0; n < count; n++) {
    const i = rows ? rows[n]! : n;
    const instant = instants[i]!;
    if (!(instant >= at.from && instant < at.to)) seek(at, zone, instant);
    days[i] = Math.floor((instant + at.offset) / dayMs);
  }
  return days;
}

function codeHours(
  data: Pick<ColumnData, 'length' | 'validity'> & { readonly values: Int32Array | Float64Array },
  zone: ZoneTable,
  rows: Selection,
): KeyCodes {
  const starts = new Float64Array(data.length);
  const at = { from: Number.NaN, to: Number.NaN, offset: 0 };
  const days = data.values instanceof Int32Array;
  for (let i = 0; i < starts.length; i++) {
    const instant = data.values[i]!;
    if (days) {
      starts[i] = instant * dayMs;
      continue;
    }
    if (!(instant >= at.from && instant < at.to)) seek(at, zone, instant);
    starts[i] = Math.floor((instant + at.offset) / hourMs) * hourMs - at.offset;
  }
  return codeDoubles(starts, data, rows, (values, validity) => ({
    kind: 'timestamp',
    length: values.length,
    validity,
    values,
  }));
}

/** Finds the stretch `[from, to)` of constant offset that holds `instant`. */
function seek(at: { from: number; to: number; offset: number }, zone: ZoneTable, instant: number): void {
  let low = 0;
  let high = zone.from.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (zone.from[middle]! <= instant) low = middle;
    else high = middle;
  }
  at.from = low === 0 ? Number.NEGATIVE_INFINITY : zone.from[low]!;
  at.to = zone.from[low + 1] ?? Number.POSITIVE_INFINITY;
  at.offset = zone.offsetMs[low] ?? 0;
}
