import type { Literal } from '../../../protocol/column.ts';
import type { ColumnTypes } from '../../../protocol/formula-type.ts';
import type { FilterSpec } from '../../../protocol/kernel.ts';
import type { Step } from '../preprocessing/step.ts';

/**
 * One stored column as numbers. Without `categories` its own values (a text is refused); with them the position of
 * the value in the list, in which no two are equal. A value not listed reads as −1 where `unknown` is `ignore`
 * (as `OneHotEncoder(handle_unknown='ignore')`), else it is refused.
 */
export interface ReadColumn {
  readonly column: string;
  readonly categories?: readonly Literal[];
  readonly unknown?: 'error' | 'ignore';
}

/** The `at`-th used row of a block (0-based): from there on, rows belong to the next fold. */
export interface FoldCut {
  readonly block: number;
  readonly at: number;
}

/**
 * Which fold a row is in. `ranges`: contiguous runs of used rows, as scikit-learn's `KFold` without shuffling; fold =
 * number of cuts at or before the row. `hash`: by a hash of `_row`, in one pass, near equal.
 */
export type Folds =
  | { readonly by: 'ranges'; readonly cuts: readonly FoldCut[] }
  | { readonly by: 'hash'; readonly folds: number; readonly seed: number };

/**
 * What a pass reads of every block, as plain JSON: columns, filter, and the fitted steps their values go through.
 * It is part of a partial's key.
 */
export interface Reader {
  readonly columns: readonly ReadColumn[];
  /** Read last, past the steps: a row without it is dropped. */
  readonly target?: ReadColumn;
  readonly steps?: readonly Step[];
  readonly where?: FilterSpec;
  /** Types of the columns `where` reads. */
  readonly types?: ColumnTypes;
  readonly folds?: Folds;
  /** Rows that lack a feature stay, the feature NaN; those that lack the target go. */
  readonly missing?: 'keep';
  /** Only the rows of fold `fold` (`inside`), or only the others. */
  readonly keep?: { readonly fold: number; readonly inside: boolean };
}

/** How many folds there are; 1 without any. */
export function foldCount(folds: Folds | undefined): number {
  if (!folds) return 1;
  return folds.by === 'ranges' ? folds.cuts.length + 1 : folds.folds;
}
