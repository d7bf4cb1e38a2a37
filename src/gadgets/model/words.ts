import { msg } from '@lit/localize';
import type { ColumnType } from '../../protocol/column.ts';
import type { FitKind, TransformerName } from '../../protocol/estimators.ts';
import type { ParamGroup } from './methods/param.ts';

/** What a kind of model is for. */
export function kindWord(kind: FitKind): string {
  const words: Record<FitKind, string> = {
    outliers: msg('Find outliers'),
    clusters: msg('Find clusters'),
    pca: msg('Reduce dimensions'),
    classifier: msg('Tell classes apart'),
    'lasso-path': msg('What drives a number'),
    regression: msg('Estimate a number'),
    gp: msg('Predict with an interval'),
    'model-selection': msg('Choose a model'),
  };
  return words[kind];
}

/** A column's type as people say it. */
export function typeWord(type: ColumnType): string {
  switch (type.kind) {
    case 'int32':
    case 'int64':
      return msg('whole number');
    case 'decimal':
    case 'float64':
      return msg('number');
    case 'date':
      return msg('date, as days');
    case 'timestamp':
      return msg('time, as milliseconds');
    case 'bool':
      return msg('yes or no');
    case 'text':
      return msg('text: one column a value');
  }
}

export function groupWord(group: ParamGroup): string {
  const words: Record<ParamGroup, string> = {
    main: msg('Parameters'),
    kernel: msg('Kernel'),
    search: msg('Search'),
    more: msg('More'),
  };
  return words[group];
}

/** A step's name and what it does. */
export function stepWord(step: TransformerName): string {
  const words: Record<TransformerName, string> = {
    StandardScaler: msg('Mean 0, deviation 1'),
    MinMaxScaler: msg('From 0 to 1'),
    MaxAbsScaler: msg('Divide by the largest'),
    RobustScaler: msg('Median 0, quartiles 1'),
    Normalizer: msg('Rows of length 1'),
    SimpleImputer: msg('Fill missing values'),
    PolynomialFeatures: msg('Products of columns'),
    PCA: msg('Principal components'),
  };
  return words[step];
}
