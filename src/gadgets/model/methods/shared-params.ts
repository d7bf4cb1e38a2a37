import { msg } from '@lit/localize';
import type { Param } from './param.ts';

/** The kernel of a support vector machine. */
export const kernelParams: readonly Param[] = [
  {
    name: 'kernel',
    group: 'kernel',
    default: 'rbf',
    range: { kind: 'choice', of: ['rbf', 'linear', 'poly', 'sigmoid'] },
    hint: () => msg('How two rows are compared'),
  },
  {
    name: 'gamma',
    group: 'kernel',
    default: 'scale',
    range: { kind: 'number', above: 0, words: ['scale', 'auto'] },
    when: { name: 'kernel', in: ['rbf', 'poly', 'sigmoid'] },
    hint: () => msg('Reach of a row: larger follows it more closely'),
  },
  {
    name: 'degree',
    group: 'kernel',
    default: 3,
    range: { kind: 'number', min: 0, max: 12, whole: true },
    when: { name: 'kernel', in: ['poly'] },
    hint: () => msg('Degree of the polynomial'),
  },
  {
    name: 'coef0',
    group: 'kernel',
    default: 0,
    range: { kind: 'number' },
    when: { name: 'kernel', in: ['poly', 'sigmoid'] },
    hint: () => msg('Constant inside the kernel'),
  },
];

/** How a support vector machine's search ends. */
export const solverParams: readonly Param[] = [tolerance(1e-3)];

/** When a search ends. */
export function tolerance(value: number): Param {
  return {
    name: 'tol',
    group: 'search',
    default: value,
    range: { kind: 'number', above: 0, max: 1 },
    hint: () => msg('Precision at which the search ends'),
  };
}

/** Steps a search takes at most. */
export function iterations(value: number): Param {
  return {
    name: 'max_iter',
    group: 'search',
    default: value,
    range: { kind: 'number', min: 1, max: 1_000_000, whole: true },
    hint: () => msg('Steps of the search at most'),
  };
}

/** Penalty of a misplaced row. */
export const costParam: Param = {
  name: 'C',
  group: 'main',
  default: 1,
  range: { kind: 'number', above: 0 },
  hint: () => msg('Cost of a row on the wrong side: larger follows the data more closely'),
};

export const interceptParam: Param = {
  name: 'fit_intercept',
  group: 'more',
  default: true,
  range: { kind: 'flag' },
  hint: () => msg('Whether the model has a constant'),
};

/** Folds of a cross-validation. */
export const foldsParam: Param = {
  name: 'cv',
  group: 'main',
  default: 5,
  range: { kind: 'number', min: 2, max: 20, whole: true },
  hint: () => msg('Folds of the cross-validation'),
};

export const forestParams: readonly Param[] = [
  {
    name: 'n_estimators',
    group: 'main',
    default: 100,
    range: { kind: 'number', min: 1, max: 2000, whole: true },
    hint: () => msg('Trees'),
  },
  {
    name: 'max_depth',
    group: 'main',
    default: null,
    range: { kind: 'number', min: 1, max: 200, whole: true, words: [null] },
    hint: () => msg('Depth of a tree at most; None grows them out'),
  },
  {
    name: 'min_samples_leaf',
    group: 'more',
    default: 1,
    range: { kind: 'number', min: 1, whole: true },
    hint: () => msg('Rows a leaf holds at least'),
  },
  {
    name: 'min_samples_split',
    group: 'more',
    default: 2,
    range: { kind: 'number', min: 2, whole: true },
    hint: () => msg('Rows a node needs to be split'),
  },
  {
    name: 'bootstrap',
    group: 'more',
    default: true,
    range: { kind: 'flag' },
    hint: () => msg('Whether each tree draws its own rows'),
  },
];

export const neighborParams: readonly Param[] = [
  {
    name: 'n_neighbors',
    group: 'main',
    default: 5,
    range: { kind: 'number', min: 1, max: 1000, whole: true },
    hint: () => msg('Rows asked'),
  },
  {
    name: 'weights',
    group: 'main',
    default: 'uniform',
    range: { kind: 'choice', of: ['uniform', 'distance'] },
    hint: () => msg('Whether nearer rows count more'),
  },
];

/** Number of clusters. */
export const clustersParam: Param = {
  name: 'n_clusters',
  group: 'main',
  default: 8,
  range: { kind: 'number', min: 1, max: 200, whole: true },
  hint: () => msg('Clusters'),
};
