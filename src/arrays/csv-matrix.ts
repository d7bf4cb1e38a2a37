import type { Dtype } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';
import type { DenseArray } from './dense.ts';
import { makeValues, setLiteral } from './dtype.ts';

/** What parts the numbers of a line: tabs, semicolons or commas where there are any, else spaces. */
export function separatorOf(line: string): string | RegExp {
  return ['\t', ';', ','].find((one) => line.includes(one)) ?? /\s+/;
}

export function cellsOf(line: string, separator: string | RegExp): string[] {
  return line
    .trim()
    .split(separator)
    .map((cell) => cell.trim());
}

/** Whether a cell is an element of a type; an empty one is. */
export function isElement(dtype: Dtype, cell: string): boolean {
  try {
    if (cell !== '') setLiteral(dtype, makeValues(dtype, 1), 0, cell);
    return true;
  } catch {
    return false;
  }
}

/**
 * A matrix of float64 as text, a row a line; a line of names may lead, an empty cell is NaN. Throws `invalid`, naming the
 * line.
 */
export function parseCsvMatrix(text: string, name: string): DenseArray {
  const rows: { readonly line: number; readonly cells: readonly string[] }[] = [];
  let separator: string | RegExp | undefined;
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue;
    separator ??= separatorOf(line);
    rows.push({ line: i + 1, cells: cellsOf(line, separator) });
  }
  if (rows[0]?.cells.some((cell) => !isElement('float64', cell))) rows.shift();
  if (rows.length === 0) throw new ExaError('invalid', `${name} holds no rows of numbers.`);
  const columns = rows[0]!.cells.length;
  const values = makeValues('float64', rows.length * columns);
  for (const [row, { line, cells }] of rows.entries()) {
    if (cells.length !== columns)
      throw new ExaError(
        'invalid',
        `Line ${line} of ${name} has ${cells.length} values and those before ${columns}: a matrix has as many in every row.`,
      );
    for (const [column, cell] of cells.entries())
      try {
        setLiteral('float64', values, row * columns + column, cell === '' ? 'NaN' : cell);
      } catch (cause) {
        throw new ExaError(
          'invalid',
          `Line ${line}, column ${column + 1} of ${name}: “${cell}” is no number.`,
          {
            cause,
          },
        );
      }
  }
  return { dtype: 'float64', shape: [rows.length, columns], order: 'C', values };
}
