// Nearest centre of rows stored by column. Same sums, in the same order, as nearestPlain in nearest.ts:
// score = (Σ −2 x_j c_j, column by column) + |c|²; of equals the first centre.

/**
 * Takes `origin[j]` off `rows` values (a multiple of 4) of every column, in place; `squares` gets each row's sum of
 * squares.
 */
export function shift(x: usize, columns: i32, stride: usize, rows: i32, origin: usize, squares: usize): void {
  const bytes = (<usize>rows) << 3;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(squares + at, f64x2.splat(0));
  for (let j = 0; j < columns; j++) {
    const o = v128.load_splat<f64>(origin + ((<usize>j) << 3));
    const column = x + <usize>j * stride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = f64x2.sub(v128.load(column + at), o);
      v128.store(column + at, v);
      v128.store(squares + at, f64x2.add(v128.load(squares + at), f64x2.mul(v, v)));
    }
  }
}

/**
 * `x`: `columns` columns of doubles, `stride` bytes apart; `rows` a multiple of 4 (rows past the real ones are
 * ignored by the caller). `centers`: for every group of four centres, for every column, their four values times −2;
 * `norms`: |c|² of every centre, +∞ for padding; `groups` of four, of the last only two when
 * `half`. `labels`: an int32 a row. `gaps`: each row's sum of squares, replaced by how much farther the second nearest
 * centre is than the nearest.
 */
export function nearest(
  x: usize,
  columns: i32,
  stride: usize,
  rows: i32,
  centers: usize,
  norms: usize,
  groups: i32,
  half: bool,
  labels: usize,
  gaps: usize,
): void {
  const wide = <usize>columns;
  for (let r = 0; r < rows; r += 4) {
    const at = x + ((<usize>r) << 3);
    let best0 = f64x2.splat(Infinity);
    let best1 = f64x2.splat(Infinity);
    let second0 = best0;
    let second1 = best0;
    let index0 = i64x2.splat(0);
    let index1 = i64x2.splat(0);
    const full = half ? groups - 1 : groups;
    for (let g = 0; g < full; g++) {
      const norm = norms + ((<usize>g) << 5);
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let c0 = f64x2.splat(0);
      let c1 = f64x2.splat(0);
      let d0 = f64x2.splat(0);
      let d1 = f64x2.splat(0);
      let from = at;
      let center = centers + <usize>g * (wide << 5);
      const end = center + (wide << 5);
      for (; center < end; center += 32, from += stride) {
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        let w = v128.load_splat<f64>(center);
        a0 = f64x2.add(a0, f64x2.mul(x0, w));
        a1 = f64x2.add(a1, f64x2.mul(x1, w));
        w = v128.load_splat<f64>(center, 8);
        b0 = f64x2.add(b0, f64x2.mul(x0, w));
        b1 = f64x2.add(b1, f64x2.mul(x1, w));
        w = v128.load_splat<f64>(center, 16);
        c0 = f64x2.add(c0, f64x2.mul(x0, w));
        c1 = f64x2.add(c1, f64x2.mul(x1, w));
        w = v128.load_splat<f64>(center, 24);
        d0 = f64x2.add(d0, f64x2.mul(x0, w));
        d1 = f64x2.add(d1, f64x2.mul(x1, w));
      }
      let size = v128.load_splat<f64>(norm);
      a0 = f64x2.add(a0, size);
      a1 = f64x2.add(a1, size);
      size = v128.load_splat<f64>(norm, 8);
      b0 = f64x2.add(b0, size);
      b1 = f64x2.add(b1, size);
      size = v128.load_splat<f64>(norm, 16);
      c0 = f64x2.add(c0, size);
      c1 = f64x2.add(c1, size);
      size = v128.load_splat<f64>(norm, 24);
      d0 = f64x2.add(d0, size);
      d1 = f64x2.add(d1, size);
      const first = <i64>(g << 2);
      let less = f64x2.lt(a0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, a0));
      best0 = f64x2.pmin(best0, a0);
      index0 = v128.bitselect(i64x2.splat(first), index0, less);
      less = f64x2.lt(a1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, a1));
      best1 = f64x2.pmin(best1, a1);
      index1 = v128.bitselect(i64x2.splat(first), index1, less);
      less = f64x2.lt(b0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, b0));
      best0 = f64x2.pmin(best0, b0);
      index0 = v128.bitselect(i64x2.splat(first + 1), index0, less);
      less = f64x2.lt(b1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, b1));
      best1 = f64x2.pmin(best1, b1);
      index1 = v128.bitselect(i64x2.splat(first + 1), index1, less);
      less = f64x2.lt(c0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, c0));
      best0 = f64x2.pmin(best0, c0);
      index0 = v128.bitselect(i64x2.splat(first + 2), index0, less);
      less = f64x2.lt(c1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, c1));
      best1 = f64x2.pmin(best1, c1);
      index1 = v128.bitselect(i64x2.splat(first + 2), index1, less);
      less = f64x2.lt(d0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, d0));
      best0 = f64x2.pmin(best0, d0);
      index0 = v128.bitselect(i64x2.splat(first + 3), index0, less);
      less = f64x2.lt(d1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, d1));
      best1 = f64x2.pmin(best1, d1);
      index1 = v128.bitselect(i64x2.splat(first + 3), index1, less);
    }
    if (half) {
      const norm = norms + ((<usize>full) << 5);
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let from = at;
      let center = centers + <usize>full * (wide << 5);
      const end = center + (wide << 5);
      for (; center < end; center += 32, from += stride) {
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        let w = v128.load_splat<f64>(center);
        a0 = f64x2.add(a0, f64x2.mul(x0, w));
        a1 = f64x2.add(a1, f64x2.mul(x1, w));
        w = v128.load_splat<f64>(center, 8);
        b0 = f64x2.add(b0, f64x2.mul(x0, w));
        b1 = f64x2.add(b1, f64x2.mul(x1, w));
      }
      let size = v128.load_splat<f64>(norm);
      a0 = f64x2.add(a0, size);
      a1 = f64x2.add(a1, size);
      size = v128.load_splat<f64>(norm, 8);
      b0 = f64x2.add(b0, size);
      b1 = f64x2.add(b1, size);
      const first = <i64>(full << 2);
      let less = f64x2.lt(a0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, a0));
      best0 = f64x2.pmin(best0, a0);
      index0 = v128.bitselect(i64x2.splat(first), index0, less);
      less = f64x2.lt(a1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, a1));
      best1 = f64x2.pmin(best1, a1);
      index1 = v128.bitselect(i64x2.splat(first), index1, less);
      less = f64x2.lt(b0, best0);
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, b0));
      best0 = f64x2.pmin(best0, b0);
      index0 = v128.bitselect(i64x2.splat(first + 1), index0, less);
      less = f64x2.lt(b1, best1);
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, b1));
      best1 = f64x2.pmin(best1, b1);
      index1 = v128.bitselect(i64x2.splat(first + 1), index1, less);
    }
    const label = labels + ((<usize>r) << 2);
    store<i32>(label, <i32>i64x2.extract_lane(index0, 0));
    store<i32>(label, <i32>i64x2.extract_lane(index0, 1), 4);
    store<i32>(label, <i32>i64x2.extract_lane(index1, 0), 8);
    store<i32>(label, <i32>i64x2.extract_lane(index1, 1), 12);
    const gap = gaps + ((<usize>r) << 3);
    const squares0 = v128.load(gap);
    const squares1 = v128.load(gap, 16);
    v128.store(gap, f64x2.sub(distance(squares0, second0), distance(squares0, best0)));
    v128.store(gap, f64x2.sub(distance(squares1, second1), distance(squares1, best1)), 16);
  }
}

