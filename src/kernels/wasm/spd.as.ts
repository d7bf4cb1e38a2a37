// Symmetric positive definite matrices, row-major, n a multiple of 4 (padded with the identity).

/** Products of rows p, p+1 with rows q … q+3 over [0, length), length even: eight sums at `out`. */
function tile(p: usize, q: usize, stride: usize, length: i32, out: usize): void {
  let s00 = f64x2.splat(0.0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  const p1 = p + stride;
  const q1 = q + stride;
  const q2 = q1 + stride;
  const q3 = q2 + stride;
  for (let k: usize = 0; k < (<usize>length) << 3; k += 16) {
    const a0 = v128.load(p + k);
    const a1 = v128.load(p1 + k);
    let b = v128.load(q + k);
    s00 = f64x2.add(s00, f64x2.mul(a0, b));
    s10 = f64x2.add(s10, f64x2.mul(a1, b));
    b = v128.load(q1 + k);
    s01 = f64x2.add(s01, f64x2.mul(a0, b));
    s11 = f64x2.add(s11, f64x2.mul(a1, b));
    b = v128.load(q2 + k);
    s02 = f64x2.add(s02, f64x2.mul(a0, b));
    s12 = f64x2.add(s12, f64x2.mul(a1, b));
    b = v128.load(q3 + k);
    s03 = f64x2.add(s03, f64x2.mul(a0, b));
    s13 = f64x2.add(s13, f64x2.mul(a1, b));
  }
  f64.store(out, f64x2.extract_lane(s00, 0) + f64x2.extract_lane(s00, 1));
  f64.store(out, f64x2.extract_lane(s01, 0) + f64x2.extract_lane(s01, 1), 8);
  f64.store(out, f64x2.extract_lane(s02, 0) + f64x2.extract_lane(s02, 1), 16);
  f64.store(out, f64x2.extract_lane(s03, 0) + f64x2.extract_lane(s03, 1), 24);
  f64.store(out, f64x2.extract_lane(s10, 0) + f64x2.extract_lane(s10, 1), 32);
  f64.store(out, f64x2.extract_lane(s11, 0) + f64x2.extract_lane(s11, 1), 40);
  f64.store(out, f64x2.extract_lane(s12, 0) + f64x2.extract_lane(s12, 1), 48);
  f64.store(out, f64x2.extract_lane(s13, 0) + f64x2.extract_lane(s13, 1), 56);
}

/** Takes from entries (i … i+1, j … j+3) their rows' products over columns [start, end). */
function subtract(a: usize, stride: usize, i: i32, j: i32, start: i32, end: i32, scratch: usize): void {
  const from = (<usize>start) << 3;
  const row = a + <usize>i * stride;
  tile(row + from, a + <usize>j * stride + from, stride, end - start, scratch);
  const out = row + ((<usize>j) << 3);
  for (let c: usize = 0; c < 32; c += 8) {
    f64.store(out + c, f64.load(out + c) - f64.load(scratch + c));
    f64.store(out + stride + c, f64.load(out + stride + c) - f64.load(scratch + 32 + c));
  }
}

/**
 * Cholesky factor in place of the lower triangle at `a`; the first row whose pivot is not above 0, or −1. By sixteen
 * columns: while they are brought up to date, two rows stay in the nearest cache.
 */
export function factor(a: usize, n: i32, scratch: usize): i32 {
  const stride = (<usize>n) << 3;
  for (let panel = 0; panel < n; panel += 16) {
    const end = min(panel + 16, n);
    if (panel > 0)
      for (let i = panel; i < n; i += 2)
        for (let j = panel; j < end && j <= i + 1; j += 4) subtract(a, stride, i, j, 0, panel, scratch);
    for (let j = panel; j < end; j += 4) {
      const column = (<usize>j) << 3;
      if (j > panel) for (let i = j; i < n; i += 2) subtract(a, stride, i, j, panel, j, scratch);
      const block = a + <usize>j * stride + column;
      for (let i = j; i < n; i++) {
        const row = a + <usize>i * stride + column;
        for (let c = 0; c < 4; c++) {
          const diagonal = block + <usize>c * stride;
          if (j + c > i) break;
          let sum = f64.load(row + ((<usize>c) << 3));
          for (let b = 0; b < c; b++)
            sum -= f64.load(row + ((<usize>b) << 3)) * f64.load(diagonal + ((<usize>b) << 3));
          if (j + c === i) {
            if (!(sum > 0.0)) return i;
            const root = Math.sqrt(sum);
            f64.store(row + ((<usize>c) << 3), root);
            f64.store(scratch + 64 + ((<usize>c) << 3), 1.0 / root);
          } else f64.store(row + ((<usize>c) << 3), sum * f64.load(scratch + 64 + ((<usize>c) << 3)));
        }
      }
    }
  }
  return -1;
}

/** Inverse of the lower triangle at `l`, in panels of four columns: entry (k, j) at `w + 8·(⌊j/4⌋·4n + 4k + j mod 4)`. */
export function invert(l: usize, w: usize, n: i32): void {
  const stride = (<usize>n) << 3;
  const panel = stride << 2;
  for (let i = 0; i < n; i += 4) {
    const r0 = l + <usize>i * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    for (let j = 0; j <= i; j += 4) {
      let a0 = f64x2.splat(0.0);
      let b0 = a0;
      let a1 = a0;
      let b1 = a0;
      let a2 = a0;
      let b2 = a0;
      let a3 = a0;
      let b3 = a0;
      const base = w + <usize>(j >> 2) * panel;
      for (let k = j; k < i; k++) {
        const at = base + ((<usize>k) << 5);
        const x = v128.load(at);
        const y = v128.load(at, 16);
        const o = (<usize>k) << 3;
        let s = v128.load64_splat(r0 + o);
        a0 = f64x2.add(a0, f64x2.mul(s, x));
        b0 = f64x2.add(b0, f64x2.mul(s, y));
        s = v128.load64_splat(r1 + o);
        a1 = f64x2.add(a1, f64x2.mul(s, x));
        b1 = f64x2.add(b1, f64x2.mul(s, y));
        s = v128.load64_splat(r2 + o);
        a2 = f64x2.add(a2, f64x2.mul(s, x));
        b2 = f64x2.add(b2, f64x2.mul(s, y));
        s = v128.load64_splat(r3 + o);
        a3 = f64x2.add(a3, f64x2.mul(s, x));
        b3 = f64x2.add(b3, f64x2.mul(s, y));
      }
      const out = base + ((<usize>i) << 5);
      v128.store(out, a0);
      v128.store(out, b0, 16);
      v128.store(out, a1, 32);
      v128.store(out, b1, 48);
      v128.store(out, a2, 64);
      v128.store(out, b2, 80);
      v128.store(out, a3, 96);
      v128.store(out, b3, 112);
      for (let r = 0; r < 4; r++) {
        const row = l + <usize>(i + r) * stride + ((<usize>i) << 3);
        const scale = 1.0 / f64.load(row + ((<usize>r) << 3));
        for (let c = 0; c < 4; c++) {
          const at = out + ((<usize>(4 * r + c)) << 3);
          let sum = f64.load(at);
          for (let s = 0; s < r; s++)
            sum += f64.load(row + ((<usize>s) << 3)) * f64.load(out + ((<usize>(4 * s + c)) << 3));
          f64.store(at, ((i === j && r === c ? 1.0 : 0.0) - sum) * scale);
        }
      }
    }
  }
}

/** Wᵀ·W of a lower triangle in panels: lower triangle of the result at `out`, row-major. */
export function gram(w: usize, out: usize, n: i32): void {
  const stride = (<usize>n) << 3;
  const panel = stride << 2;
  for (let i = 0; i < n; i += 4)
    for (let j = 0; j <= i; j += 4) {
      let a0 = f64x2.splat(0.0);
      let b0 = a0;
      let a1 = a0;
      let b1 = a0;
      let a2 = a0;
      let b2 = a0;
      let a3 = a0;
      let b3 = a0;
      const left = w + <usize>(i >> 2) * panel;
      const right = w + <usize>(j >> 2) * panel;
      for (let k = (<usize>i) << 5; k < panel; k += 32) {
        const x = v128.load(right + k);
        const y = v128.load(right + k, 16);
        let s = v128.load64_splat(left + k);
        a0 = f64x2.add(a0, f64x2.mul(s, x));
        b0 = f64x2.add(b0, f64x2.mul(s, y));
        s = v128.load64_splat(left + k, 8);
        a1 = f64x2.add(a1, f64x2.mul(s, x));
        b1 = f64x2.add(b1, f64x2.mul(s, y));
        s = v128.load64_splat(left + k, 16);
        a2 = f64x2.add(a2, f64x2.mul(s, x));
        b2 = f64x2.add(b2, f64x2.mul(s, y));
        s = v128.load64_splat(left + k, 24);
        a3 = f64x2.add(a3, f64x2.mul(s, x));
        b3 = f64x2.add(b3, f64x2.mul(s, y));
      }
      let o = out + <usize>i * stride + ((<usize>j) << 3);
      v128.store(o, a0);
      v128.store(o, b0, 16);
      o += stride;
      v128.store(o, a1);
      v128.store(o, b1, 16);
      o += stride;
      v128.store(o, a2);
      v128.store(o, b2, 16);
      o += stride;
      v128.store(o, a3);
      v128.store(o, b3, 16);
    }
}
