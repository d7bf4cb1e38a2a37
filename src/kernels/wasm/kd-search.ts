import { bytes } from './kd-search.as.ts?wasm';
import { apartStart, loadApart } from './load-apart.ts';

interface KdSearchModule {
  open(
    columns: number,
    values: number,
    places: number,
    order: number,
    starts: number,
    ends: number,
    axes: number,
    cuts: number,
    away: number,
    leaf: number,
    slack: number,
  ): void;
  search(queries: number, count: number, k: number, squares: number, rows: number): void;
}

/**
 * A balanced k-d tree: rows in tree order, node i covering positions `[start[i], end[i])` with children 2i + 1 and
 * 2i + 2 unless it is a leaf.
 */
export interface SearchedTree {
  readonly rows: number;
  readonly columns: number;
  /** Row-major values in tree order. */
  readonly values: Float64Array;
  /** The row each position came from. */
  readonly order: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Column a node splits on (−1: a leaf), and the first value of its right child. */
  readonly axis: Int32Array;
  readonly cut: Float64Array;
}

/** Finds the nearest rows of each of `count` queries (row-major): squared distances and rows, nearest first. */
export type TreeSearch = (
  queries: Float64Array,
  count: number,
) => { readonly squared: Float64Array; readonly rows: Int32Array };

/** Cells this little further than the worst kept row are still looked into: sums in another order differ in last bits. */
export const slack = 1 + 1e-12;

/** Queries handed over at a time. */
const chunkQueries = 1024;

const opened = new WeakMap<SearchedTree, (k: number) => TreeSearch>();

/**
 * A search of a tree for up to `k` rows a query (at most its rows), exact; of equally near ones those of lower row
 * numbers. The tree is held in a memory of its own as long as it is used. The bits are those of {@link searchPlain}.
 */
export function treeSearch(tree: SearchedTree, k: number): TreeSearch {
  const open = opened.get(tree) ?? searcher(tree);
  opened.set(tree, open);
  return open(k);
}

function searcher(tree: SearchedTree): (k: number) => TreeSearch {
  const { columns: d, values, order, start, end, axis, cut } = tree;
  const places = new Int32Array(axis.length);
  let doubles = 0;
  let mostRows = 0;
  for (let node = 0; node < axis.length; node++) {
    if (axis[node]! >= 0) continue;
    places[node] = doubles;
    const count = end[node]! - start[node]!;
    doubles += d * ((count + 3) & ~3);
    mostRows = Math.max(mostRows, count);
  }
  let next = apartStart;
  const room = (size: number) => {
    const at = next;
    next += 16 * Math.ceil(size / 16);
    return at;
  };
  const [valuesAt, placesAt, orderAt] = [room(8 * doubles), room(places.byteLength), room(order.byteLength)];
  const [startsAt, endsAt] = [room(start.byteLength), room(end.byteLength)];
  const [axesAt, cutsAt] = [room(axis.byteLength), room(cut.byteLength)];
  const [awayAt, leafAt] = [room(8 * d), room(8 * (mostRows + 4))];
  const queriesAt = room(8 * d * chunkQueries);
  const loaded = loadApart<KdSearchModule>(bytes, next - apartStart);
  if (!loaded) return (k) => searchPlain(tree, k);
  const { exports, memory } = loaded;
  const panels = new Float64Array(memory.buffer, valuesAt, doubles);
  for (let node = 0; node < axis.length; node++) {
    if (axis[node]! >= 0) continue;
    const first = start[node]!;
    const count = end[node]! - first;
    const line = (count + 3) & ~3;
    for (let m = 0, to = places[node]!; m < d; m++, to += line)
      for (let i = 0; i < count; i++) panels[to + i] = values[(first + i) * d + m]!;
  }
  for (const [part, at] of [
    [places, placesAt],
    [order, orderAt],
    [start, startsAt],
    [end, endsAt],
    [axis, axesAt],
  ] as const)
    new Int32Array(memory.buffer, at, part.length).set(part);
  new Float64Array(memory.buffer, cutsAt, cut.length).set(cut);
  exports.open(d, valuesAt, placesAt, orderAt, startsAt, endsAt, axesAt, cutsAt, awayAt, leafAt, slack);
  return (k) => (queries, count) => {
    const squared = new Float64Array(count * k);
    const rows = new Int32Array(count * k);
    const squaredAt = next;
    const rowsAt = squaredAt + 16 * Math.ceil((8 * k * chunkQueries) / 16);
    const missing = rowsAt + 4 * k * chunkQueries - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    for (let from = 0; from < count; from += chunkQueries) {
      const some = Math.min(chunkQueries, count - from);
      new Float64Array(memory.buffer, queriesAt, some * d).set(queries.subarray(from * d, (from + some) * d));
      exports.search(queriesAt, some, k, squaredAt, rowsAt);
      squared.set(new Float64Array(memory.buffer, squaredAt, some * k), from * k);
      rows.set(new Int32Array(memory.buffer, rowsAt, some * k), from * k);
    }
    return { squared, rows };
  };
}

/** The TypeScript twin of {@link treeSearch}. */
export function searchPlain(tree: SearchedTree, k: number): TreeSearch {
  const { columns: d, values, order, start, end, axis, cut } = tree;
  const bestSquared = new Float64Array(k);
  const bestRow = new Int32Array(k);
  const query = new Float64Array(d);
  const away = new Float64Array(d);
  let held = 0;

  function offer(distance: number, row: number): void {
    let at = held < k ? held++ : k - 1;
    for (; at > 0; at--) {
      const before = bestSquared[at - 1]!;
      if (before < distance || (before === distance && bestRow[at - 1]! < row)) break;
      bestSquared[at] = before;
      bestRow[at] = bestRow[at - 1]!;
    }
    bestSquared[at] = distance;
    bestRow[at] = row;
  }

  function scan(node: number): void {
    const to = end[node]!;
    let worst = held < k ? Number.POSITIVE_INFINITY : bestSquared[k - 1]!;
    for (let i = start[node]!; i < to; i++) {
      let sum = 0;
      const at = i * d;
      for (let m = 0; m < d && sum <= worst; m++) {
        const difference = values[at + m]! - query[m]!;
        sum += difference * difference;
      }
      if (sum > worst || (sum === worst && order[i]! > bestRow[k - 1]!)) continue;
      offer(sum, order[i]!);
      if (held === k) worst = bestSquared[k - 1]!;
    }
  }

  /** `least`: squared distance from the query to the node's cell, kept by how far each column is away. */
  function visit(node: number, least: number): void {
    const k0 = axis[node]!;
    if (k0 < 0) {
      scan(node);
      return;
    }
    const offset = query[k0]! - cut[node]!;
    const near = offset < 0 ? 2 * node + 1 : 2 * node + 2;
    const far = offset < 0 ? 2 * node + 2 : 2 * node + 1;
    visit(near, least);
    const known = away[k0]!;
    const further = least - known * known + offset * offset;
    if (held === k && further > bestSquared[k - 1]! * slack) return;
    away[k0] = offset;
    visit(far, further);
    away[k0] = known;
  }

  return (queries, count) => {
    const squared = new Float64Array(count * k);
    const rows = new Int32Array(count * k);
    for (let q = 0; q < count; q++) {
      for (let m = 0; m < d; m++) query[m] = queries[q * d + m]!;
      away.fill(0);
      held = 0;
      visit(0, 0);
      squared.set(bestSquared, q * k);
      rows.set(bestRow, q * k);
    }
    return { squared, rows };
  };
}
