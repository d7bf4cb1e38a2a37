import { ExaError } from '../../../protocol/errors.ts';
import { symmetricEigen } from '../../math/symmetric-eigen.ts';
import { type Orthogonal, openOrthogonal } from '../../wasm/orthogonal.ts';
import type { SymmetricMatrix } from '../../wasm/symmetric-times.ts';
import { randomStream } from '../sample/random.ts';
import type { Steps } from '../steps.ts';

/** The highest eigenvalues, descending, and their unit vectors (row-major, `n` each). */
export interface TopEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Largest residual |M·v − λ·v| of an accepted pair. */
const tolerance = 1e-9;

function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

function subtract(v: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < v.length; i++) v[i] = v[i]! - factor * from[i]!;
}

/** `v` as a unit vector at right angles to the basis, undefined when nothing of it is left. */
function orthonormal(v: Float64Array, basis: Orthogonal): Float64Array | undefined {
  const before = Math.sqrt(dot(v, v));
  if (!(before > 0)) return undefined;
  const rest = basis.rest(basis.rest(v));
  const after = Math.sqrt(dot(rest, rest));
  return after > 1e-10 * before ? rest.map((value) => value / after) : undefined;
}

/**
 * The `count` highest eigenpairs of a symmetric matrix by block Lanczos with full orthogonalisation (Golub and
 * Underwood 1977): a block as wide as the pairs wanted finds multiple eigenvalues too, and a vector that is used up is
 * replaced by a random one. Exact at the latest when the basis spans everything.
 */
export function* topEigen(matrix: SymmetricMatrix, count: number, seed: number): Steps<TopEigen> {
  const { n, stride } = matrix;
  const width = Math.min(n, count + 1);
  const random = randomStream(seed);
  const drawn = () => Float64Array.from({ length: n }, () => random.uniform() - 0.5);
  const basis = openOrthogonal(n);
  const images: Float64Array[] = [];
  const projected: Float64Array[] = [];
  let block = Array.from({ length: width }, drawn);
  let nextCheck = Math.min(n, 4 * width);
  for (;;) {
    const x = new Float64Array(width * stride);
    let fresh = 0;
    for (const v of block) {
      if (basis.count === n) break;
      let unit = orthonormal(v, basis);
      while (unit === undefined) unit = orthonormal(drawn(), basis);
      basis.add(unit);
      x.set(unit, fresh * stride);
      fresh += 1;
    }
    const y = matrix.times(x.subarray(0, fresh * stride));
    block = Array.from({ length: fresh }, (_, c) => y.slice(c * stride, c * stride + n));
    for (const image of block) {
      images.push(image);
      projected.push(basis.products(image).slice(0, images.length));
    }
    yield { phase: 'eigenvectors', done: basis.count, total: 0 };
    if (basis.count < nextCheck && basis.count < n) continue;
    nextCheck = Math.min(n, Math.ceil(basis.count * 1.4));
    const found = ritz(basis, images, projected, count);
    if (found.worst <= tolerance || basis.count === n) return found;
    if (basis.count > 2000)
      throw new ExaError('broken', 'The eigenvectors did not settle: the clusters are not separated.');
  }
}

/** The pairs the basis holds, and the worst of their residuals. */
function ritz(
  basis: Orthogonal,
  images: readonly Float64Array[],
  projected: readonly Float64Array[],
  count: number,
): TopEigen & { worst: number } {
  const m = basis.count;
  const n = images[0]!.length;
  const small = new Float64Array(m * m);
  projected.forEach((row, i) => {
    row.forEach((value, j) => {
      small[i * m + j] = value;
      small[j * m + i] = value;
    });
  });
  const eigen = symmetricEigen(small, m);
  const taken = Math.min(count, m);
  const vectors = new Float64Array(taken * n);
  let worst = 0;
  for (let k = 0; k < taken; k++) {
    const vector = vectors.subarray(k * n, (k + 1) * n);
    const residual = new Float64Array(n);
    for (let j = 0; j < m; j++) {
      const weight = eigen.vectors[k * m + j]!;
      subtract(vector, -weight, basis.at(j));
      subtract(residual, -weight, images[j]!);
    }
    subtract(residual, eigen.values[k]!, vector);
    worst = Math.max(worst, Math.sqrt(dot(residual, residual)));
  }
  return { values: eigen.values.slice(0, taken), vectors, worst };
}
