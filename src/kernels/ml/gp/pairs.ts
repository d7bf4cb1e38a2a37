import type { Samples } from '../samples.ts';

/** Pairs of rows a covariance is wanted for, with what kernels need to know of each. */
export interface Pairs {
  readonly length: number;
  /** Positions of pairs of one and the same observation (the diagonal); empty between different sets. */
  readonly same: Int32Array;
  /** |a − b|² of each pair. */
  squared(): Float64Array;
  /** (a_k − b_k)² of each pair. */
  squaredIn(column: number): Float64Array;
  /** a·b of each pair. */
  dots(): Float64Array;
  /** Room for a value a pair, whatever stands in it; good until {@link reuse}. */
  array(): Float64Array;
  /** Gives all arrays handed out back. */
  reuse(): void;
}

function kept(make: () => Float64Array): () => Float64Array {
  let value: Float64Array | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function pairsFrom(
  length: number,
  same: Int32Array,
  columns: number,
  each: (visit: (at: number, aStart: number, bStart: number) => void) => void,
  a: Float64Array,
  b: Float64Array,
): Pairs {
  const inColumn = Array.from({ length: columns }, (_, k) =>
    kept(() => {
      const out = new Float64Array(length);
      each((at, i, j) => {
        const difference = a[i + k]! - b[j + k]!;
        out[at] = difference * difference;
      });
      return out;
    }),
  );
  const arrays: Float64Array[] = [];
  let taken = 0;
  return {
    length,
    same,
    array() {
      const array = arrays[taken] ?? new Float64Array(length);
      arrays[taken++] = array;
      return array;
    },
    reuse() {
      taken = 0;
    },
    squared: kept(() => {
      const out = new Float64Array(length);
      each((at, i, j) => {
        let sum = 0;
        for (let k = 0; k < columns; k++) {
          const difference = a[i + k]! - b[j + k]!;
          sum += difference * difference;
        }
        out[at] = sum;
      });
      return out;
    }),
    squaredIn: (column) => inColumn[column]!(),
    dots: kept(() => {
      const out = new Float64Array(length);
      each((at, i, j) => {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += a[i + k]! * b[j + k]!;
        out[at] = sum;
      });
      return out;
    }),
  };
}

/** All pairs (i, j), j ≤ i, of one set: pair (i, j) is at i(i + 1)/2 + j. */
export function pairsWithin(x: Samples): Pairs {
  const n = x.rows;
  const d = x.columns;
  const same = Int32Array.from({ length: n }, (_, i) => (i * (i + 1)) / 2 + i);
  return pairsFrom(
    (n * (n + 1)) / 2,
    same,
    d,
    (visit) => {
      let at = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) visit(at++, i * d, j * d);
    },
    x.values,
    x.values,
  );
}

/** All pairs (i, j) of two different sets: pair (i, j) is at i · right.rows + j. */
export function pairsBetween(left: Samples, right: Samples): Pairs {
  const d = left.columns;
  return pairsFrom(
    left.rows * right.rows,
    new Int32Array(0),
    d,
    (visit) => {
      let at = 0;
      for (let i = 0; i < left.rows; i++) for (let j = 0; j < right.rows; j++) visit(at++, i * d, j * d);
    },
    left.values,
    right.values,
  );
}

/** Each row with itself: the variances. */
export function pairsOfSelves(x: Samples): Pairs {
  const n = x.rows;
  return pairsFrom(
    n,
    Int32Array.from({ length: n }, (_, i) => i),
    x.columns,
    (visit) => {
      for (let i = 0; i < n; i++) visit(i, i * x.columns, i * x.columns);
    },
    x.values,
    x.values,
  );
}
