import { ExaError } from '../../protocol/errors.ts';

/** Rows of numbers an estimator reads: `values[row · columns + column]`, row-major. */
export interface Samples {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Samples of nested rows, all of one length. Throws `invalid` when they are not. */
export function samplesOf(rows: readonly (readonly number[])[]): Samples {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns)
      throw new ExaError('invalid', `Row ${i} has ${row.length} values where row 0 has ${columns}.`, {
        facts: { row: i },
      });
    values.set(row, i * columns);
  });
  return { rows: rows.length, columns, values };
}

/** The rows at `indices`, in that order. */
export function rowsAt(x: Samples, indices: ArrayLike<number>): Samples {
  const values = new Float64Array(indices.length * x.columns);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * x.columns;
    values.set(x.values.subarray(start, start + x.columns), i * x.columns);
  }
  return { rows: indices.length, columns: x.columns, values };
}

/** Each column by itself. */
export function columnsOf(x: Samples): Float64Array[] {
  const columns = Array.from({ length: x.columns }, () => new Float64Array(x.rows));
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) columns[j]![i] = x.values[i * x.columns + j]!;
  return columns;
}

/** Column-major copy: `values[column · rows + row]`. */
export function transposed(x: Samples): Float64Array {
  const out = new Float64Array(x.values.length);
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) out[j * x.rows + i] = x.values[i * x.columns + j]!;
  return out;
}

/**
 * Throws `invalid` unless there are at least `atLeast` rows, one column, and every value is a finite number.
 * `facts` name the first bad row and column.
 */
export function checkSamples(x: Samples, estimator: string, atLeast = 1): void {
  if (x.rows < atLeast)
    throw new ExaError('invalid', `${estimator} needs at least ${atLeast} rows; there are ${x.rows}.`, {
      facts: { rows: x.rows },
    });
  if (x.columns < 1) throw new ExaError('invalid', `${estimator} needs at least one column to work on.`);
  for (let at = 0; at < x.values.length; at++)
    if (!Number.isFinite(x.values[at]!)) {
      const row = Math.floor(at / x.columns);
      throw new ExaError(
        'invalid',
        `${estimator} cannot use ${x.values[at]} (row ${row}, column ${at % x.columns}): fill in or leave out such rows first.`,
        { facts: { row, column: at % x.columns } },
      );
    }
}

/** Throws `invalid` unless `y` has one finite number a row. */
export function checkTarget(y: ArrayLike<number>, x: Samples, estimator: string): void {
  if (y.length !== x.rows)
    throw new ExaError('invalid', `${estimator} has ${x.rows} rows but ${y.length} target values.`);
  for (let i = 0; i < y.length; i++)
    if (!Number.isFinite(y[i]!))
      throw new ExaError('invalid', `${estimator} cannot use the target ${y[i]} of row ${i}.`, {
        facts: { row: i },
      });
}

/** Throws `invalid` unless `x` has the columns a model was fitted on. */
export function checkColumns(x: Samples, fitted: number, estimator: string): void {
  if (x.columns !== fitted)
    throw new ExaError(
      'invalid',
      `This ${estimator} was fitted on ${fitted} columns and cannot score data of ${x.columns}.`,
      { facts: { fitted, given: x.columns } },
    );
}

/** A fitted model's matrix as JSON rows. */
export function toRows(x: Samples): number[][] {
  return Array.from({ length: x.rows }, (_, i) =>
    Array.from(x.values.subarray(i * x.columns, (i + 1) * x.columns)),
  );
}