// @ts-ignore: decorator
@inline
function distance(squares: v128, score: v128): v128 {
  return f64x2.sqrt(f64x2.pmax(f64x2.splat(0), f64x2.add(squares, score)));
}

/**
 * Adds every row whose label changed to its new label's sums and takes it off its old one's (none when below 0), and
 * so with the counts. A value is cut into two multiples of powers of two first, so that sums are exact whatever their
 * order. `pairs` of columns (of an odd number the last one's second is any room); `cuts`: for every pair the numbers
 * that round to the larger powers, then those to the smaller; `high`, `low`: two doubles a pair, for every label.
 */
export function move(
  x: usize,
  pairs: i32,
  stride: usize,
  rows: i32,
  from: usize,
  to: usize,
  cuts: usize,
  high: usize,
  low: usize,
  counts: usize,
): void {
  const line = (<usize>pairs) << 4;
  for (let r = 0; r < rows; r++) {
    const before = load<i32>(from + ((<usize>r) << 2));
    const now = load<i32>(to + ((<usize>r) << 2));
    if (before == now) continue;
    let at = x + ((<usize>r) << 3);
    let gain = <usize>now * line;
    let count = counts + ((<usize>now) << 3);
    store<f64>(count, load<f64>(count) + 1);
    const end = cuts + (line << 1);
    if (before < 0) {
      for (let cut = cuts; cut < end; cut += 32, at += stride << 1, gain += 16) {
        const v = v128.load64_lane(at + stride, v128.load64_zero(at), 1);
        const a = rounded(v, v128.load(cut));
        const b = rounded(f64x2.sub(v, a), v128.load(cut, 16));
        v128.store(high + gain, f64x2.add(v128.load(high + gain), a));
        v128.store(low + gain, f64x2.add(v128.load(low + gain), b));
      }
      continue;
    }
    let loss = <usize>before * line;
    count = counts + ((<usize>before) << 3);
    store<f64>(count, load<f64>(count) - 1);
    for (let cut = cuts; cut < end; cut += 32, at += stride << 1, gain += 16, loss += 16) {
      const v = v128.load64_lane(at + stride, v128.load64_zero(at), 1);
      const a = rounded(v, v128.load(cut));
      const b = rounded(f64x2.sub(v, a), v128.load(cut, 16));
      v128.store(high + gain, f64x2.add(v128.load(high + gain), a));
      v128.store(low + gain, f64x2.add(v128.load(low + gain), b));
      v128.store(high + loss, f64x2.sub(v128.load(high + loss), a));
      v128.store(low + loss, f64x2.sub(v128.load(low + loss), b));
    }
  }
}

