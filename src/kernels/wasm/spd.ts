import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './spd.as.ts?wasm';

interface Exports {
  factor(a: number, n: number, scratch: number): number;
  invert(l: number, w: number, n: number): void;
  gram(w: number, out: number, n: number): void;
}

/**
 * Room for one symmetric positive definite matrix of `n` rows, used again and again. Everything is row-major with
 * `stride` values a row (`n` rounded up to a multiple of 4; the rest is kept as the identity), lower triangles only.
 */
export interface SpdRoom {
  readonly n: number;
  readonly stride: number;
  /** The matrix to factor; {@link factor} leaves L here, {@link inverse} the inverse. */
  readonly matrix: Float64Array;
  /** Writes the identity past row `n`; call before filling `matrix`. */
  clear(): void;
  /** L·Lᵀ = matrix, in place. False when a pivot is not above 0: not positive definite. */
  factor(): boolean;
  /** L⁻¹ in panels of four columns: entry (k, j) at `⌊j/4⌋·4·stride + 4k + j mod 4`. Needs {@link factor}. */
  lowerInverse(): Float64Array;
  /** The matrix's inverse into `matrix`. Needs {@link lowerInverse}. */
  inverse(): void;
}

function clearTail(matrix: Float64Array, n: number, stride: number): void {
  matrix.fill(0, n * stride);
  for (let i = n; i < stride; i++) matrix[i * stride + i] = 1;
}

/** A room for matrices of `n` rows; the bits are those of {@link plainSpd}. */
export function openSpd(n: number): SpdRoom {
  const stride = Math.ceil(n / 4) * 4;
  const size = stride * stride;
  const loaded = loadApart<Exports>(bytes, 16 * size + 96);
  if (loaded === undefined) return plainSpd(n);
  const { exports, memory } = loaded;
  const matrixAt = apartStart + 96;
  const panelsAt = matrixAt + 8 * size;
  const matrix = new Float64Array(memory.buffer, matrixAt, size);
  const panels = new Float64Array(memory.buffer, panelsAt, size);
  return {
    n,
    stride,
    matrix,
    clear: () => clearTail(matrix, n, stride),
    factor: () => exports.factor(matrixAt, stride, apartStart) < 0,
    lowerInverse() {
      exports.invert(matrixAt, panelsAt, stride);
      return panels;
    },
    inverse: () => exports.gram(panelsAt, matrixAt, stride),
  };
}

/** The TypeScript twin of {@link openSpd}. */
export function plainSpd(n: number): SpdRoom {
  const stride = Math.ceil(n / 4) * 4;
  const matrix = new Float64Array(stride * stride);
  const panels = new Float64Array(stride * stride);
  return {
    n,
    stride,
    matrix,
    clear: () => clearTail(matrix, n, stride),
    factor: () => factorPlain(matrix, stride),
    lowerInverse() {
      invertPlain(matrix, panels, stride);
      return panels;
    },
    inverse: () => gramPlain(panels, matrix, stride),
  };
}

function factorPlain(a: Float64Array, n: number): boolean {
  const inverseRoot = new Float64Array(4);
  /** Takes from entry (i, j) its rows' products over columns [start, end). */
  const subtract = (i: number, j: number, start: number, end: number) => {
    let [even, odd] = [0, 0];
    for (let k = start; k < end; k += 2) {
      even += a[i * n + k]! * a[j * n + k]!;
      odd += a[i * n + k + 1]! * a[j * n + k + 1]!;
    }
    a[i * n + j] = a[i * n + j]! - (even + odd);
  };
  for (let panel = 0; panel < n; panel += 16) {
    const last = Math.min(panel + 16, n);
    if (panel > 0)
      for (let i = panel; i < n; i++) for (let j = panel; j < last && j <= i; j++) subtract(i, j, 0, panel);
    for (let j = panel; j < last; j += 4) {
      if (j > panel)
        for (let i = j; i < n; i++) for (let c = j; c < j + 4 && c <= i; c++) subtract(i, c, panel, j);
      for (let i = j; i < n; i++)
        for (let c = 0; c < 4 && j + c <= i; c++) {
          let sum = a[i * n + j + c]!;
          for (let b = 0; b < c; b++) sum -= a[i * n + j + b]! * a[(j + c) * n + j + b]!;
          if (j + c === i) {
            if (!(sum > 0)) return false;
            const root = Math.sqrt(sum);
            a[i * n + i] = root;
            inverseRoot[c] = 1 / root;
          } else a[i * n + j + c] = sum * inverseRoot[c]!;
        }
    }
  }
  return true;
}

function invertPlain(l: Float64Array, w: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 4)
    for (let j = 0; j <= i; j += 4)
      for (let r = 0; r < 4; r++)
        for (let c = 0; c < 4; c++) {
          const panel = j * n;
          let sum = 0;
          for (let k = j; k < i; k++) sum += l[(i + r) * n + k]! * w[panel + 4 * k + c]!;
          for (let s = 0; s < r; s++) sum += l[(i + r) * n + i + s]! * w[panel + 4 * (i + s) + c]!;
          const scale = 1 / l[(i + r) * n + i + r]!;
          w[panel + 4 * (i + r) + c] = ((i === j && r === c ? 1 : 0) - sum) * scale;
        }
}

function gramPlain(w: Float64Array, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < (Math.floor(i / 4) + 1) * 4; j++) {
      const [left, right] = [Math.floor(i / 4) * 4, Math.floor(j / 4) * 4];
      let sum = 0;
      for (let k = left; k < n; k++) sum += w[left * n + 4 * k + (i % 4)]! * w[right * n + 4 * k + (j % 4)]!;
      out[i * n + j] = sum;
    }
}

/** x with L·Lᵀ·x = b after {@link SpdRoom.factor}. */
export function solveFactored(room: SpdRoom, b: ArrayLike<number>): Float64Array {
  const { n, stride, matrix } = room;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= matrix[i * stride + k]! * x[k]!;
    x[i] = sum / matrix[i * stride + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / matrix[i * stride + i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = x[k]! - matrix[i * stride + k]! * value;
  }
  return x;
}
