/** A stream of seeded random numbers: the same seed gives the same stream on every machine. */
export interface RandomStream {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform whole number of [0, n), `1 ≤ n ≤ 2^32`, without modulo bias. */
  below(n: number): number;
  /** Uniform on 0 … 2^32 − 1. */
  word(): number;
}

/** One step of the splitmix-like finalizer of MurmurHash3 (Austin Appleby, public domain): a bijection of 32 bits. */
export function mix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rotl(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** xoshiro128** (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators"), seeded by {@link mix32}. */
export function randomStream(seed: number, stream = 0): RandomStream {
  let s0 = mix32(seed + 0x9e3779b9);
  let s1 = mix32(Math.floor(seed / 2 ** 32) + s0 + 0x9e3779b9);
  let s2 = mix32(stream + s1 + 0x9e3779b9);
  let s3 = mix32(Math.floor(stream / 2 ** 32) + s2 + 0x9e3779b9) | 1;

  function word(): number {
    const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotl(s3, 11);
    return result;
  }

  return {
    word,
    uniform: () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992,
    below(n) {
      const limit = 4_294_967_296 - (4_294_967_296 % n);
      let draw = word();
      while (draw >= limit) draw = word();
      return draw % n;
    },
  };
}

/** Draws of different whole numbers of [0, n) in random order (Fisher and Yates); all of them when `count ≥ n`. */
export function samplerOf(n: number): (random: RandomStream, count: number) => Int32Array {
  const all = new Int32Array(n);
  for (let i = 0; i < n; i++) all[i] = i;
  const swap = (i: number, j: number) => {
    const value = all[i]!;
    all[i] = all[j]!;
    all[j] = value;
  };
  return (random, count) => {
    const taken = Math.min(count, n);
    const others = new Int32Array(taken);
    for (let i = 0; i < taken; i++) {
      others[i] = i + random.below(n - i);
      swap(i, others[i]!);
    }
    const drawn = all.slice(0, taken);
    for (let i = taken - 1; i >= 0; i--) swap(i, others[i]!);
    return drawn;
  };
}

/** One draw of {@link samplerOf}. */
export function sampleWithout(random: RandomStream, n: number, count: number): Int32Array {
  return samplerOf(n)(random, count);
}
