/** A fitted transformer as plain JSON: what happens to a row's features, in order. */
export type Step =
  /** (x − center) ÷ scale, column by column: Standard, MinMax, MaxAbs and Robust scalers, whitening aside. */
  | { readonly step: 'scale'; readonly center: readonly number[]; readonly scale: readonly number[] }
  /** A missing value (null, NaN) becomes its column's `fill`. */
  | { readonly step: 'impute'; readonly fill: readonly number[] }
  /** Every row is divided by its norm; rows of norm 0 stay. */
  | { readonly step: 'normalize'; readonly norm: 'l1' | 'l2' | 'max' }
  /** Column j of category codes becomes `sizes[j]` columns of 0 and 1, without category `drop[j]`; size 0 leaves it. */
  | { readonly step: 'onehot'; readonly sizes: readonly number[]; readonly drop?: readonly number[] }
  /** Products of powers: output k is Π x_j ^ powers[k][j]. */
  | { readonly step: 'polynomial'; readonly powers: readonly (readonly number[])[] }
  /** Only these columns, in this order. */
  | { readonly step: 'select'; readonly indices: readonly number[] }
  /** (x − mean) · componentsᵀ ÷ scale: PCA; `components` has one row a result. */
  | {
      readonly step: 'project';
      readonly mean: readonly number[];
      readonly components: readonly (readonly number[])[];
      readonly scale?: readonly number[];
    };
