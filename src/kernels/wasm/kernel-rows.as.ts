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

/** exp(−gamma·|q − x_j|²) of every point j of [0, stride), as doubles. */
export function rbf(points: usize, stride: i32, d: i32, query: usize, gamma: f64, out: usize): void {
  const scale = f64x2.splat(-gamma);
  for (let j = 0; j < stride; j += 8) {
    const o = out + ((<usize>j) << 3);
    distances8(points, stride, d, query, j, o);
    v128.store(o, expPair(f64x2.mul(v128.load(o), scale)));
    v128.store(o, expPair(f64x2.mul(v128.load(o, 16), scale)), 16);
    v128.store(o, expPair(f64x2.mul(v128.load(o, 32), scale)), 32);
    v128.store(o, expPair(f64x2.mul(v128.load(o, 48), scale)), 48);
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
