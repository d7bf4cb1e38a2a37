import type { Histogram } from '../protocol/array-client.ts';
import { ExaError } from '../protocol/errors.ts';

/** Weighted numbers on their way into bins, gone through twice: first for their ends where those are not given. */
export interface Weighted {
  /** Told each number and how many of it there are. */
  each(tell: (value: number, count: number) => void): void;
  readonly nans: number;
  readonly unwritten: bigint;
}

const mostBins = 1024;

/**
 * Bins of equal width as NumPy's `histogram`: half open, the last one closed; edges by multiplication, and a number at an
 * edge's rounding goes where the edges say. Throws `invalid` for bins or ends that are none.
 */
export function histogramOf(
  numbers: Weighted,
  { bins, from, to }: { readonly bins: number; readonly from?: number; readonly to?: number },
): Omit<Histogram, 'coverage' | 'exact'> {
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= mostBins))
    throw new ExaError('invalid', `A histogram has 1 to ${mostBins} bins; ${bins} is none.`);
  let low = from ?? Number.POSITIVE_INFINITY;
  let high = to ?? Number.NEGATIVE_INFINITY;
  if (from === undefined || to === undefined)
    numbers.each((value) => {
      if (!Number.isFinite(value)) return;
      if (from === undefined && value < low) low = value;
      if (to === undefined && value > high) high = value;
    });
  if (low === Number.POSITIVE_INFINITY) low = to ?? 0;
  if (high === Number.NEGATIVE_INFINITY) high = from ?? 1;
  if (!(low <= high)) throw new ExaError('invalid', `A histogram from ${low} to ${high} has no bins.`);
  if (low === high) {
    // Half a unit is nothing beside 10^18: the ends must differ.
    const room = Math.max(0.5, Math.abs(low) * 2 ** -30);
    low = Math.max(-Number.MAX_VALUE, low - room);
    high = Math.min(Number.MAX_VALUE, high + room);
  }
  // All of it may be more than a double holds: then by halves.
  const scale = Number.isFinite(high - low) ? 1 : 0.5;
  const width = high * scale - low * scale;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) =>
    i === 0 ? low : i === bins ? high : (low * scale + i * (width / bins)) / scale,
  );
  const counts = new Float64Array(bins);
  let below = 0;
  let above = 0;
  numbers.each((value, count) => {
    if (value < low) below += count;
    else if (value > high) above += count;
    else {
      let bin = Math.min(bins - 1, Math.floor(((value * scale - low * scale) / width) * bins));
      if (value < edges[bin]!) bin--;
      else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
      counts[bin]! += count;
    }
  });
  return { edges, counts, below, above, nans: numbers.nans, unwritten: numbers.unwritten };
}
