/** A lower triangle L with L·Lᵀ = A, row-major `n × n`; what is above the diagonal is 0. */
export interface Cholesky {
  readonly n: number;
  readonly lower: Float64Array;
}

/**
 * Cholesky–Banachiewicz, row by row, of the symmetric `a` (row-major `n × n`, lower triangle read).
 * Undefined when a pivot is not above `floor` times its diagonal entry (default 0): not positive definite.
 */
export function cholesky(a: Float64Array, n: number, floor = 0): Cholesky | undefined {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i === j) {
        if (!(sum > floor * a[i * n + i]!)) return undefined;
        lower[i * n + i] = Math.sqrt(sum);
      } else lower[i * n + j] = sum / lower[j * n + j]!;
    }
  return { n, lower };
}

/** x with L·Lᵀ·x = b; `b` stays. */
export function solveCholesky({ n, lower }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  return x;
}

/** Natural logarithm of the determinant of L·Lᵀ; `log` is passed in. */
export function logDeterminant({ n, lower }: Cholesky, log: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += log(lower[i * n + i]!);
  return 2 * sum;
}
