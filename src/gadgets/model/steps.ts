import type { TransformerName } from '../../protocol/estimators.ts';
import type { FitRequest, Params } from '../../protocol/fit.ts';

export const scalers = ['StandardScaler', 'MinMaxScaler', 'MaxAbsScaler', 'RobustScaler'] as const;
export type Scaler = (typeof scalers)[number];

export const fills = ['mean', 'median', 'most_frequent'] as const;
export type Fill = (typeof fills)[number];

type Step = NonNullable<FitRequest['steps']>[number];

/** What the form offers of the steps: missing values, products, scale; the order is theirs. */
export interface StepChoices {
  /** Left out: rows with a missing value are. */
  readonly fill?: Fill;
  /** Products up to this degree; 1: none. */
  readonly degree: number;
  readonly scaler?: Scaler;
  /** Components kept before the method; left out: all columns as they are. */
  readonly components?: number;
}

/** The form's choices as a pipeline: fill, products, scale, components. */
export function stepsOf(choices: StepChoices): readonly Step[] {
  const step = (method: TransformerName, params?: Params): Step => (params ? { method, params } : { method });
  return [
    ...(choices.fill
      ? [step('SimpleImputer', choices.fill === 'mean' ? undefined : { strategy: choices.fill })]
      : []),
    ...(choices.degree > 1
      ? [
          step('PolynomialFeatures', {
            ...(choices.degree === 2 ? {} : { degree: choices.degree }),
            include_bias: false,
          }),
        ]
      : []),
    ...(choices.scaler ? [step(choices.scaler)] : []),
    ...(choices.components === undefined ? [] : [step('PCA', { n_components: choices.components })]),
  ];
}

/** The choices a pipeline stands for; steps the form does not know are left alone by {@link stepsOf}'s caller. */
export function choicesOf(steps: FitRequest['steps'] = []): StepChoices {
  const find = (method: TransformerName): Step | undefined => steps.find((step) => step.method === method);
  const imputer = find('SimpleImputer');
  const polynomial = find('PolynomialFeatures');
  const components = find('PCA')?.params?.n_components;
  const strategy = imputer?.params?.strategy;
  return {
    ...(imputer ? { fill: fills.find((one) => one === strategy) ?? 'mean' } : {}),
    degree: polynomial ? (typeof polynomial.params?.degree === 'number' ? polynomial.params.degree : 2) : 1,
    ...(scalerOf(steps) ? { scaler: scalerOf(steps)! } : {}),
    ...(typeof components === 'number' ? { components } : {}),
  };
}

function scalerOf(steps: NonNullable<FitRequest['steps']>): Scaler | undefined {
  return scalers.find((one) => steps.some((step) => step.method === one));
}
