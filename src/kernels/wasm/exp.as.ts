import { expPair } from './exp-pair.as';

/** e^x in place of `count` doubles at `at` (a multiple of 16); an odd count also overwrites the double after them. */
export function exp(at: usize, count: i32): void {
  for (let i = 0; i < count; i += 2) {
    const p = at + ((<usize>i) << 3);
    v128.store(p, expPair(v128.load(p)));
  }
}
