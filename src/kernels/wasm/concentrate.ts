import { bytes } from './concentrate.as.ts?wasm';
import { apartStart, loadApart } from './load-apart.ts';

interface Exports {
  concentrate(
    x: number,
    p: number,
    rows: number,
    h: number,
    location: number,
    whiten: number,
    room: number,
  ): void;
}

/** Mean, and covariance over h, row-major. */
export interface Concentrated {
  readonly location: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * One C-step: the scatter of the `h` rows nearest to `location` under `whiten` (L⁻¹ of a covariance, lower triangle,
 * row-major); of equal distances at the cut the first rows.
 */
export type Concentrate = (location: Float64Array, whiten: Float64Array, h: number) => Concentrated;

/**
 * C-steps over `rows` rows of `p` columns (row-major) that stay in the module's memory; undefined where WebAssembly is
 * missing: the caller's TypeScript twin gives the same bits.
 */
export function openConcentrate(values: Float64Array, p: number): Concentrate | undefined {
  const rows = values.length / p;
  const size = 8 * (rows * p + p * p + 2 * p + 2 + 2 * rows) + 4 * (rows + 4);
  const loaded = loadApart<Exports>(bytes, size);
  if (loaded === undefined) return undefined;
  const { exports, memory } = loaded;
  const locationAt = apartStart + 8 * rows * p;
  const whitenAt = locationAt + 8 * p;
  const roomAt = whitenAt + 8 * p * p;
  new Float64Array(memory.buffer, apartStart, rows * p).set(values);
  const location = new Float64Array(memory.buffer, locationAt, p);
  const square = new Float64Array(memory.buffer, whitenAt, p * p);
  return (from, whiten, h) => {
    location.set(from);
    square.set(whiten);
    exports.concentrate(apartStart, p, rows, h, locationAt, whitenAt, roomAt);
    const covariance = square.slice();
    for (let k = 0; k < p; k++) for (let m = 0; m < k; m++) covariance[m * p + k] = covariance[k * p + m]!;
    return { location: location.slice(), covariance };
  };
}
