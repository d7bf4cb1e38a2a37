// Nearest centre of rows stored by column. Same sums, in the same order, as nearestPlain in nearest.ts:
// score = (Σ −2 x_j c_j, column by column) + |c|²; of equals the first centre.

/** Takes `origin[j]` off `rows` values (rounded up to even) of every column, in place. */
export function shift(x: usize, columns: i32, stride: usize, rows: i32, origin: usize): void {
  for (let j = 0; j < columns; j++) {
    const o = v128.load_splat<f64>(origin + ((<usize>j) << 3));
    let at = x + <usize>j * stride;
    const end = at + ((<usize>rows) << 3);
    for (; at < end; at += 16) v128.store(at, f64x2.sub(v128.load(at), o));
  }
}

/**
 * `x`: `columns` columns of doubles, `stride` bytes apart; `rows` a multiple of 4 (rows past the real ones are
 * ignored by the caller). `centers`: for every group of four centres, for every column, their four values times −2;
 * `norms`: |c|² of every centre, +∞ for padding; `groups` of four, of the last only two when `half`. `labels`: an int32 a row; `scores`: a double a row.
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
  scores: usize,
): void {
  const wide = <usize>columns;
  for (let r = 0; r < rows; r += 4) {
    const at = x + ((<usize>r) << 3);
    let best0 = f64x2.splat(Infinity);
    let best1 = f64x2.splat(Infinity);
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
      best0 = f64x2.pmin(best0, a0);
      index0 = v128.bitselect(i64x2.splat(first), index0, less);
      less = f64x2.lt(a1, best1);
      best1 = f64x2.pmin(best1, a1);
      index1 = v128.bitselect(i64x2.splat(first), index1, less);
      less = f64x2.lt(b0, best0);
      best0 = f64x2.pmin(best0, b0);
      index0 = v128.bitselect(i64x2.splat(first + 1), index0, less);
      less = f64x2.lt(b1, best1);
      best1 = f64x2.pmin(best1, b1);
      index1 = v128.bitselect(i64x2.splat(first + 1), index1, less);
      less = f64x2.lt(c0, best0);
      best0 = f64x2.pmin(best0, c0);
      index0 = v128.bitselect(i64x2.splat(first + 2), index0, less);
      less = f64x2.lt(c1, best1);
      best1 = f64x2.pmin(best1, c1);
      index1 = v128.bitselect(i64x2.splat(first + 2), index1, less);
      less = f64x2.lt(d0, best0);
      best0 = f64x2.pmin(best0, d0);
      index0 = v128.bitselect(i64x2.splat(first + 3), index0, less);
      less = f64x2.lt(d1, best1);
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
      best0 = f64x2.pmin(best0, a0);
      index0 = v128.bitselect(i64x2.splat(first), index0, less);
      less = f64x2.lt(a1, best1);
      best1 = f64x2.pmin(best1, a1);
      index1 = v128.bitselect(i64x2.splat(first), index1, less);
      less = f64x2.lt(b0, best0);
      best0 = f64x2.pmin(best0, b0);
      index0 = v128.bitselect(i64x2.splat(first + 1), index0, less);
      less = f64x2.lt(b1, best1);
      best1 = f64x2.pmin(best1, b1);
      index1 = v128.bitselect(i64x2.splat(first + 1), index1, less);
    }
    const label = labels + ((<usize>r) << 2);
    store<i32>(label, <i32>i64x2.extract_lane(index0, 0));
    store<i32>(label, <i32>i64x2.extract_lane(index0, 1), 4);
    store<i32>(label, <i32>i64x2.extract_lane(index1, 0), 8);
    store<i32>(label, <i32>i64x2.extract_lane(index1, 1), 12);
    const score = scores + ((<usize>r) << 3);
    v128.store(score, best0);
    v128.store(score, best1, 16);
  }
}

/**
 * Adds every row to its label's sums: row-major, `width` doubles a label (even, at least `columns`), in row order; and
 * counts the labels. `rows` are real ones only.
 */
export function accumulate(
  x: usize,
  columns: i32,
  stride: usize,
  rows: i32,
  labels: usize,
  sums: usize,
  width: i32,
  counts: usize,
): void {
  const line = (<usize>width) << 3;
  for (let r = 0; r < rows; r++) {
    const count = counts + ((<usize>load<i32>(labels + ((<usize>r) << 2))) << 3);
    store<f64>(count, load<f64>(count) + 1);
  }
  let j = 0;
  for (; j + 2 <= columns; j += 2) {
    const a = x + <usize>j * stride;
    const b = a + stride;
    const to = sums + ((<usize>j) << 3);
    for (let r = 0; r < rows; r++) {
      const at = (<usize>r) << 3;
      const sum = to + <usize>load<i32>(labels + ((<usize>r) << 2)) * line;
      const pair = v128.load64_lane(b + at, v128.load64_zero(a + at), 1);
      v128.store(sum, f64x2.add(v128.load(sum), pair));
    }
  }
  if (j < columns) {
    const a = x + <usize>j * stride;
    const to = sums + ((<usize>j) << 3);
    for (let r = 0; r < rows; r++) {
      const sum = to + <usize>load<i32>(labels + ((<usize>r) << 2)) * line;
      store<f64>(sum, load<f64>(sum) + load<f64>(a + ((<usize>r) << 3)));
    }
  }
}
