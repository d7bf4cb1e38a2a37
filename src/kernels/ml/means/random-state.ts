import { log } from '../../math/log.ts';

/** numpy's legacy `RandomState`: what a seed gives there, it gives here. */
export interface RandomState {
  /** Uniform on 0 … 2^32 − 1. */
  uint32(): number;
  /** Uniform on [0, 1), 53 bits: `random_sample`. */
  uniform(): number;
  /** Whole number of [0, n), `1 ≤ n ≤ 2^32`: `randint(n)`. */
  randint(n: number): number;
  /** `permutation(n)`. */
  permutation(n: number): Int32Array;
  /** Standard normal: `randn`. */
  normal(): number;
}

const size = 624;

/** MT19937 (Matsumoto and Nishimura 1998) seeded with a whole number of [0, 2^32), drawn from as numpy 1 does. */
export function randomState(seed: number): RandomState {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let i = 1; i < size; i++) {
    const before = state[i - 1]! ^ (state[i - 1]! >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let at = size;
  let kept: number | undefined;

  function refill(): void {
    for (let i = 0; i < size; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
      state[i] = state[(i + 397) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  }

  function uint32(): number {
    if (at === size) refill();
    let y = state[at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  const uniform = () => ((uint32() >>> 5) * 67_108_864 + (uint32() >>> 6)) / 9_007_199_254_740_992;

  /** Whole number of [0, most] by masked rejection. */
  function upTo(most: number): number {
    if (most === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (uint32() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  return {
    uint32,
    uniform,
    randint: (n) => upTo(n - 1),
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = upTo(i);
        const swap = order[i]!;
        order[i] = order[j]!;
        order[j] = swap;
      }
      return order;
    },
    normal() {
      if (kept !== undefined) {
        const value = kept;
        kept = undefined;
        return value;
      }
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const r = x * x + y * y;
        if (r >= 1 || r === 0) continue;
        const scale = Math.sqrt((-2 * log(r)) / r);
        kept = scale * x;
        return scale * y;
      }
    },
  };
}
