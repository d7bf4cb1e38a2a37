import type { ParamValue } from './values.ts';

/** Where a parameter stands in the form: what one tries first, the kernel, how the search goes, the rest. */
export type ParamGroup = 'main' | 'kernel' | 'search' | 'more';

/** What a parameter may be. An end written `min`/`max` is allowed itself, `above`/`below` is not. */
export type ParamRange =
  | {
      readonly kind: 'number';
      readonly min?: number;
      readonly above?: number;
      readonly max?: number;
      readonly below?: number;
      readonly whole?: true;
      /** Allowed beside numbers: `'scale'`, or null for None. */
      readonly words?: readonly (string | null)[];
    }
  /** null is None. */
  | { readonly kind: 'choice'; readonly of: readonly (string | number | null)[] }
  | { readonly kind: 'flag' }
  /** A Gaussian process's covariance: see `gp-kernels.ts`. */
  | { readonly kind: 'covariance' };

/** A parameter under scikit-learn's name, with its default. */
export interface Param {
  readonly name: string;
  readonly group: ParamGroup;
  readonly default: ParamValue;
  readonly range: ParamRange;
  /** Only read where another parameter is one of these. */
  readonly when?: { readonly name: string; readonly in: readonly ParamValue[] };
  /** One line for people; called at drawing time, as it is translated. */
  readonly hint: () => string;
}

/** What a fit answers, and so which gadget shows it. */
export type Task =
  | 'outliers'
  | 'path'
  | 'regression'
  | 'gp'
  | 'classification'
  | 'clusters'
  | 'decomposition';

/** A method: scikit-learn's class with its parameters. */
export interface Estimator {
  /** The class's name. */
  readonly method: string;
  readonly module: string;
  readonly task: Task;
  readonly label: () => string;
  readonly params: readonly Param[];
  /** Distances or penalties compare the columns: without a scaler the widest one decides. */
  readonly scaled: boolean;
  /** Most rows it takes at once; more are sampled. Left out: it streams over all rows. */
  readonly mostRows?: number;
  /** Takes a random_state. */
  readonly seeded: boolean;
}
