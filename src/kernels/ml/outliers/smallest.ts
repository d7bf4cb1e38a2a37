/**
 * Positions of the `count` smallest values, ascending; of equal values at the cut the first ones.
 * Finds the cut by Hoare's quickselect (1961) on a copy.
 */
export function smallest(values: Float64Array, count: number): Int32Array {
  if (count >= values.length) return Int32Array.from(values.keys());
  const cut = nthSmallest(values, count - 1);
  const out = new Int32Array(count);
  let below = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! < cut) below++;
  let ties = count - below;
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < cut) out[at++] = i;
    else if (values[i] === cut && ties > 0) {
      out[at++] = i;
      ties--;
    }
  }
  return out;
}

/** The value at `rank` (from 0) in ascending order; `values` stay as they are. */
export function nthSmallest(values: Float64Array, rank: number): number {
  return select(values.slice(), rank);
}

/** Moves the value at `rank` there, what is below it before it, the rest behind. */
function select(a: Float64Array, rank: number): number {
  let low = 0;
  let high = a.length - 1;
  while (low < high) {
    const pivot = medianOfThree(a[low]!, a[(low + high) >> 1]!, a[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i <= j) {
        const swap = a[i]!;
        a[i++] = a[j]!;
        a[j--] = swap;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return a[rank]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: Float64Array): number {
  const n = values.length;
  const a = values.slice();
  const upper = select(a, n >> 1);
  if (n % 2 === 1) return upper;
  let lower = a[0]!;
  for (let i = 1; i < n >> 1; i++) if (a[i]! > lower) lower = a[i]!;
  return (lower + upper) / 2;
}

/** numpy's `percentile` with linear interpolation; `percent` of [0, 100]. */
export function percentile(values: Float64Array, percent: number): number {
  const at = (percent / 100) * (values.length - 1);
  const below = Math.floor(at);
  const low = nthSmallest(values, below);
  if (below === at) return low;
  const high = nthSmallest(values, below + 1);
  const share = at - below;
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
