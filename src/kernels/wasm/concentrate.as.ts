// A C-step of FastMCD over row-major points. Sums go in the order of concentratePlain in concentrate.ts.

/** Squared Mahalanobis distance of every row into `out`; `centred` has room for `p` doubles. */
function distances(x: usize, p: i32, rows: i32, location: usize, whiten: usize, centred: usize, out: usize): void {
  const width = (<usize>p) << 3;
  if (p === 2) {
    const mx = f64.load(location);
    const my = f64.load(location, 8);
    const a = f64.load(whiten);
    const b = f64.load(whiten, 16);
    const c = f64.load(whiten, 24);
    const end = x + ((<usize>rows) << 4);
    for (; x < end; x += 16, out += 8) {
      const dx = f64.load(x) - mx;
      const u = a * dx;
      const v = b * dx + c * (f64.load(x, 8) - my);
      f64.store(out, u * u + v * v);
    }
    return;
  }
  for (let i = 0; i < rows; i++, x += width, out += 8) {
    let total = 0.0;
    for (let k: usize = 0; k < width; k += 8) {
      f64.store(centred + k, f64.load(x + k) - f64.load(location + k));
      const row = whiten + k * <usize>p;
      let sum = 0.0;
      for (let m: usize = 0; m <= k; m += 8) sum += f64.load(row + m) * f64.load(centred + m);
      total += sum * sum;
    }
    f64.store(out, total);
  }
}

function middle(a: f64, b: f64, c: f64): f64 {
  return max(min(a, b), min(max(a, b), c));
}

/** Puts the doubles below `pivot` (or not above it) in front, without a branch; how many they are. */
function partition(at: usize, count: i32, pivot: f64, equal: bool): i32 {
  let front = at;
  const end = at + ((<usize>count) << 3);
  for (let from = at; from < end; from += 8) {
    const value = f64.load(from);
    f64.store(from, f64.load(front));
    f64.store(front, value);
    front += (<usize>(equal ? i32(value <= pivot) : i32(value < pivot))) << 3;
  }
  return <i32>((front - at) >> 3);
}

/** The middle of nine spread over `count` doubles, or of three where they are few. */
function pivotOf(at: usize, count: i32): f64 {
  const last = <usize>(count - 1);
  if (count < 64) return middle(f64.load(at), f64.load(at + ((last >> 1) << 3)), f64.load(at + (last << 3)));
  const step = (last >> 3) << 3;
  const a = middle(f64.load(at), f64.load(at + step), f64.load(at + 2 * step));
  const b = middle(f64.load(at + 3 * step), f64.load(at + 4 * step), f64.load(at + 5 * step));
  const c = middle(f64.load(at + 6 * step), f64.load(at + 7 * step), f64.load(at + 8 * step));
  return middle(a, b, c);
}

/** Reorders `count` doubles until the one at `rank` in ascending order is known; Hoare's quickselect (1961). */
function select(at: usize, count: i32, rank: i32): f64 {
  while (count > 1) {
    const pivot = pivotOf(at, count);
    let below = partition(at, count, pivot, false);
    if (below === 0) {
      below = partition(at, count, pivot, true);
      if (rank < below) return pivot;
    }
    if (rank < below) count = below;
    else {
      at += (<usize>below) << 3;
      count -= below;
      rank -= below;
    }
  }
  return f64.load(at);
}

/** Mean and lower triangle of Σ (x − mean)(x − mean)ᵀ of the rows listed from `support` to `end`. */
function scatter(
  x: usize,
  width: usize,
  support: usize,
  end: usize,
  h: f64,
  location: usize,
  sums: usize,
  centred: usize,
): void {
  memory.fill(location, 0, width);
  memory.fill(sums, 0, width * (width >> 3));
  for (let at = support; at < end; at += 4) {
    const row = x + <usize>i32.load(at) * width;
    for (let k: usize = 0; k < width; k += 8)
      f64.store(location + k, f64.load(location + k) + f64.load(row + k));
  }
  for (let k: usize = 0; k < width; k += 8) f64.store(location + k, f64.load(location + k) / h);
  for (let at = support; at < end; at += 4) {
    const row = x + <usize>i32.load(at) * width;
    for (let k: usize = 0; k < width; k += 8) {
      const a = f64.load(row + k) - f64.load(location + k);
      f64.store(centred + k, a);
      const line = sums + k * (width >> 3);
      for (let m: usize = 0; m <= k; m += 8)
        f64.store(line + m, f64.load(line + m) + a * f64.load(centred + m));
    }
  }
}

/** The same of two columns. */
function scatter2(x: usize, support: usize, end: usize, h: f64, location: usize, sums: usize): void {
  let mx = 0.0;
  let my = 0.0;
  for (let at = support; at < end; at += 4) {
    const row = x + ((<usize>i32.load(at)) << 4);
    mx += f64.load(row);
    my += f64.load(row, 8);
  }
  mx /= h;
  my /= h;
  let xx = 0.0;
  let yx = 0.0;
  let yy = 0.0;
  for (let at = support; at < end; at += 4) {
    const row = x + ((<usize>i32.load(at)) << 4);
    const dx = f64.load(row) - mx;
    const dy = f64.load(row, 8) - my;
    xx += dx * dx;
    yx += dy * dx;
    yy += dy * dy;
  }
  f64.store(location, mx);
  f64.store(location, my, 8);
  f64.store(sums, xx);
  f64.store(sums, yx, 16);
  f64.store(sums, yy, 24);
}

/**
 * Mean (`location`) and lower triangle of the covariance (over `h`) of the `h` rows of the smallest distances under
 * `location` and `whiten`, both overwritten: `location` with the mean, `whiten` with the covariance. Of equal distances at the cut
 * the first rows. `room`: a double a row for distances, one for the selection, an int32 a row, and p + 1 doubles.
 */
export function concentrate(x: usize, p: i32, rows: i32, h: i32, location: usize, whiten: usize, room: usize): void {
  const width = (<usize>p) << 3;
  const length = (<usize>rows) << 3;
  const copy = room + length;
  const support = copy + length;
  const centred = support + (((<usize>rows + 3) & ~1) << 2);
  distances(x, p, rows, location, whiten, centred, room);
  memory.copy(copy, room, length);
  const cut = select(copy, rows, h - 1);
  let below = 0;
  for (let at: usize = 0; at < length; at += 8) below += i32(f64.load(room + at) < cut);
  let ties = h - below;
  let next = support;
  for (let i = 0; i < rows; i++) {
    const distance = f64.load(room + ((<usize>i) << 3));
    const tied = i32(distance === cut) & i32(ties > 0);
    ties -= tied;
    i32.store(next, i);
    next += (<usize>(i32(distance < cut) | tied)) << 2;
  }
  const end = support + ((<usize>h) << 2);
  if (p === 2) scatter2(x, support, end, <f64>h, location, whiten);
  else scatter(x, width, support, end, <f64>h, location, whiten, centred);
  for (let k: usize = 0; k < width; k += 8)
    for (let m: usize = 0; m <= k; m += 8) {
      const at = whiten + k * <usize>p + m;
      f64.store(at, f64.load(at) / <f64>h);
    }
}
