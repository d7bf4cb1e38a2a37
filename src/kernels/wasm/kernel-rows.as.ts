import { expPair } from './exp-pair.as';

// Points are column-major: value of point j in dimension k at `points + 8·(k·stride + j)`; stride is a multiple of 8.

/** Squared distances of point `at` (its values `query`, d doubles) to points j … j+7, as four pairs at `out`. */
function distances8(points: usize, stride: i32, d: i32, query: usize, j: i32, out: usize): void {
  let s0 = f64x2.splat(0.0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let p = points + ((<usize>j) << 3);
  const step = (<usize>stride) << 3;
  for (let k = 0; k < d; k++) {
    const q = v128.load64_splat(query + ((<usize>k) << 3));
    const d0 = f64x2.sub(v128.load(p), q);
    const d1 = f64x2.sub(v128.load(p, 16), q);
    const d2 = f64x2.sub(v128.load(p, 32), q);
    const d3 = f64x2.sub(v128.load(p, 48), q);
    s0 = f64x2.add(s0, f64x2.mul(d0, d0));
    s1 = f64x2.add(s1, f64x2.mul(d1, d1));
    s2 = f64x2.add(s2, f64x2.mul(d2, d2));
    s3 = f64x2.add(s3, f64x2.mul(d3, d3));
    p += step;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

/** e^x of two doubles of [−708, 0]: the steps of expPair without its ends, so the same bits. */
function expMiddle(x: v128): v128 {
  const n = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(0.5)));
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93145751953125e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.4286068203094173e-6)));
  const z = f64x2.mul(r, r);
  let p = f64x2.add(f64x2.mul(f64x2.splat(1.2617719307481059e-4), z), f64x2.splat(3.0299440770744196e-2));
  p = f64x2.mul(r, f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0)));
  let q = f64x2.add(f64x2.mul(f64x2.splat(3.0019850513866446e-6), z), f64x2.splat(2.524483403496841e-3));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.2726554820815503e-1));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.0));
  const quotient = f64x2.div(p, f64x2.sub(q, p));
  const m = f64x2.add(f64x2.splat(1.0), f64x2.add(quotient, quotient));
  // 2^52 + 1023 + n has n + 1023 in its lowest bits.
  return f64x2.mul(m, i64x2.shl(f64x2.add(n, f64x2.splat(4503599627371519.0)), 52));
}

/** exp(−gamma·|q − x_j|²) of every point j of [0, stride), as doubles. */
export function rbf(points: usize, stride: i32, d: i32, query: usize, gamma: f64, out: usize): void {
  const scale = f64x2.splat(-gamma);
  const least = f64x2.splat(-708.0);
  for (let j = 0; j < stride; j += 8) {
    const o = out + ((<usize>j) << 3);
    distances8(points, stride, d, query, j, o);
    const a = f64x2.mul(v128.load(o), scale);
    const b = f64x2.mul(v128.load(o, 16), scale);
    const c = f64x2.mul(v128.load(o, 32), scale);
    const e = f64x2.mul(v128.load(o, 48), scale);
    const inside = v128.and(
      v128.and(f64x2.ge(a, least), f64x2.ge(b, least)),
      v128.and(f64x2.ge(c, least), f64x2.ge(e, least)),
    );
    if (i64x2.all_true(inside)) {
      v128.store(o, expMiddle(a));
      v128.store(o, expMiddle(b), 16);
      v128.store(o, expMiddle(c), 32);
      v128.store(o, expMiddle(e), 48);
    } else {
      v128.store(o, expPair(a));
      v128.store(o, expPair(b), 16);
      v128.store(o, expPair(c), 32);
      v128.store(o, expPair(e), 48);
    }
  }
}

/** |q − x_j|² of every point j of [0, stride). */
export function distances(points: usize, stride: i32, d: i32, query: usize, out: usize): void {
  for (let j = 0; j < stride; j += 8) distances8(points, stride, d, query, j, out + ((<usize>j) << 3));
}

/** q·x_j of every point j of [0, stride). */
export function dots(points: usize, stride: i32, d: i32, query: usize, out: usize): void {
  const step = (<usize>stride) << 3;
  for (let j = 0; j < stride; j += 4) {
    let s0 = f64x2.splat(0.0);
    let s1 = s0;
    let p = points + ((<usize>j) << 3);
    for (let k = 0; k < d; k++) {
      const q = v128.load64_splat(query + ((<usize>k) << 3));
      s0 = f64x2.add(s0, f64x2.mul(v128.load(p), q));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(p, 16), q));
      p += step;
    }
    const o = out + ((<usize>j) << 3);
    v128.store(o, s0);
    v128.store(o, s1, 16);
  }
}

/** Doubles at `from` rounded to singles at `to`; `count` is a multiple of 8. */
export function narrow(from: usize, to: usize, count: i32): void {
  for (let j = 0; j < count; j += 2) {
    const pair = f32x4.demote_f64x2_zero(v128.load(from + ((<usize>j) << 3)));
    v128.store64_lane(to + ((<usize>j) << 2), pair, 0);
  }
}

/** Sum of products of two arrays in eight lanes, joined ((0+1)+(2+3))+((4+5)+(6+7)) pairwise; `count` a multiple of 8. */
export function dot8(a: usize, b: usize, count: i32): f64 {
  let s0 = f64x2.splat(0.0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let j = 0; j < count; j += 8) {
    const p = a + ((<usize>j) << 3);
    const q = b + ((<usize>j) << 3);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(p), v128.load(q)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(p, 16), v128.load(q, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(p, 32), v128.load(q, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(p, 48), v128.load(q, 48)));
  }
  const l =
    f64x2.extract_lane(s0, 0) +
    f64x2.extract_lane(s0, 1) +
    (f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1));
  const r =
    f64x2.extract_lane(s2, 0) +
    f64x2.extract_lane(s2, 1) +
    (f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1));
  return l + r;
}

/** For each of `m` queries (row-major), `outputs` weighted sums of its RBF values against the points. */
export function rbfSums(
  points: usize,
  stride: i32,
  d: i32,
  queries: usize,
  m: i32,
  gamma: f64,
  weights: usize,
  outputs: i32,
  values: usize,
  out: usize,
): void {
  for (let i = 0; i < m; i++) {
    rbf(points, stride, d, queries + ((<usize>(i * d)) << 3), gamma, values);
    for (let o = 0; o < outputs; o++)
      f64.store(
        out + ((<usize>(i * outputs + o)) << 3),
        dot8(values, weights + ((<usize>(o * stride)) << 3), stride),
      );
  }
}
