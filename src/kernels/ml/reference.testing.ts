import { existsSync, readFileSync } from 'node:fs';
import { samplesOf } from './samples.ts';

/** Where scikit-learn's results are, when they are: a folder beside the checkout. */
const folder = '../shared/ml-refs';

/** Whether the reference results are here; tests against them are skipped, and say so, where not. */
export const haveReferences = existsSync(`${folder}/README.md`);

if (!haveReferences) console.warn(`No reference results in ${folder}: their tests are skipped.`);

/** One file of them; `"Infinity"` and null stay as they are. */
export function reference<T>(name: string): T {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as T;
}

/** Nested rows as named columns `x0`, `x1`, …, and `y`. */
export function columnsOf(
  rows: readonly (readonly number[])[],
  y?: readonly number[],
): Record<string, Float64Array> {
  const { columns, values } = samplesOf(rows);
  const out: Record<string, Float64Array> = {};
  for (let j = 0; j < columns; j++)
    out[`x${j}`] = Float64Array.from({ length: rows.length }, (_, i) => values[i * columns + j]!);
  if (y) out.y = Float64Array.from(y);
  return out;
}

/** Largest |a − b| ÷ max(1, |b|) over two lists. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) {
    const off = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    most = Math.max(most, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
  }
  return most;
}
