import type { Samples } from '../samples.ts';
import type { Matrix } from './matrix.ts';

/** A block's columns side by side, row after row. */
export function rowMajor(matrix: Matrix): Samples {
  const { rows, columns } = matrix;
  const values = new Float64Array(rows * columns.length);
  columns.forEach((column, k) => {
    for (let i = 0; i < rows; i++) values[i * columns.length + k] = column[i]!;
  });
  return { rows, columns: columns.length, values };
}
