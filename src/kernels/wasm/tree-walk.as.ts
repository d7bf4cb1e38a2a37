// A node is 16 bytes: threshold (f64), feature (i32), left child (i32). A leaf stays where it is: its threshold is NaN, so
// that every row goes right, and its left child is the node before it. `values`: a double a node.

/** The node a row goes to from `node`. */
@inline
function next(row: usize, nodes: usize, node: i32): i32 {
  const at = nodes + ((<usize>node) << 4);
  const value = f64.load(row + ((<usize>i32.load(at, 8)) << 3));
  return i32.load(at, 12) + i32(!(value <= f64.load(at)));
}

@inline
function add(out: usize, values: usize, node: i32): void {
  f64.store(out, f64.load(out) + f64.load(values + ((<usize>node) << 3)));
}

/**
 * Adds to `out` the value of the leaf each of `rows` rows (row-major, `p` columns, rounded up to a multiple of 8) ends in.
 * Eight rows go down together: the steps of one hide the waits of another.
 */
export function walk(x: usize, p: i32, rows: i32, nodes: usize, values: usize, out: usize): void {
  const width = (<usize>p) << 3;
  for (let i = 0; i < rows; i += 8, x += width << 3, out += 64) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    let moved = 1;
    while (moved) {
      let to = next(x, nodes, a);
      moved = to ^ a;
      a = to;
      to = next(x + width, nodes, b);
      moved |= to ^ b;
      b = to;
      to = next(x + 2 * width, nodes, c);
      moved |= to ^ c;
      c = to;
      to = next(x + 3 * width, nodes, d);
      moved |= to ^ d;
      d = to;
      to = next(x + 4 * width, nodes, e);
      moved |= to ^ e;
      e = to;
      to = next(x + 5 * width, nodes, f);
      moved |= to ^ f;
      f = to;
      to = next(x + 6 * width, nodes, g);
      moved |= to ^ g;
      g = to;
      to = next(x + 7 * width, nodes, h);
      moved |= to ^ h;
      h = to;
    }
    add(out, values, a);
    add(out + 8, values, b);
    add(out + 16, values, c);
    add(out + 24, values, d);
    add(out + 32, values, e);
    add(out + 40, values, f);
    add(out + 48, values, g);
    add(out + 56, values, h);
  }
}
