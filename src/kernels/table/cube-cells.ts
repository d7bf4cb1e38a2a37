/** `cells` with room for `size`, the new ones 0 (or `fill`); grows by half, so that growing is rare. */
export function grown<T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  cells: T,
  size: number,
): T {
  if (size <= cells.length) return cells;
  const capacity = Math.max(size, cells.length + (cells.length >> 1), 1024);
  const larger = cells instanceof Int32Array ? new Int32Array(capacity) : new Float64Array(capacity);
  larger.set(cells);
  return larger as T;
}

const two32 = 4_294_967_296;

/** Moves what exceeds 32 bits of each `low` into `high`, which counts in 2^32. */
export function carry(low: Float64Array, high: Float64Array): void {
  for (let cell = 0; cell < low.length; cell++) {
    const over = Math.floor(low[cell]! / two32);
    if (over === 0) continue;
    low[cell]! -= over * two32;
    high[cell]! += over;
  }
}
