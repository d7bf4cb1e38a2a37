// X'X of shifted columns. Same sums, in the same order, as gramPlain in gram.ts: tiles of 128 rows, in a tile the even
// and the odd rows apart, then both, then into the total.

function sumLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Shifts rows [start, start + rows) of a column into `to`, pads with zeros to 128, and adds their sum. */
function shiftTile(from: usize, rows: i32, shift: f64, to: usize, sum: usize): void {
  const s = f64x2.splat(shift);
  let acc = f64x2.splat(0);
  let r = 0;
  for (; r + 2 <= rows; r += 2) {
    const v = f64x2.sub(v128.load(from + ((<usize>r) << 3)), s);
    v128.store(to + ((<usize>r) << 3), v);
    acc = f64x2.add(acc, v);
  }
  if (r < rows) {
    const v = f64x2.replace_lane(f64x2.splat(0), 0, load<f64>(from + ((<usize>r) << 3)) - shift);
    v128.store(to + ((<usize>r) << 3), v);
    acc = f64x2.add(acc, v);
    r += 2;
  }
  for (; r < 128; r += 2) v128.store(to + ((<usize>r) << 3), f64x2.splat(0));
  store<f64>(sum, load<f64>(sum) + sumLanes(acc));
}

function add(at: usize, v: v128): void {
  store<f64>(at, load<f64>(at) + sumLanes(v));
}

/** The 9 products of three columns at `a` with three at `b`, over `bytes` of each. */
function tile(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c02 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c12 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c22 = f64x2.splat(0);
  const end = a + bytes;
  for (; a < end; a += 16, b += 16) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 1024);
    const a2 = v128.load(a, 2048);
    const b0 = v128.load(b);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    const b1 = v128.load(b, 1024);
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const b2 = v128.load(b, 2048);
    c02 = f64x2.add(c02, f64x2.mul(a0, b2));
    c12 = f64x2.add(c12, f64x2.mul(a1, b2));
    c22 = f64x2.add(c22, f64x2.mul(a2, b2));
  }
  add(out, c00);
  add(out + 8, c01);
  add(out + 16, c02);
  out += stride;
  add(out, c10);
  add(out + 8, c11);
  add(out + 16, c12);
  out += stride;
  add(out, c20);
  add(out + 8, c21);
  add(out + 16, c22);
}

/**
 * Adds to `out` (padded × padded, upper tiles) and `sums` (padded). `x`: `columns` columns of `rows` doubles, `stride`
 * bytes apart; `panel`: room for `padded` columns of 128 doubles, of which those past `columns` are zero; `padded` is a
 * multiple of 3.
 */
export function gram(
  x: usize,
  columns: i32,
  padded: i32,
  rows: i32,
  stride: usize,
  shift: usize,
  panel: usize,
  sums: usize,
  out: usize,
): void {
  const line = (<usize>padded) << 3;
  for (let start = 0; start < rows; start += 128) {
    const left = rows - start;
    const height = left < 128 ? left : 128;
    for (let j = 0; j < columns; j++) {
      const at = <usize>j;
      shiftTile(
        x + at * stride + ((<usize>start) << 3),
        height,
        load<f64>(shift + (at << 3)),
        panel + (at << 10),
        sums + (at << 3),
      );
    }
    const bytes = (<usize>((height + 1) & ~1)) << 3;
    for (let i = 0; i < padded; i += 3)
      for (let j = i; j < padded; j += 3) {
        const a = panel + ((<usize>i) << 10);
        tile(a, panel + ((<usize>j) << 10), bytes, out + <usize>i * line + ((<usize>j) << 3), line);
      }
  }
}