// @ts-ignore: decorator
@inline
function rounded(v: v128, cut: v128): v128 {
  return f64x2.sub(f64x2.add(v, cut), cut);
}

/** Rows of a panel (columns, already shifted) as rows of `2 · pairs` doubles. */
export function spread(x: usize, pairs: i32, stride: usize, rows: i32, values: usize): void {
  const line = (<usize>pairs) << 4;
  for (let r = 0; r < rows; r++) {
    let at = x + ((<usize>r) << 3);
    let to = values + <usize>r * line;
    const end = to + line;
    for (; to < end; to += 16, at += stride << 1)
      v128.store(to, v128.load64_lane(at + stride, v128.load64_zero(at), 1));
  }
}

/** Of rows `[start, end)` those whose `until` is not above their label's limit, at most `most`; returns how many. */
export function due(
  labels: usize,
  until: usize,
  start: i32,
  end: i32,
  limits: usize,
  list: usize,
  most: i32,
): i32 {
  let count = 0;
  for (let r = start; r < end && count < most; r++) {
    const label = load<i32>(labels + ((<usize>r) << 2));
    store<i32>(list + ((<usize>count) << 2), r);
    if (<f64>load<f32>(until + ((<usize>r) << 2)) <= load<f64>(limits + ((<usize>label) << 3))) count++;
  }
  return count;
}

/** The listed rows as columns of a panel, their labels, and their sums of squares. The inverse of {@link spread}. */
export function pack(
  values: usize,
  pairs: i32,
  list: usize,
  count: i32,
  x: usize,
  stride: usize,
  labels: usize,
  from: usize,
  squares: usize,
): void {
  const line = (<usize>pairs) << 4;
  // Rows far apart: asked for together first, so that memory is not waited for one by one.
  let touched: u64 = 0;
  for (let i = 0; i < count; i++)
    touched ^= load<u64>(values + <usize>load<i32>(list + ((<usize>i) << 2)) * line);
  store<u64>(squares, touched);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<i32>(list + ((<usize>i) << 2));
    store<i32>(from + ((<usize>i) << 2), load<i32>(labels + (row << 2)));
    let at = values + row * line;
    let to = x + ((<usize>i) << 3);
    const end = at + line;
    let sum = f64x2.splat(0);
    for (; at < end; at += 16, to += stride << 1) {
      const v = v128.load(at);
      sum = f64x2.add(sum, f64x2.mul(v, v));
      v128.store64_lane(to, v, 0);
      v128.store64_lane(to + stride, v, 1);
    }
    store<f64>(
      squares + ((<usize>i) << 3),
      f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1),
    );
  }
}

/** Writes what was found of the listed rows: labels, and until when they keep them. */
export function settle(
  list: usize,
  count: i32,
  to: usize,
  gaps: usize,
  moved: usize,
  labels: usize,
  until: usize,
): void {
  for (let i = 0; i < count; i++) {
    const at = (<usize>load<i32>(list + ((<usize>i) << 2))) << 2;
    const label = load<i32>(to + ((<usize>i) << 2));
    store<i32>(labels + at, label);
    store<f32>(
      until + at,
      <f32>(load<f64>(gaps + ((<usize>i) << 3)) + load<f64>(moved + ((<usize>label) << 3))),
    );
  }
}

/** Each row's squared distance to its label's centre. `centers`: for every column its value of every centre. */
export function distances(
  x: usize,
  columns: i32,
  stride: usize,
  rows: i32,
  labels: usize,
  centers: usize,
  count: i32,
  out: usize,
): void {
  for (let r: usize = 0; r < <usize>rows; r++) store<f64>(out + (r << 3), 0);
  for (let j = 0; j < columns; j++) {
    const column = x + <usize>j * stride;
    const line = centers + ((<usize>j * <usize>count) << 3);
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = r << 3;
      const off = load<f64>(column + at) - load<f64>(line + ((<usize>load<i32>(labels + (r << 2))) << 3));
      store<f64>(out + at, load<f64>(out + at) + off * off);
    }
  }
}
