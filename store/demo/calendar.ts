import type { Random } from './random.ts';
import { weighted } from './random.ts';

export const dayMs = 86_400_000;

/** When things happen: instants in order, denser in season, on week days and as the shop grows. */
export interface Timeline {
  readonly count: number;
  /** First day covered, days since 1970-01-01. */
  readonly dayStart: number;
  /** Day after the last one covered. */
  readonly dayEnd: number;
  /** UTC milliseconds of thing `i`, `[0, count)`; never decreasing in `i`. */
  at(i: number): number;
  /** How many things lie before the UTC day that holds `ms`. */
  before(ms: number): number;
}

/** January … December: a quiet February and August, a strong November and December. */
const season = [0.92, 0.84, 0.95, 0.98, 1.02, 1.05, 0.96, 0.78, 1.04, 1.08, 1.32, 1.46];
/** Sunday … Saturday. */
const week = [0.62, 1.12, 1.08, 1.06, 1.1, 1.16, 0.86];
/** Hours of a day, UTC. */
const hours = [
  0.3, 0.2, 0.1, 0.1, 0.2, 0.5, 1.2, 2.6, 4.4, 5.6, 6.1, 5.4, 4.6, 5.2, 5.8, 6, 5.9, 6.2, 6.6, 6.4, 5, 3.4,
  1.8, 0.7,
];

/**
 * Spreads `count` things over `days` days that end with the day before `today` (UTC milliseconds).
 * `growth` is the factor by which a day at the end is busier than one at the start.
 */
export function timeline(
  count: number,
  days: number,
  today: number,
  growth: number,
  random: Random,
  stream: number,
): Timeline {
  const dayEnd = Math.floor(today / dayMs);
  const dayStart = dayEnd - days;
  const weights = Array.from({ length: days }, (_, day) => {
    const date = new Date((dayStart + day) * dayMs);
    const weather = 0.85 + 0.3 * random(stream, day);
    return season[date.getUTCMonth()]! * week[date.getUTCDay()]! * weather * growth ** (day / days);
  });
  const starts = cumulativeCounts(weights, count);
  const hourOf = hourQuantiles();
  return {
    count,
    dayStart,
    dayEnd,
    at(i) {
      const day = lastAtMost(starts, i);
      const inDay = starts[day + 1]! - starts[day]!;
      const position = (i - starts[day]! + random(stream + 1, i)) / inDay;
      return (dayStart + day) * dayMs + Math.floor(hourOf(position));
    },
    before(ms) {
      const day = Math.floor(ms / dayMs) - dayStart;
      return starts[Math.max(0, Math.min(days, day))]!;
    },
  };
}

/** `starts[d]` is the index of the first thing of day `d`; the last entry is `count`. */
function cumulativeCounts(weights: readonly number[], count: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const starts = new Float64Array(weights.length + 1);
  let sum = 0;
  weights.forEach((weight, day) => {
    sum += weight;
    starts[day + 1] = Math.round((sum / total) * count);
  });
  starts[weights.length] = count;
  return starts;
}

/** Largest `d` with `starts[d] ≤ i` whose day is not empty. */
function lastAtMost(starts: Float64Array, i: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= i) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Milliseconds of the day below which a fraction of its things happen, linear within an hour. */
function hourQuantiles(): (fraction: number) => number {
  const total = hours.reduce((sum, weight) => sum + weight, 0);
  const pick = weighted(hours);
  const before = hours.map(
    (_, hour) => hours.slice(0, hour).reduce((sum, weight) => sum + weight, 0) / total,
  );
  return (fraction) => {
    const hour = pick(fraction);
    const within = (fraction - before[hour]!) / (hours[hour]! / total);
    return Math.min(dayMs - 1, (hour + Math.max(0, within)) * 3_600_000);
  };
}
