import type { DrawnFeature } from '../../protocol/fit-picture.ts';
import type { Formats } from '../format.ts';
import { niceTicks } from '../trend/trend.figure.ts';

const dayMs = 86_400_000;

/** An axis in Plotly's words. */
export type Axis = Readonly<Record<string, unknown>>;

/** Ends of the values, with room; a single value stands in the middle. NaN is skipped; [0, 1] when there is none. */
export function spanOf(values: Iterable<number>, room = 0.05): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return [0, 1];
  if (low === high) return [low - Math.max(1, Math.abs(low)) / 2, high + Math.max(1, Math.abs(high)) / 2];
  const more = (high - low) * room;
  return [low - more, high + more];
}

/** A number on an axis: short, and telling apart steps of `step`. */
export function tickText(value: number, step: number, formats: Formats): string {
  if (Math.abs(value) >= 10_000 && step >= 100) return formats.compact(value).replace(/[.,]0{1,2}(?!\d)/, '');
  const digits = step > 0 ? Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0;
  const isHalf = Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6;
  return formats.number(Object.is(value, -0) ? 0 : value, digits + (isHalf ? 1 : 0));
}

/** A linear axis over `range` with about `count` round ticks. */
export function linearAxis(
  range: readonly [number, number],
  count: number,
  formats: Formats,
  title?: string,
): Axis {
  let ticks = niceTicks(range[0], range[1], count);
  // One figure tells no scale.
  for (let more = count + 1; ticks.length < 2 && more < count + 6; more++)
    ticks = niceTicks(range[0], range[1], more);
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  return {
    range,
    tickvals: ticks,
    ticktext: ticks.map((tick) => tickText(Math.abs(tick) < step * 1e-9 ? 0 : tick, step, formats)),
    ...(title === undefined ? {} : { title: { text: title, standoff: 8, font: { size: 12 } } }),
  };
}

/** The axis of a feature: numbers, dates (days since 1970), times (UTC ms), or categories by position. */
export function featureAxis(
  feature: DrawnFeature,
  range: readonly [number, number],
  count: number,
  formats: Formats,
): Axis {
  const title = { text: plainText(feature.label), standoff: 8, font: { size: 12 } };
  if (feature.categories) {
    const places = feature.categories.map((_, at) => at);
    const every = Math.max(1, Math.ceil(places.length / (count * 2)));
    const shown = places.filter((at) => at % every === 0);
    return {
      range: [-0.5, places.length - 0.5],
      tickvals: shown,
      ticktext: shown.map((at) => plainText(String(feature.categories![at] ?? '—')).slice(0, 14)),
      title,
    };
  }
  if (feature.kind === 'date' || feature.kind === 'timestamp') {
    const unit = feature.kind === 'date' ? dayMs : 1;
    const ticks = timeTicks(range[0] * unit, range[1] * unit, count);
    return {
      range,
      tickvals: ticks.at.map((at) => at / unit),
      ticktext: ticks.at.map((at) => formats.bin(at, ticks.unit, 'UTC')),
      title,
    };
  }
  const axis = linearAxis(range, count, formats);
  return isYears(feature, range)
    ? { ...axis, ticktext: (axis.tickvals as number[]).map(String), title }
    : { ...axis, title };
}

/** Whole numbers that can only be years are written as such. */
function isYears({ kind }: DrawnFeature, [low, high]: readonly [number, number]): boolean {
  return (kind === 'int32' || kind === 'int64') && low >= 1500 && high <= 2200 && high - low >= 5;
}

/** About `count` calendar starts within `[from, to]`, UTC ms. */
export function timeTicks(
  from: number,
  to: number,
  count: number,
): { readonly at: readonly number[]; readonly unit: 'hour' | 'day' | 'month' | 'year' } {
  const span = to - from;
  if (!(span > 0)) return { at: [], unit: 'day' };
  if (span < 3 * dayMs) return { at: every(from, to, span / count, 3_600_000), unit: 'hour' };
  if (span < 90 * dayMs) return { at: every(from, to, span / count, dayMs), unit: 'day' };
  const months = span / (30.44 * dayMs);
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((one) => months / one <= count) ?? 1200;
  const first = new Date(from);
  const at: number[] = [];
  let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step;
  for (; at.length < 100; month += step) {
    const start = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (start > to) break;
    if (start >= from) at.push(start);
  }
  return { at, unit: step >= 12 ? 'year' : 'month' };
}

function every(from: number, to: number, rough: number, unit: number): number[] {
  const steps = unit === dayMs ? [1, 2, 5, 7, 14, 28] : [1, 2, 3, 6, 12, 24];
  const step = (steps.find((one) => one * unit >= rough) ?? steps.at(-1)!) * unit;
  const at: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to && at.length < 100; k++) at.push(k * step);
  return at;
}

/** Text as Plotly shows it: it reads a few HTML tags, and what comes from data is none. */
export function plainText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A feature's value as people read it. */
export function featureText(feature: DrawnFeature, value: number, formats: Formats): string {
  if (Number.isNaN(value)) return '—';
  if (feature.categories) return String(feature.categories[Math.round(value)] ?? '—');
  if (feature.kind === 'date') return formats.bin(value * dayMs, 'day', 'UTC');
  if (feature.kind === 'timestamp') return new Date(value).toISOString().slice(0, 16).replace('T', ' ');
  return formats.number(significant(value));
}

/** Six significant digits: what a chart can tell. */
export function significant(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}
