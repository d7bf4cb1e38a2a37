// Vectors are rows of `size` bytes, a multiple of 32; they come in groups of four, the last filled up with zeros.

function joined(low: v128, high: v128): f64 {
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  );
}

/** Products of `v` with the four rows from `r0` on, at `out`: four lanes each, joined (0+1)+(2+3). */
function products4(v: usize, r0: usize, size: usize, out: usize): void {
  const r1 = r0 + size;
  const r2 = r1 + size;
  const r3 = r2 + size;
  let a = f64x2.splat(0.0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (let j: usize = 0; j < size; j += 32) {
    const low = v128.load(v + j);
    const high = v128.load(v + j, 16);
    a = f64x2.add(a, f64x2.mul(low, v128.load(r0 + j)));
    b = f64x2.add(b, f64x2.mul(high, v128.load(r0 + j, 16)));
    c = f64x2.add(c, f64x2.mul(low, v128.load(r1 + j)));
    d = f64x2.add(d, f64x2.mul(high, v128.load(r1 + j, 16)));
    e = f64x2.add(e, f64x2.mul(low, v128.load(r2 + j)));
    f = f64x2.add(f, f64x2.mul(high, v128.load(r2 + j, 16)));
    g = f64x2.add(g, f64x2.mul(low, v128.load(r3 + j)));
    h = f64x2.add(h, f64x2.mul(high, v128.load(r3 + j, 16)));
  }
  f64.store(out, joined(a, b));
  f64.store(out, joined(c, d), 8);
  f64.store(out, joined(e, f), 16);
  f64.store(out, joined(g, h), 24);
}

/** Products of `v` with every row of `groups` groups, at `out`. */
export function products(v: usize, rows: usize, groups: i32, size: usize, out: usize): void {
  for (let i = 0; i < groups; i++)
    products4(v, rows + <usize>(4 * i) * size, size, out + ((<usize>(4 * i)) << 3));
}

/** Takes from `v` what it shares with every row, a group at a time; `scratch` has room for four doubles. */
export function takeAway(v: usize, rows: usize, groups: i32, size: usize, scratch: usize): void {
  for (let i = 0; i < groups; i++) {
    const r0 = rows + <usize>(4 * i) * size;
    const r1 = r0 + size;
    const r2 = r1 + size;
    const r3 = r2 + size;
    products4(v, r0, size, scratch);
    const p0 = v128.load64_splat(scratch);
    const p1 = v128.load64_splat(scratch, 8);
    const p2 = v128.load64_splat(scratch, 16);
    const p3 = v128.load64_splat(scratch, 24);
    for (let j: usize = 0; j < size; j += 16) {
      const left = f64x2.add(f64x2.mul(p0, v128.load(r0 + j)), f64x2.mul(p1, v128.load(r1 + j)));
      const right = f64x2.add(f64x2.mul(p2, v128.load(r2 + j)), f64x2.mul(p3, v128.load(r3 + j)));
      v128.store(v + j, f64x2.sub(v128.load(v + j), f64x2.add(left, right)));
    }
  }
}
