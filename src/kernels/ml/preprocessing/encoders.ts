import { ExaError } from '../../../protocol/errors.ts';
import type { Fit } from '../stream/pass.ts';
import type { ReadColumn, Reader } from '../stream/reader.ts';
import { fitCategories, mostFrequent } from './categories.ts';
import { fitMoments } from './moments.ts';
import { fitQuantiles } from './quantiles.ts';
import type { Step } from './step.ts';

/** Columns with their categories: reading them gives codes 0, 1, … in ascending order. One pass. */
export function* fitOrdinalEncoder(
  columns: readonly string[],
  params: { readonly unknown?: 'error' | 'ignore'; readonly limit?: number } = {},
): Fit<ReadColumn[]> {
  const found = yield* fitCategories(columns, params.limit);
  return columns.map((column, j) => ({
    column,
    categories: found[j]!.values,
    unknown: params.unknown ?? 'error',
  }));
}

/** A fitted one-hot encoder: how to read the columns, the step that spreads them, and the names of what comes out. */
export interface OneHot {
  readonly columns: readonly ReadColumn[];
  readonly step: Extract<Step, { step: 'onehot' }>;
  readonly names: readonly string[];
}

/** One column of 0 and 1 a category; `drop: 'first'` leaves out the first of each. One pass. */
export function* fitOneHotEncoder(
  columns: readonly string[],
  params: { readonly unknown?: 'error' | 'ignore'; readonly drop?: 'first'; readonly limit?: number } = {},
): Fit<OneHot> {
  const read = yield* fitOrdinalEncoder(columns, params);
  const from = params.drop === 'first' ? 1 : 0;
  return {
    columns: read,
    step: {
      step: 'onehot',
      sizes: read.map(({ categories }) => categories!.length),
      drop: from ? read.map(() => 0) : undefined,
    },
    names: read.flatMap(({ column, categories }) =>
      categories!.slice(from).map((value) => `${column}_${value}`),
    ),
  };
}

/**
 * Missing values become the column's mean, median, most frequent value or a constant. One pass (median seven).
 * Throws `invalid` for a column without any value.
 */
export function* fitSimpleImputer(
  reader: Reader,
  params: {
    readonly strategy?: 'mean' | 'median' | 'most_frequent' | 'constant';
    readonly fill_value?: number;
  } = {},
): Fit<Extract<Step, { step: 'impute' }>> {
  const { strategy = 'mean', fill_value = 0 } = params;
  if (strategy === 'constant') return { step: 'impute', fill: reader.columns.map(() => fill_value) };
  const names = reader.columns.map(({ column }) => column);
  let fill: number[];
  if (strategy === 'most_frequent') {
    if (reader.steps?.length)
      throw new ExaError(
        'invalid',
        'The most frequent value is that of a stored column: put this imputer first.',
      );
    const found = yield* fitCategories(names, Number.MAX_SAFE_INTEGER);
    fill = found.map((categories) => Number(mostFrequent(categories) ?? Number.NaN));
  } else {
    const moments = yield* fitMoments(reader);
    fill = Array.from(moments.mean, (value, j) => (moments.count[j]! > 0 ? value : Number.NaN));
    if (strategy === 'median')
      fill = (yield* fitQuantiles(reader, fill.length, [0.5])).map((line) => line[0]!);
  }
  fill.forEach((value, j) => {
    if (Number.isNaN(value))
      throw new ExaError('invalid', `Column “${names[j]}” has no value to fill in from: leave it out.`, {
        facts: { column: names[j] ?? j },
      });
  });
  return { step: 'impute', fill };
}

/**
 * Powers of `PolynomialFeatures` for `width` columns: by degree, then as scikit-learn orders them.
 * Throws `invalid` past 10 000 of them.
 */
export function polynomialStep(
  width: number,
  params: {
    readonly degree?: number;
    readonly interaction_only?: boolean;
    readonly include_bias?: boolean;
  } = {},
): Extract<Step, { step: 'polynomial' }> {
  const { degree = 2, interaction_only = false, include_bias = true } = params;
  const powers: number[][] = include_bias ? [new Array<number>(width).fill(0)] : [];
  const extend = (chosen: number[], from: number, left: number): void => {
    if (powers.length > mostFeatures)
      throw new ExaError(
        'invalid',
        `Degree ${degree} of ${width} columns makes more than ${mostFeatures} features.`,
        {
          facts: { degree, width },
        },
      );
    if (left === 0) {
      const line = new Array<number>(width).fill(0);
      for (const j of chosen) line[j]!++;
      powers.push(line);
      return;
    }
    for (let j = from; j < width; j++) extend([...chosen, j], interaction_only ? j + 1 : j, left - 1);
  };
  for (let d = 1; d <= degree; d++) extend([], 0, d);
  return { step: 'polynomial', powers };
}

const mostFeatures = 10_000;
