// The loops a cube is built by. They are functions of their own, with nothing captured, so that engines keep their
// arrays in registers: captured, mutable arrays made the same loops three times slower (V8, November 2026).

/** Sets `marks[code]` for the code of every row. */
export function markCodes(codes: Int32Array, rows: Uint16Array, marks: Int32Array): void {
  for (let n = 0; n < rows.length; n++) marks[codes[rows[n]!]!] = 1;
}

/** `cells[n]` is where row `n`'s group starts, plus its bin; counts each. */
export function placeRows(
  codes: Int32Array,
  rows: Uint16Array,
  bins: Int32Array,
  starts: Int32Array,
  cells: Int32Array,
  counts: Int32Array,
): void {
  for (let n = 0; n < rows.length; n++) {
    const cell = starts[codes[rows[n]!]!]! + bins[n]!;
    cells[n] = cell;
    counts[cell]!++;
  }
}

/** Adds `by` to the count of each cell. */
export function countCells(cells: Int32Array, counts: Int32Array, by: 1 | -1): void {
  for (let n = 0; n < cells.length; n++) counts[cells[n]!]! += by;
}

/** Adds each row's value to its cell. */
export function sumDoublesInto(
  values: Float64Array,
  rows: Uint16Array,
  cells: Int32Array,
  sums: Float64Array,
): void {
  for (let n = 0; n < rows.length; n++) sums[cells[n]!]! += values[rows[n]!]!;
}

/** Adds each row's value to its cell. */
export function sumIntsInto(
  values: Int32Array,
  rows: Uint16Array,
  cells: Int32Array,
  sums: Float64Array,
): void {
  for (let n = 0; n < rows.length; n++) sums[cells[n]!]! += values[rows[n]!]!;
}

/** Adds the low (unsigned) and high (signed) words of each row's 64-bit integer to its cell. */
export function sumWordsInto(
  words: Int32Array,
  rows: Uint16Array,
  cells: Int32Array,
  lows: Float64Array,
  highs: Float64Array,
): void {
  for (let n = 0; n < rows.length; n++) {
    const i = 2 * rows[n]!;
    const cell = cells[n]!;
    lows[cell]! += words[i]! >>> 0;
    highs[cell]! += words[i + 1]!;
  }
}

/** As {@link placeRows}, by value; stops at a value `starts` does not know and returns its index, or the end. */
export function placeInts(
  values: Int32Array,
  rows: Uint16Array,
  bins: Int32Array,
  low: number,
  starts: Int32Array,
  cells: Int32Array,
  counts: Int32Array,
  from: number,
): number {
  for (let n = from; n < rows.length; n++) {
    const place = values[rows[n]!]! - low;
    if (!(place >= 0 && place < starts.length)) return n;
    const start = starts[place]!;
    if (start < 0) return n;
    const cell = start + bins[n]!;
    cells[n] = cell;
    counts[cell]!++;
  }
  return rows.length;
}

/** As {@link placeInts}, by bin of a width. */
export function placeBinnedInts(
  values: Int32Array,
  origin: number,
  width: number,
  rows: Uint16Array,
  bins: Int32Array,
  low: number,
  starts: Int32Array,
  cells: Int32Array,
  counts: Int32Array,
  from: number,
): number {
  for (let n = from; n < rows.length; n++) {
    const place = Math.floor((values[rows[n]!]! - origin) / width) - low;
    if (!(place >= 0 && place < starts.length)) return n;
    const start = starts[place]!;
    if (start < 0) return n;
    const cell = start + bins[n]!;
    cells[n] = cell;
    counts[cell]!++;
  }
  return rows.length;
}

/** As {@link placeBinnedInts}, of doubles. */
export function placeBinnedDoubles(
  values: Float64Array,
  origin: number,
  width: number,
  rows: Uint16Array,
  bins: Int32Array,
  low: number,
  starts: Int32Array,
  cells: Int32Array,
  counts: Int32Array,
  from: number,
): number {
  for (let n = from; n < rows.length; n++) {
    const place = Math.floor((values[rows[n]!]! - origin) / width) - low;
    if (!(place >= 0 && place < starts.length)) return n;
    const start = starts[place]!;
    if (start < 0) return n;
    const cell = start + bins[n]!;
    cells[n] = cell;
    counts[cell]!++;
  }
  return rows.length;
}
