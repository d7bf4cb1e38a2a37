import { existsSync, readFileSync } from 'node:fs';

const folder = '../shared/ml-refs';

/** scikit-learn's figures of one file, or undefined (said on the console) where the folder is not there. */
export function referenceFile<T>(name: string): T | undefined {
  const path = `${folder}/${name}.json`;
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T;
  console.warn(`${path} is not there: ${name} is tested on generated data only.`);
  return undefined;
}

/** Largest |a − b| over two lists of one length; infinite when lengths differ. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
  }
  return worst;
}
