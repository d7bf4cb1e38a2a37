import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './symmetric-times.as.ts?wasm';

interface Exports {
  times(m: number, stride: number, x: number, count: number, y: number): void;
}

/** A symmetric matrix that several vectors are multiplied by at once. */
export interface SymmetricMatrix {
  readonly n: number;
  /** Doubles a row: `n` rounded up to a multiple of 4; the rest is 0. */
  readonly stride: number;
  /** Row-major, both triangles; to be filled by the owner. */
  readonly values: Float64Array;
  /** M·x of up to `mostVectors` vectors, `stride` doubles each. A view that the next call overwrites. */
  times(x: Float64Array): Float64Array;
}

/** Room for a matrix of `n` rows and products with up to `mostVectors` vectors; bits as {@link plainSymmetric}. */
export function openSymmetric(n: number, mostVectors: number): SymmetricMatrix {
  const stride = Math.ceil(n / 4) * 4;
  const loaded = loadApart<Exports>(bytes, 8 * stride * (stride + 2 * mostVectors));
  if (loaded === undefined) return plainSymmetric(n);
  const { exports, memory } = loaded;
  const xAt = apartStart + 8 * stride * stride;
  const yAt = xAt + 8 * stride * mostVectors;
  const xView = new Float64Array(memory.buffer, xAt, stride * mostVectors);
  return {
    n,
    stride,
    values: new Float64Array(memory.buffer, apartStart, stride * stride),
    times(x) {
      xView.set(x);
      exports.times(apartStart, stride, xAt, x.length / stride, yAt);
      return new Float64Array(memory.buffer, yAt, x.length);
    },
  };
}

/** The TypeScript twin of {@link openSymmetric}. */
export function plainSymmetric(n: number): SymmetricMatrix {
  const stride = Math.ceil(n / 4) * 4;
  const values = new Float64Array(stride * stride);
  return {
    n,
    stride,
    values,
    times(x) {
      const y = new Float64Array(x.length);
      for (let at = 0; at < x.length; at += stride)
        for (let k = 0; k < stride; k += 4) {
          const [a0, a1, a2, a3] = [x[at + k]!, x[at + k + 1]!, x[at + k + 2]!, x[at + k + 3]!];
          const row = k * stride;
          for (let j = 0; j < stride; j++) {
            const left = a0 * values[row + j]! + a1 * values[row + stride + j]!;
            const right = a2 * values[row + 2 * stride + j]! + a3 * values[row + 3 * stride + j]!;
            y[at + j] = y[at + j]! + (left + right);
          }
        }
      return y;
    },
  };
}
