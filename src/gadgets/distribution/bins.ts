/** Equal bins of a number: bin `i` is `[from + i·width, from + (i + 1)·width)`. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

/**
 * About `wanted` bins that cover `[low, high]`, of a round width: 1, 2, 2.5, 5 × 10^k from 1 on (whole for integers), a half, a
 * quarter, … below: numbers that binary fractions hold exactly, so that a bin and a range of its edges are the same rows.
 */
export function niceBins(low: number, high: number, wanted: number, whole: boolean): Bins {
  const width = niceWidth((high - low) / wanted, low, whole);
  const first = Math.floor(low / width);
  return { from: first * width, width, count: Math.floor(high / width) - first + 1 };
}

function niceWidth(rough: number, low: number, whole: boolean): number {
  if (!(rough > 0) || !Number.isFinite(rough))
    return whole || low === 0 ? 1 : binaryAbove(Math.abs(low) / 64);
  if (rough <= 0.5) return whole ? 1 : binaryAbove(rough);
  const power = 10 ** Math.max(0, Math.floor(Math.log10(rough)));
  const steps = whole && power === 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  return steps.map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
}

/** The least power of 2 that is at least `value`. */
function binaryAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}

/** The edge below bin `i`; of `count` the end of the last. */
export function edgeOf(bins: Bins, i: number): number {
  return bins.from + i * bins.width;
}

/** The bin that holds a value; undefined outside all of them. */
export function binOf(bins: Bins, value: number): number | undefined {
  const bin = Math.floor((value - bins.from) / bins.width);
  return bin >= 0 && bin < bins.count ? bin : undefined;
}

/** Share of rows that may lie outside the window, at each end. */
const tailShare = 0.01;
/** A window whose rows fill more than this share of it is not narrowed. */
const fullEnough = 0.25;

/**
 * A narrower window `[low, high]` for bins nearly all of whose rows lie close together, so that a few far values do not
 * press a distribution into one bar; undefined when it fills its window well enough. `counts`: rows a bin; `all`: rows
 * of the whole column, those outside the bins included.
 */
export function narrower(
  bins: Bins,
  counts: readonly number[],
  all: number,
): { readonly low: number; readonly high: number } | undefined {
  const spare = all * tailShare;
  let first = 0;
  for (let passed = counts[0] ?? 0; first < counts.length - 1 && passed <= spare; passed += counts[first]!)
    first++;
  let last = counts.length - 1;
  for (let passed = counts[last] ?? 0; last > first && passed <= spare; passed += counts[last]!) last--;
  if (last - first + 1 > bins.count * fullEnough) return undefined;
  return {
    low: edgeOf(bins, Math.max(0, first - 1)),
    high: edgeOf(bins, Math.min(bins.count, last + 2)),
  };
}
