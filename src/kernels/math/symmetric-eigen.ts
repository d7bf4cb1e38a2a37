import { ExaError } from '../../protocol/errors.ts';

/** Eigenvalues in descending order; row k of `vectors` (row-major `n × n`) is the unit eigenvector of value k. */
export interface SymmetricEigen {
  readonly n: number;
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** QL steps an eigenvalue may take. */
const mostSteps = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (row-major, both triangles filled).
 * Householder tridiagonalisation, then implicit QL: the method of `tred2` and `tql2` (Bowdler, Martin, Reinsch and
 * Wilkinson, Handbook for Automatic Computation II, 1971), with rotations on contiguous rows.
 * Throws `broken` when an eigenvalue does not settle, which finite input does not do.
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const size = a.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  // Squares of very small or large entries would leave the range of doubles.
  const unit = size > 1e-100 && size < 1e100 ? 1 : size > 0 && size < 1e-100 ? 2 ** -600 : 2 ** 600;
  if (unit !== 1 && size > 0) {
    const scaled = symmetricEigen(
      a.map((entry) => entry / unit),
      n,
    );
    return { ...scaled, values: scaled.values.map((value) => value * unit) };
  }
  const { diagonal, below, basis } = tridiagonal(a, n);
  settle(diagonal, below, basis, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[j]! - diagonal[i]! || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(basis.subarray(from * n, from * n + n), to * n);
  });
  return { n, values: Float64Array.from(order, (i) => diagonal[i]!), vectors };
}

/** Q·A·Qᵀ tridiagonal: rows of `basis` are those of Q. */
function tridiagonal(a: Float64Array, n: number) {
  const m = a.slice();
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  const u = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let scale = 0;
    for (let i = k + 1; i < n; i++) scale = Math.max(scale, Math.abs(m[i * n + k]!));
    if (scale === 0) continue;
    let norm = 0;
    for (let i = k + 1; i < n; i++) {
      u[i] = m[i * n + k]! / scale;
      norm += u[i]! * u[i]!;
    }
    const first = u[k + 1]!;
    const alpha = first > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    const beta = norm - first * alpha;
    if (!(beta > 0)) continue;
    u[k + 1] = first - alpha;
    reflectBoth(m, u, w, beta, k, n);
    for (let i = k + 1; i < n; i++) w[i] = 0;
    reflectRows(basis, u, beta, k, n);
    m[(k + 1) * n + k] = alpha * scale;
    m[k * n + k + 1] = alpha * scale;
    for (let i = k + 2; i < n; i++) {
      m[i * n + k] = 0;
      m[k * n + i] = 0;
    }
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => m[i * n + i]!);
  const below = Float64Array.from({ length: n }, (_, i) => (i + 1 < n ? m[(i + 1) * n + i]! : 0));
  return { diagonal, below, basis };
}

/** m ← H·m·H on the trailing square past k, H = 1 − u·uᵀ/β. */
function reflectBoth(
  m: Float64Array,
  u: Float64Array,
  w: Float64Array,
  beta: number,
  k: number,
  n: number,
): void {
  let inner = 0;
  for (let i = k + 1; i < n; i++) {
    let sum = 0;
    for (let j = k + 1; j < n; j++) sum += m[i * n + j]! * u[j]!;
    w[i] = sum / beta;
    inner += w[i]! * u[i]!;
  }
  const half = inner / (2 * beta);
  for (let i = k + 1; i < n; i++) w[i]! -= half * u[i]!;
  for (let i = k + 1; i < n; i++) {
    const [ui, wi] = [u[i]!, w[i]!];
    for (let j = k + 1; j < n; j++) m[i * n + j]! -= ui * w[j]! + wi * u[j]!;
  }
}

/** basis ← H·basis. */
function reflectRows(basis: Float64Array, u: Float64Array, beta: number, k: number, n: number): void {
  const sums = new Float64Array(n);
  for (let i = k + 1; i < n; i++) {
    const ui = u[i]!;
    for (let j = 0; j < n; j++) sums[j]! += ui * basis[i * n + j]!;
  }
  for (let j = 0; j < n; j++) sums[j]! /= beta;
  for (let i = k + 1; i < n; i++) {
    const ui = u[i]!;
    for (let j = 0; j < n; j++) basis[i * n + j]! -= ui * sums[j]!;
  }
}

/** Implicit QL with Wilkinson's shift; `basis` rows are rotated along. */
function settle(d: Float64Array, e: Float64Array, basis: Float64Array, n: number): void {
  const eps = 2.220446049250313e-16;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!), Math.abs(e[i]!));
  const nothing = Math.max(norm * eps * eps, 1e-300);
  for (let l = 0; l < n; l++)
    for (let step = 0; ; step++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Math.max(eps * size, nothing)) break;
      }
      if (m === l) break;
      if (step === mostSteps) throw new ExaError('broken', 'The eigenvalues of a matrix did not settle.');
      sweep(d, e, basis, l, m, n);
    }
}

function sweep(d: Float64Array, e: Float64Array, basis: Float64Array, l: number, m: number, n: number): void {
  const g0 = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const r0 = Math.sqrt(g0 * g0 + 1);
  let g = d[m]! - d[l]! + e[l]! / (g0 + (g0 >= 0 ? r0 : -r0));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    const [low, up] = [i * n, (i + 1) * n];
    for (let k = 0; k < n; k++) {
      const x = basis[up + k]!;
      const y = basis[low + k]!;
      basis[up + k] = s * y + c * x;
      basis[low + k] = c * y - s * x;
    }
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}
