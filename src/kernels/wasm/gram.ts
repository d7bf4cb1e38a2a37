import { bytes } from './gram.as.ts?wasm';
import { lazily, reserve, scratchStart } from './load.ts';

interface GramModule {
  gram(
    x: number,
    columns: number,
    padded: number,
    rows: number,
    stride: number,
    shift: number,
    panel: number,
    sums: number,
    out: number,
  ): void;
}

/** The module of {@link shiftedGram}. */
export const gramModule = lazily<GramModule>(bytes);

/** Rows of a tile: its columns stay in the nearest caches. */
const tileRows = 128;

/** Rows copied into the module's memory at a time; a multiple of {@link tileRows}. */
const chunkRows = 2048;

/** Doubles from a column to the next: off a power of two, so that columns do not share cache lines' places. */
const columnStep = chunkRows + 8;

/** Sums of shifted columns: `sums[j]` = Σ(x_j − s_j), `products` (row-major, all filled) = Σ(x_i − s_i)(x_j − s_j). */
export interface ShiftedGram {
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Sums over rows `[start, end)` of `columns`. The bits are those of {@link shiftedGramPlain}. */
export function shiftedGram(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  shift: Float64Array,
): ShiftedGram {
  const loaded = gramModule();
  if (loaded === undefined) return shiftedGramPlain(columns, start, end, shift);
  const { exports, memory } = loaded;
  const q = columns.length;
  const padded = 3 * Math.ceil(q / 3);
  const doubles = {
    x: q * columnStep,
    shift: padded,
    panel: padded * tileRows,
    sums: padded,
    out: padded * padded,
  };
  const at = { x: scratchStart, shift: 0, panel: 0, sums: 0, out: 0 };
  at.shift = at.x + 8 * doubles.x;
  at.panel = 16 * Math.ceil((at.shift + 8 * doubles.shift) / 16);
  at.sums = at.panel + 8 * doubles.panel;
  at.out = at.sums + 8 * doubles.sums;
  const end8 = at.out + 8 * doubles.out;
  reserve(memory, end8 - scratchStart);
  const view = new Float64Array(memory.buffer, 0, end8 / 8);
  view.fill(0, at.shift / 8, end8 / 8);
  view.set(shift, at.shift / 8);
  for (let from = start; from < end; from += chunkRows) {
    const rows = Math.min(chunkRows, end - from);
    for (let j = 0; j < q; j++) view.set(columns[j]!.subarray(from, from + rows), at.x / 8 + j * columnStep);
    exports.gram(at.x, q, padded, rows, 8 * columnStep, at.shift, at.panel, at.sums, at.out);
  }
  const products = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = i; j < q; j++) {
      const value = view[at.out / 8 + i * padded + j]!;
      products[i * q + j] = value;
      products[j * q + i] = value;
    }
  return { sums: view.slice(at.sums / 8, at.sums / 8 + q), products };
}

/** The TypeScript twin of {@link shiftedGram}: tiles of 128 rows, in a tile the even and the odd rows apart. */
export function shiftedGramPlain(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  shift: Float64Array,
): ShiftedGram {
  const q = columns.length;
  const sums = new Float64Array(q);
  const products = new Float64Array(q * q);
  const panel = columns.map(() => new Float64Array(tileRows));
  for (let from = start; from < end; from += tileRows) {
    const rows = Math.min(tileRows, end - from);
    columns.forEach((x, j) => {
      const to = panel[j]!;
      let [even, odd] = [0, 0];
      for (let r = 0; r < rows; r++) {
        const v = x[from + r]! - shift[j]!;
        to[r] = v;
        if (r & 1) odd += v;
        else even += v;
      }
      sums[j]! += even + odd;
    });
    for (let i = 0; i < q; i++)
      for (let j = i; j < q; j++) products[i * q + j]! += dot(panel[i]!, panel[j]!, rows);
  }
  for (let i = 0; i < q; i++) for (let j = 0; j < i; j++) products[i * q + j] = products[j * q + i]!;
  return { sums, products };
}

function dot(a: Float64Array, b: Float64Array, rows: number): number {
  let [even, odd] = [0, 0];
  for (let r = 0; r < rows; r += 2) even += a[r]! * b[r]!;
  for (let r = 1; r < rows; r += 2) odd += a[r]! * b[r]!;
  return even + odd;
}
