// Cuts of one column for the purest classes, over bins. Same numbers as classSplitPlain in class-split.ts: counts are
// whole, so every sum is exact whatever its order.

/** Sums of weights by class at positions `[start, end)`, into `totals`; whether all are of one class. */
export function sum(
  codes: usize,
  weights: usize,
  start: i32,
  end: i32,
  classes: i32,
  totals: usize,
): bool {
  memory.fill(totals, 0, (<usize>classes) << 3);
  const first = load<i32>(codes + ((<usize>start) << 2));
  let pure = true;
  for (let i = start; i < end; i++) {
    const code = load<i32>(codes + ((<usize>i) << 2));
    if (code != first) pure = false;
    const to = totals + ((<usize>code) << 3);
    store<f64>(to, load<f64>(to) + load<f64>(weights + ((<usize>i) << 3)));
  }
  return pure;
}

/**
 * Best cut of a column (`bins`: a byte a row) over positions `[start, end)`: −2 when all are in one bin, −1 when no cut
 * leaves `least` on both sides, else the bin to cut after, its score in `score`. `keys`: room for `few` words;
 * `histogram`: 256 doubles a class, all 0 between calls; `lefts`: a double a class.
 */
export function look(
  bins: usize,
  order: usize,
  codes: usize,
  weights: usize,
  start: i32,
  end: i32,
  weight: f64,
  classes: i32,
  least: f64,
  few: i32,
  totals: usize,
  lefts: usize,
  keys: usize,
  histogram: usize,
  score: usize,
): i32 {
  const wide = (<usize>classes) << 3;
  memory.fill(lefts, 0, wide);
  let rightSquares: f64 = 0;
  for (let c: usize = 0; c < wide; c += 8) {
    const total = load<f64>(totals + c);
    rightSquares += total * total;
  }
  let leftSquares: f64 = 0;
  let leftWeight: f64 = 0;
  let best: f64 = -Infinity;
  let bin = -1;
  const count = end - start;
  if (count <= few) {
    for (let i = 0; i < count; i++) {
      const row = <usize>load<i32>(order + ((<usize>(start + i)) << 2));
      const key = ((<i32>load<u8>(bins + row)) << 8) | i;
      let at = keys + ((<usize>i) << 2);
      for (; at > keys && load<i32>(at - 4) > key; at -= 4) store<i32>(at, load<i32>(at - 4));
      store<i32>(at, key);
    }
    let here = load<i32>(keys) >> 8;
    if (load<i32>(keys + ((<usize>(count - 1)) << 2)) >> 8 == here) return -2;
    for (let i = 0; i < count; i++) {
      const key = load<i32>(keys + ((<usize>i) << 2));
      if (key >> 8 != here) {
        const rightWeight = weight - leftWeight;
        if (rightWeight < least) break;
        if (leftWeight >= least) {
          const found = leftSquares / leftWeight + rightSquares / rightWeight;
          if (found > best) {
            best = found;
            bin = here;
          }
        }
        here = key >> 8;
      }
      const at = <usize>(start + (key & 255));
      const c = (<usize>load<i32>(codes + (at << 2))) << 3;
      const w = load<f64>(weights + (at << 3));
      const before = load<f64>(lefts + c);
      leftSquares += w * (2 * before + w);
      rightSquares -= w * (2 * (load<f64>(totals + c) - before) - w);
      store<f64>(lefts + c, before + w);
      leftWeight += w;
    }
    store<f64>(score, best);
    return bin;
  }
  let lowest = 255;
  let highest = 0;
  for (let i = start; i < end; i++) {
    const at = (<usize>i) << 2;
    const b = <i32>load<u8>(bins + <usize>load<i32>(order + at));
    lowest = min(lowest, b);
    highest = max(highest, b);
    const slot = histogram + <usize>b * wide + ((<usize>load<i32>(codes + at)) << 3);
    store<f64>(slot, load<f64>(slot) + load<f64>(weights + (at << 1)));
  }
  let isOpen = lowest < highest;
  for (let b = lowest; b <= highest; b++) {
    const slot = histogram + <usize>b * wide;
    let any: f64 = 0;
    for (let c: usize = 0; c < wide; c += 8) {
      const w = load<f64>(slot + c);
      if (w == 0) continue;
      any += w;
      store<f64>(slot + c, 0);
      const before = load<f64>(lefts + c);
      leftSquares += w * (2 * before + w);
      rightSquares -= w * (2 * (load<f64>(totals + c) - before) - w);
      store<f64>(lefts + c, before + w);
    }
    if (any == 0) continue;
    leftWeight += any;
    const rightWeight = weight - leftWeight;
    if (rightWeight < least || b == highest) isOpen = false;
    if (!isOpen || leftWeight < least) continue;
    const found = leftSquares / leftWeight + rightSquares / rightWeight;
    if (found > best) {
      best = found;
      bin = b;
    }
  }
  store<f64>(score, best);
  return lowest < highest ? bin : -2;
}

/** Moves positions whose bin is at most `bin` to the front, all keeping their order; the first of the others. */
export function part(
  bins: usize,
  order: usize,
  codes: usize,
  weights: usize,
  start: i32,
  end: i32,
  bin: i32,
  spare: usize,
): i32 {
  let middle = start;
  let other = spare;
  for (let i = start; i < end; i++) {
    const at = (<usize>i) << 2;
    const row = load<i32>(order + at);
    const code = load<i32>(codes + at);
    const w = load<f64>(weights + (at << 1));
    if (<i32>load<u8>(bins + <usize>row) <= bin) {
      const to = (<usize>middle) << 2;
      store<i32>(order + to, row);
      store<i32>(codes + to, code);
      store<f64>(weights + (to << 1), w);
      middle++;
    } else {
      store<i32>(other, row);
      store<i32>(other, code, 4);
      store<f64>(other, w, 8);
      other += 16;
    }
  }
  for (let from = spare, i = middle; from < other; from += 16, i++) {
    const to = (<usize>i) << 2;
    store<i32>(order + to, load<i32>(from));
    store<i32>(codes + to, load<i32>(from, 4));
    store<f64>(weights + (to << 1), load<f64>(from, 8));
  }
  return middle;
}
