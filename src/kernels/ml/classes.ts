import { ExaError } from '../../protocol/errors.ts';

/** A class label as it stands in the data. */
export type ClassLabel = number | string | boolean;

/** Distinct labels in ascending order (numbers before text) and each row's position among them. */
export interface Classes {
  readonly labels: readonly ClassLabel[];
  readonly codes: Int32Array;
}

/** More classes than this is a key, not a target: every method here would answer nonsense at great cost. */
export const mostClasses = 1000;

function compare(a: ClassLabel, b: ClassLabel): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a < typeof b ? -1 : 1;
}

/**
 * The classes of a target. Throws `invalid` for NaN, for fewer than two classes, and for more than
 * {@link mostClasses}.
 */
export function classesOf(y: ArrayLike<ClassLabel>, estimator: string): Classes {
  const seen = new Set<ClassLabel>();
  for (let i = 0; i < y.length; i++) {
    const label = y[i]!;
    if (typeof label === 'number' && !Number.isFinite(label))
      throw new ExaError('invalid', `${estimator} cannot use the target ${label} of row ${i}.`, {
        facts: { row: i },
      });
    seen.add(label);
    if (seen.size > mostClasses)
      throw new ExaError(
        'invalid',
        `${estimator} found more than ${mostClasses} classes in the target: choose a column with fewer values, or a regression.`,
        { facts: { limit: mostClasses } },
      );
  }
  if (seen.size < 2)
    throw new ExaError(
      'invalid',
      `${estimator} needs at least two classes; the target has ${seen.size === 0 ? 'none' : `only “${[...seen][0]}”`}.`,
    );
  const labels = [...seen].sort(compare);
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const codes = new Int32Array(y.length);
  for (let i = 0; i < y.length; i++) codes[i] = codeOf.get(y[i]!)!;
  return { labels, codes };
}
