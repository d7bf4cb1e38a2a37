import type { ColumnTypes } from '../../../protocol/formula-type.ts';
import type { FilterSpec } from '../../../protocol/kernel.ts';
import type { Step } from '../preprocessing/step.ts';
import type { Reader } from './reader.ts';

/** The kernel of one pass of a fit, as plain JSON: everything its `map` needs, nothing only the fit needs. */
export type FitSpec =
  /** Means and centred products of features and target, a Gram a fold. */
  | { readonly kernel: 'gram'; readonly reader: Reader }
  /** Used rows of every block. */
  | { readonly kernel: 'count'; readonly reader: Reader }
  /** Count, mean, squared deviations, least, greatest and largest magnitude of every column, each skipping its nulls. */
  | { readonly kernel: 'moments'; readonly reader: Reader }
  /** Distinct values of every column, and how often each occurs. */
  | {
      readonly kernel: 'categories';
      readonly columns: readonly string[];
      readonly limit: number;
      readonly where?: FilterSpec;
      readonly types?: ColumnTypes;
    }
  /** How many values of each column have each next digit after each prefix of their order-preserving bits. */
  | {
      readonly kernel: 'digits';
      readonly reader: Reader;
      /** Which digit, 0 the highest. */
      readonly digit: number;
      /** Of every column the prefixes, each of `digit` digits. */
      readonly prefixes: readonly (readonly (readonly number[])[])[];
    }
  /** Loss, gradient and curvature of (multinomial) logistic regression at `weights`, a row a class. */
  | {
      readonly kernel: 'logistic';
      readonly reader: Reader;
      readonly classes: number;
      readonly center: readonly number[];
      readonly weights: readonly (readonly number[])[];
      readonly ovr: boolean;
      /** Whether the curvature is wanted too. */
      readonly curvature: boolean;
    }
  /** A uniform sample of rows; with `ids` each ends in its `_row`. */
  | {
      readonly kernel: 'rows';
      readonly reader: Reader;
      readonly size: number;
      readonly seed: number;
      readonly ids?: boolean;
    }
  /** Sums, counts and squared distances of the rows nearest each centre. */
  | {
      readonly kernel: 'means';
      readonly reader: Reader;
      readonly origin: readonly number[];
      readonly centers: readonly (readonly number[])[];
      readonly inertia: boolean;
    }
  /** The `count` rows farthest from their nearest centre. */
  | {
      readonly kernel: 'farthest';
      readonly reader: Reader;
      readonly origin: readonly number[];
      readonly centers: readonly (readonly number[])[];
      readonly count: number;
    }
  /** Squared leave-one-out errors of ridge regression for every alpha. */
  | {
      readonly kernel: 'left-out';
      readonly reader: Reader;
      readonly mean: readonly number[];
      readonly vectors: readonly (readonly number[])[];
      readonly values: readonly number[];
      readonly projected: readonly number[];
      readonly alphas: readonly number[];
      readonly constant: number;
    }
  /** How well a linear model predicts: errors of a regression, or a confusion matrix. */
  | {
      readonly kernel: 'score';
      readonly reader: Reader;
      readonly task: 'regression' | 'classification';
      readonly coef: readonly (readonly number[])[];
      readonly intercept: readonly number[];
    }
  /** How many rows have their squared Mahalanobis distance in each of `bins` equal parts of [low, high), below, above. */
  | {
      readonly kernel: 'distance-counts';
      readonly reader: Reader;
      readonly location: readonly number[];
      /** L⁻¹ of the covariance, lower triangle, row-major. */
      readonly whiten: readonly number[];
      readonly low: number;
      readonly high: number;
      readonly bins: number;
    }
  /** Sums and products, about `location`, of the rows whose squared Mahalanobis distance is at most `limit`. */
  | {
      readonly kernel: 'near-scatter';
      readonly reader: Reader;
      readonly location: readonly number[];
      readonly whiten: readonly number[];
      readonly limit: number;
    }
  /** What a fitted model says of every row: a sample of it, how often what, and how well. */
  | {
      readonly kernel: 'judge';
      /** Features before the steps; the target too where the data have it. */
      readonly reader: Reader;
      readonly steps: readonly Step[];
      /** An estimator's JSON. */
      readonly model: unknown;
      readonly says: 'number' | 'class' | 'cluster' | 'outlier';
      readonly classes: number;
      readonly size: number;
      readonly seed: number;
      /** Rows of least value that are kept, with their features. */
      readonly lowest: number;
    }
  /** The `k` rows nearest each query, with their targets. */
  | {
      readonly kernel: 'nearest';
      readonly reader: Reader;
      readonly queries: readonly (readonly number[])[];
      readonly k: number;
    };
