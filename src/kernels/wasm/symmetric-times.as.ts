/** y = M·x for `count` vectors of `stride` doubles each; M symmetric, row-major, stride a multiple of 4, padded with 0. */
export function times(m: usize, stride: i32, x: usize, count: i32, y: usize): void {
  const row = (<usize>stride) << 3;
  memory.fill(y, 0, row * <usize>count);
  for (let k = 0; k < stride; k += 4) {
    const r0 = m + <usize>k * row;
    const r1 = r0 + row;
    const r2 = r1 + row;
    const r3 = r2 + row;
    let c = 0;
    for (; c + 1 < count; c += 2) {
      const from = x + <usize>c * row + ((<usize>k) << 3);
      const to = y + <usize>c * row;
      const a0 = v128.load64_splat(from);
      const a1 = v128.load64_splat(from, 8);
      const a2 = v128.load64_splat(from, 16);
      const a3 = v128.load64_splat(from, 24);
      const b0 = v128.load64_splat(from + row);
      const b1 = v128.load64_splat(from + row, 8);
      const b2 = v128.load64_splat(from + row, 16);
      const b3 = v128.load64_splat(from + row, 24);
      for (let j: usize = 0; j < row; j += 16) {
        const m0 = v128.load(r0 + j);
        const m1 = v128.load(r1 + j);
        const m2 = v128.load(r2 + j);
        const m3 = v128.load(r3 + j);
        const a = f64x2.add(
          f64x2.add(f64x2.mul(a0, m0), f64x2.mul(a1, m1)),
          f64x2.add(f64x2.mul(a2, m2), f64x2.mul(a3, m3)),
        );
        const b = f64x2.add(
          f64x2.add(f64x2.mul(b0, m0), f64x2.mul(b1, m1)),
          f64x2.add(f64x2.mul(b2, m2), f64x2.mul(b3, m3)),
        );
        v128.store(to + j, f64x2.add(v128.load(to + j), a));
        v128.store(to + row + j, f64x2.add(v128.load(to + row + j), b));
      }
    }
    for (; c < count; c++) {
      const from = x + <usize>c * row + ((<usize>k) << 3);
      const to = y + <usize>c * row;
      const a0 = v128.load64_splat(from);
      const a1 = v128.load64_splat(from, 8);
      const a2 = v128.load64_splat(from, 16);
      const a3 = v128.load64_splat(from, 24);
      for (let j: usize = 0; j < row; j += 16) {
        const left = f64x2.add(f64x2.mul(a0, v128.load(r0 + j)), f64x2.mul(a1, v128.load(r1 + j)));
        const right = f64x2.add(f64x2.mul(a2, v128.load(r2 + j)), f64x2.mul(a3, v128.load(r3 + j)));
        v128.store(to + j, f64x2.add(v128.load(to + j), f64x2.add(left, right)));
      }
    }
  }
}
