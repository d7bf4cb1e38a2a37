/**
 * A random number in `[0, 1)` that depends only on the seed, a stream and an index, so that row `i` is the same
 * whatever was made before it. The mixer is "lowbias32" (Chris Wellons, "Prospecting for Hash Functions", 2018).
 */
export type Random = (stream: number, index: number) => number;

export function seededRandom(seed: number): Random {
  return (stream, index) => {
    const low = mix(index ^ mix(seed ^ Math.imul(stream, 0x9e3779b9)));
    const high = mix(low ^ Math.floor(index / 4_294_967_296) ^ stream);
    return ((high >>> 0) + (low >>> 11) / 2_097_152) / 4_294_967_296;
  };
}

function mix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Picks index `i` with probability `weights[i]` ÷ their sum; prepared once. */
export function weighted(weights: readonly number[]): (random: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const ends = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  return (random) => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (random < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
