// The steps of the twin in descent.ts, in the same order. Rows of X'X are `stride` doubles, an even number.

/** Of ½‖y − Xw‖² + l1·‖w‖₁ + ½·l2·‖w‖². */
function dualityGap(
  p: i32,
  xy: usize,
  yy: f64,
  w: usize,
  xxw: usize,
  l1: f64,
  l2: f64,
  positive: bool,
): f64 {
  let fit = 0.0;
  let quadratic = 0.0;
  let norm1 = 0.0;
  let norm2 = 0.0;
  let dual = positive ? -Infinity : 0.0;
  for (let j = 0; j < p; j++) {
    const at = (<usize>j) << 3;
    const weight = f64.load(w + at);
    const product = f64.load(xxw + at);
    fit += weight * f64.load(xy + at);
    quadratic += weight * product;
    norm1 += abs<f64>(weight);
    norm2 += weight * weight;
    const slack = f64.load(xy + at) - product - l2 * weight;
    dual = max<f64>(dual, positive ? slack : abs<f64>(slack));
  }
  const residual = yy + quadratic - 2.0 * fit;
  const share = dual > l1 ? l1 / dual : 1.0;
  const loss = dual > l1 ? 0.5 * (residual + residual * share * share) : residual;
  return loss + l1 * norm1 - share * (yy - fit) + 0.5 * l2 * (1.0 + share * share) * norm2;
}

/** Descends from `w` and `xxw` on and into them; returns the steps taken, below 0 when it has not settled; the gap at `end`. */
export function descend(
  p: i32,
  stride: i32,
  xx: usize,
  xy: usize,
  yy: f64,
  w: usize,
  xxw: usize,
  l1: f64,
  l2: f64,
  tol: f64,
  most: i32,
  positive: bool,
  end: usize,
): i32 {
  const size = (<usize>stride) << 3;
  f64.store(end, tol + 1.0);
  for (let iteration = 1; iteration <= most; iteration++) {
    let largest = 0.0;
    let moved = 0.0;
    let row = xx;
    for (let j = 0; j < p; j++, row += size) {
      const at = (<usize>j) << 3;
      const diagonal = f64.load(row + at);
      if (diagonal == 0.0) continue;
      const before = f64.load(w + at);
      const pull = f64.load(xy + at) - (f64.load(xxw + at) - before * diagonal);
      const length = abs<f64>(pull) - l1;
      let after = 0.0;
      if (length > 0.0 && !(positive && pull < 0.0))
        after = (pull > 0.0 ? length : -length) / (diagonal + l2);
      if (after != before) {
        const step = after - before;
        const steps = f64x2.splat(step);
        for (let k: usize = 0; k < size; k += 16)
          v128.store(
            xxw + k,
            f64x2.add(v128.load(xxw + k), f64x2.mul(steps, v128.load(row + k))),
          );
        f64.store(w + at, after);
        moved = max<f64>(moved, abs<f64>(step));
      }
      largest = max<f64>(largest, abs<f64>(after));
    }
    if (largest == 0.0 || moved / largest < tol || iteration == most) {
      const gap = dualityGap(p, xy, yy, w, xxw, l1, l2, positive);
      f64.store(end, gap);
      if (gap < tol * yy || gap == 0.0) return iteration;
    }
  }
  return -most;
}
