// Variables are in `copies` segments of `stride` (a multiple of 8) doubles each; kernel rows and the diagonal in one.

/** Variables compared at once; the last best one is then found within its chunk. */
const chunk: i32 = 128;

let lowestFound: f64 = 0;

/** The lowest value that {@link choose} passed. */
export function lowest(): f64 {
  return lowestFound;
}

function highestLane(pair: v128): f64 {
  const a = f64x2.extract_lane(pair, 0);
  const b = f64x2.extract_lane(pair, 1);
  return a < b ? b : a;
}

/** v ← v − (first·byFirst + second·bySecond); position of the last of the highest v + rise, −1 when all are −∞. */
export function carry(
  v: usize,
  rise: usize,
  first: usize,
  second: usize,
  stride: i32,
  copies: i32,
  byFirst: f64,
  bySecond: f64,
): i32 {
  const a = f64x2.splat(byFirst);
  const b = f64x2.splat(bySecond);
  let best = -Infinity;
  let from = -1;
  for (let s = 0; s < copies; s++)
    for (let start = 0; start < stride; start += chunk) {
      const end = min(start + chunk, stride);
      let top = f64x2.splat(-Infinity);
      for (let k = start; k < end; k += 2) {
        const single = (<usize>k) << 2;
        const at = (<usize>(s * stride + k)) << 3;
        const x = f64x2.promote_low_f32x4(v128.load64_zero(first + single));
        const y = f64x2.promote_low_f32x4(v128.load64_zero(second + single));
        const value = f64x2.sub(v128.load(v + at), f64x2.add(f64x2.mul(x, a), f64x2.mul(y, b)));
        v128.store(v + at, value);
        top = f64x2.pmax(top, f64x2.add(value, v128.load(rise + at)));
      }
      const most = highestLane(top);
      if (most >= best && most > -Infinity) {
        best = most;
        from = s * stride + start;
      }
    }
  if (from < 0) return -1;
  let k = from + min(chunk, stride - (from % stride)) - 1;
  while (!(load<f64>(v + ((<usize>k) << 3)) + load<f64>(rise + ((<usize>k) << 3)) == best)) k--;
  return k;
}

/** Position of the last of the best partners of a variable of value `high`: the greatest (high − v)² ÷ curvature. */
export function choose(
  v: usize,
  fall: usize,
  row: usize,
  diagonal: usize,
  stride: i32,
  copies: i32,
  own: f64,
  high: f64,
): i32 {
  const least = f64x2.splat(1e-12);
  const none = f64x2.splat(-1.0);
  const zero = f64x2.splat(0.0);
  const ownPair = f64x2.splat(own);
  const highPair = f64x2.splat(high);
  let low = f64x2.splat(Infinity);
  let best: f64 = 0;
  let from = -1;
  for (let s = 0; s < copies; s++)
    for (let start = 0; start < stride; start += chunk) {
      const end = min(start + chunk, stride);
      let top = none;
      for (let k = start; k < end; k += 2) {
        const at = (<usize>(s * stride + k)) << 3;
        const value = f64x2.add(v128.load(v + at), v128.load(fall + at));
        low = f64x2.pmin(low, value);
        const x = f64x2.promote_low_f32x4(v128.load64_zero(row + ((<usize>k) << 2)));
        const curvature = f64x2.sub(
          f64x2.add(ownPair, v128.load(diagonal + ((<usize>k) << 3))),
          f64x2.add(x, x),
        );
        const bent = v128.bitselect(curvature, least, f64x2.gt(curvature, zero));
        const difference = f64x2.sub(highPair, value);
        const gain = f64x2.div(f64x2.mul(difference, difference), bent);
        top = f64x2.pmax(top, v128.bitselect(gain, none, f64x2.gt(difference, zero)));
      }
      const most = highestLane(top);
      if (most >= best) {
        best = most;
        from = s * stride + start;
      }
    }
  const a = f64x2.extract_lane(low, 0);
  const b = f64x2.extract_lane(low, 1);
  lowestFound = b < a ? b : a;
  if (from < 0) return -1;
  const base = from - (from % stride);
  let k = from + min(chunk, stride - (from % stride));
  let isBest = false;
  while (!isBest) {
    k--;
    const difference = high - (load<f64>(v + ((<usize>k) << 3)) + load<f64>(fall + ((<usize>k) << 3)));
    if (!(difference > 0)) continue;
    const x: f64 = load<f32>(row + ((<usize>(k - base)) << 2));
    const curvature = own + load<f64>(diagonal + ((<usize>(k - base)) << 3)) - (x + x);
    isBest = (difference * difference) / (curvature > 0 ? curvature : 1e-12) == best;
  }
  return k;
}
