import type { Samples } from '../samples.ts';

/** Bins a column is cut into at most. */
export const mostBins = 256;

/** Every column as bins: the same split is found from a hundredth of the work. */
export interface Binned {
  readonly rows: number;
  readonly columns: number;
  /** Column-major: bin of row i in column k at `k · rows + i`. */
  readonly bins: Uint8Array;
  /** Upper end of each bin but the last, ascending; values up to and including it are in the bin. */
  readonly edges: readonly Float64Array[];
}

/**
 * Cuts each column at the middles between its distinct values when there are at most {@link mostBins}, else at 255
 * quantiles of its rows.
 */
export function binned(x: Samples): Binned {
  const { rows: n, columns: d, values } = x;
  const bins = new Uint8Array(n * d);
  const edges: Float64Array[] = [];
  const column = new Float64Array(n);
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < n; i++) column[i] = values[i * d + k]!;
    const cuts = cutsOf(column.slice().sort());
    edges.push(cuts);
    for (let i = 0; i < n; i++) bins[k * n + i] = binOf(cuts, column[i]!);
  }
  return { rows: n, columns: d, bins, edges };
}

function cutsOf(sorted: Float64Array): Float64Array {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length <= mostBins; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i]!);
  if (distinct.length <= mostBins) return middles(distinct);
  const at: number[] = [];
  for (let q = 1; q < mostBins; q++) {
    const i = Math.floor((q * sorted.length) / mostBins);
    const [low, high] = [sorted[i - 1]!, sorted[i]!];
    const cut = between(low, high);
    if (low < high && cut !== at[at.length - 1]) at.push(cut);
    else if (low === high && low !== at[at.length - 1] && low < sorted[sorted.length - 1]!) at.push(low);
  }
  return Float64Array.from(new Set(at.sort((a, b) => a - b)));
}

function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

function middles(distinct: readonly number[]): Float64Array {
  return Float64Array.from({ length: distinct.length - 1 }, (_, i) =>
    between(distinct[i]!, distinct[i + 1]!),
  );
}

/** Position of the first cut at or above `value`. */
function binOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
