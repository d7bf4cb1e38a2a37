import { msg } from '@lit/localize';
import type { Method, Param } from './param.ts';
import {
  costParam,
  foldsParam,
  forestParams,
  interceptParam,
  iterations,
  kernelParams,
  neighborParams,
  solverParams,
  tolerance,
} from './shared-params.ts';

const alpha: Param = {
  name: 'alpha',
  group: 'main',
  default: 1,
  range: { kind: 'number', min: 0 },
  hint: () => msg('Strength of the penalty'),
};

const ratio: Param = {
  name: 'l1_ratio',
  group: 'main',
  default: 0.5,
  range: { kind: 'number', above: 0, max: 1 },
  hint: () => msg('1 is the lasso, near 0 is ridge'),
};

const pathParams: readonly Param[] = [
  foldsParam,
  {
    name: 'n_alphas',
    group: 'main',
    default: 100,
    range: { kind: 'number', min: 2, max: 500, whole: true },
    hint: () => msg('Penalties tried'),
  },
  {
    name: 'eps',
    group: 'more',
    default: 1e-3,
    range: { kind: 'number', above: 0, below: 1 },
    hint: () => msg('Smallest penalty ÷ largest'),
  },
  {
    name: 'positive',
    group: 'more',
    default: false,
    range: { kind: 'flag' },
    hint: () => msg('No coefficient below 0'),
  },
  tolerance(1e-4),
  iterations(1000),
];

export const regressionMethods: readonly Method[] = [
  {
    method: 'LassoCV',
    module: 'sklearn.linear_model',
    label: () => msg('Lasso path'),
    scaled: true,
    seeded: false,
    params: pathParams,
  },
  {
    method: 'ElasticNetCV',
    module: 'sklearn.linear_model',
    label: () => msg('Elastic net path'),
    scaled: true,
    seeded: false,
    params: [ratio, ...pathParams],
  },
  {
    method: 'LinearRegression',
    module: 'sklearn.linear_model',
    label: () => msg('Least squares'),
    scaled: false,
    seeded: false,
    params: [interceptParam],
  },
  {
    method: 'Ridge',
    module: 'sklearn.linear_model',
    label: () => msg('Ridge'),
    scaled: true,
    seeded: false,
    params: [alpha, interceptParam],
  },
  {
    method: 'RidgeCV',
    module: 'sklearn.linear_model',
    label: () => msg('Ridge, penalty chosen'),
    scaled: true,
    seeded: false,
    params: [foldsParam],
  },
  {
    method: 'Lasso',
    module: 'sklearn.linear_model',
    label: () => msg('Lasso'),
    scaled: true,
    seeded: false,
    params: [alpha, interceptParam, tolerance(1e-4), iterations(1000)],
  },
  {
    method: 'ElasticNet',
    module: 'sklearn.linear_model',
    label: () => msg('Elastic net'),
    scaled: true,
    seeded: false,
    params: [alpha, ratio, interceptParam, tolerance(1e-4), iterations(1000)],
  },
  {
    method: 'SVR',
    module: 'sklearn.svm',
    label: () => msg('Support vector regression'),
    scaled: true,
    seeded: false,
    params: [
      costParam,
      {
        name: 'epsilon',
        group: 'main',
        default: 0.1,
        range: { kind: 'number', min: 0 },
        hint: () => msg('Error that costs nothing'),
      },
      ...kernelParams,
      ...solverParams,
    ],
  },
  {
    method: 'RandomForestRegressor',
    module: 'sklearn.ensemble',
    label: () => msg('Random forest'),
    scaled: false,
    seeded: true,
    params: forestParams,
  },
  {
    method: 'KNeighborsRegressor',
    module: 'sklearn.neighbors',
    label: () => msg('Nearest neighbours'),
    scaled: true,
    seeded: false,
    params: neighborParams,
  },
  {
    method: 'GaussianProcessRegressor',
    module: 'sklearn.gaussian_process',
    label: () => msg('Gaussian process'),
    scaled: false,
    seeded: true,
    params: [
      {
        name: 'kernel',
        group: 'kernel',
        default: null,
        range: { kind: 'covariance' },
        hint: () => msg('How alike two points are'),
      },
      {
        name: 'alpha',
        group: 'main',
        default: 1e-10,
        range: { kind: 'number', above: 0 },
        hint: () => msg('Added to the diagonal: noise known beforehand'),
      },
      {
        name: 'normalize_y',
        group: 'main',
        default: false,
        range: { kind: 'flag' },
        hint: () => msg('Centre and scale the target first'),
      },
      {
        name: 'n_restarts_optimizer',
        group: 'search',
        default: 0,
        range: { kind: 'number', min: 0, max: 50, whole: true },
        hint: () => msg('Further starts of the search'),
      },
    ],
  },
];
