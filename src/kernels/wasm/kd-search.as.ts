// Nearest rows in a k-d tree. Same distances (column after column), order of leaves and answers as searchPlain in
// kd-search.ts. One instance holds one tree.

let columns: i32 = 0;
/** Leaves: columns of rows, filled up to a multiple of four; where each begins, in doubles, by node. */
let values: usize = 0;
let places: usize = 0;
let order: usize = 0;
let starts: usize = 0;
let ends: usize = 0;
let axes: usize = 0;
let cuts: usize = 0;
/** How far the query is from the cell in each column; distances of one leaf. */
let away: usize = 0;
let leaf: usize = 0;

let query: usize = 0;
let wanted: i32 = 0;
let held: i32 = 0;
let squares: usize = 0;
let rows: usize = 0;
let slack: f64 = 1;

export function open(
  columns_: i32,
  values_: usize,
  places_: usize,
  order_: usize,
  starts_: usize,
  ends_: usize,
  axes_: usize,
  cuts_: usize,
  away_: usize,
  leaf_: usize,
  slack_: f64,
): void {
  columns = columns_;
  values = values_;
  places = places_;
  order = order_;
  starts = starts_;
  ends = ends_;
  axes = axes_;
  cuts = cuts_;
  away = away_;
  leaf = leaf_;
  slack = slack_;
}

/** The `k` nearest rows of each of `count` queries (row-major), nearest first, of equals the lower row. */
export function search(queries: usize, count: i32, k: i32, squares_: usize, rows_: usize): void {
  wanted = k;
  squares = squares_;
  rows = rows_;
  query = queries;
  for (let q = 0; q < count; q++) {
    memory.fill(away, 0, (<usize>columns) << 3);
    held = 0;
    visit(0, 0);
    query += (<usize>columns) << 3;
    squares += (<usize>k) << 3;
    rows += (<usize>k) << 2;
  }
}

function visit(node: i32, least: f64): void {
  const axis = load<i32>(axes + ((<usize>node) << 2));
  if (axis < 0) {
    scan(node);
    return;
  }
  const column = (<usize>axis) << 3;
  const offset = load<f64>(query + column) - load<f64>(cuts + ((<usize>node) << 3));
  const low = 2 * node + 1;
  const near = offset < 0 ? low : low + 1;
  visit(near, least);
  const known = load<f64>(away + column);
  const further = least - known * known + offset * offset;
  if (held == wanted && further > load<f64>(squares + ((<usize>(wanted - 1)) << 3)) * slack) return;
  store<f64>(away + column, offset);
  visit(offset < 0 ? low + 1 : low, further);
  store<f64>(away + column, known);
}

function scan(node: i32): void {
  const start = load<i32>(starts + ((<usize>node) << 2));
  const count = load<i32>(ends + ((<usize>node) << 2)) - start;
  const line = (<usize>((count + 3) & ~3)) << 3;
  const base = values + ((<usize>load<i32>(places + ((<usize>node) << 2))) << 3);
  const end = query + ((<usize>columns) << 3);
  for (let r: usize = 0; r < line; r += 32) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let at = base + r;
    for (let m = query; m < end; m += 8, at += line) {
      const q = v128.load_splat<f64>(m);
      const x = f64x2.sub(v128.load(at), q);
      const y = f64x2.sub(v128.load(at, 16), q);
      a = f64x2.add(a, f64x2.mul(x, x));
      b = f64x2.add(b, f64x2.mul(y, y));
    }
    v128.store(leaf + r, a);
    v128.store(leaf + r, b, 16);
  }
  let worst = held < wanted ? Infinity : load<f64>(squares + ((<usize>(wanted - 1)) << 3));
  for (let i = 0; i < count; i++) {
    const square = load<f64>(leaf + ((<usize>i) << 3));
    if (square > worst) continue;
    const row = load<i32>(order + ((<usize>(start + i)) << 2));
    if (square == worst && held == wanted && row > load<i32>(rows + ((<usize>(wanted - 1)) << 2))) continue;
    offer(square, row);
    if (held == wanted) worst = load<f64>(squares + ((<usize>(wanted - 1)) << 3));
  }
}

function offer(square: f64, row: i32): void {
  let at = held < wanted ? held++ : wanted - 1;
  for (; at > 0; at--) {
    const other = load<f64>(squares + ((<usize>(at - 1)) << 3));
    const otherRow = load<i32>(rows + ((<usize>(at - 1)) << 2));
    if (other < square || (other == square && otherRow < row)) break;
    store<f64>(squares + ((<usize>at) << 3), other);
    store<i32>(rows + ((<usize>at) << 2), otherRow);
  }
  store<f64>(squares + ((<usize>at) << 3), square);
  store<i32>(rows + ((<usize>at) << 2), row);
}
