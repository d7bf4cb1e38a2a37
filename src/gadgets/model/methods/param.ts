import type { EstimatorName } from '../../../protocol/estimators.ts';
import type { Json } from '../../../protocol/fit.ts';

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
  /** A Gaussian process's covariance: see `covariance.ts`. */
  | { readonly kind: 'covariance' };

/** A parameter under scikit-learn's name, with its default. */
export interface Param {
  readonly name: string;
  readonly group: ParamGroup;
  readonly default: Json;
  readonly range: ParamRange;
  /** Only read where another parameter is one of these. */
  readonly when?: { readonly name: string; readonly in: readonly Json[] };
  /** One line for people; called at drawing time, as it is translated. */
  readonly hint: () => string;
}

/** A method: scikit-learn's class with its parameters. */
export interface Method {
  /** The class's name. */
  readonly method: EstimatorName;
  readonly module: string;
  readonly label: () => string;
  readonly params: readonly Param[];
  /** Distances or penalties compare the columns: without a scaler the widest one decides. */
  readonly scaled: boolean;
  /** Takes a random_state. */
  readonly seeded: boolean;
}
