// A node is 16 bytes: threshold (f64), feature (i32), left child (i32; 0: a leaf, whose threshold is its value).

/** Adds to `out` the value of the leaf each of `rows` rows (row-major, `p` columns) ends in. */
export function walk(x: usize, p: i32, rows: i32, nodes: usize, out: usize): void {
  for (let i = 0; i < rows; i++) {
    const row = x + ((<usize>(i * p)) << 3);
    let node = nodes;
    let child = i32.load(node, 12);
    while (child !== 0) {
      const value = f64.load(row + ((<usize>i32.load(node, 8)) << 3));
      child += i32(!(value <= f64.load(node)));
      node = nodes + ((<usize>child) << 4);
      child = i32.load(node, 12);
    }
    const at = out + ((<usize>i) << 3);
    f64.store(at, f64.load(at) + f64.load(node));
  }
}
