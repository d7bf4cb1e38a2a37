import { msg } from '@lit/localize';
import type { Estimator, Param } from './param.ts';
import {
  costParam,
  forestParams,
  interceptParam,
  iterations,
  kernelParams,
  neighborParams,
  solverParams,
  tolerance,
} from './shared-params.ts';

const penaltyParam: Param = {
  ...costParam,
  hint: () => msg('Inverse strength of the penalty: larger follows the data more closely'),
};

export const classificationMethods: readonly Estimator[] = [
  {
    method: 'LogisticRegression',
    module: 'sklearn.linear_model',
    task: 'classification',
    label: () => msg('Logistic regression'),
    scaled: true,
    seeded: false,
    params: [
      penaltyParam,
      {
        name: 'solver',
        group: 'search',
        default: 'lbfgs',
        range: { kind: 'choice', of: ['lbfgs', 'newton-cholesky'] },
        hint: () => msg('newton-cholesky needs the fewest passes over big data'),
      },
      tolerance(1e-4),
      iterations(100),
      interceptParam,
    ],
  },
  {
    method: 'SVC',
    module: 'sklearn.svm',
    task: 'classification',
    label: () => msg('Support vector machine'),
    scaled: true,
    mostRows: 20_000,
    seeded: false,
    params: [
      costParam,
      {
        name: 'class_weight',
        group: 'main',
        default: null,
        range: { kind: 'choice', of: [null, 'balanced'] },
        hint: () => msg('balanced: a rare class weighs as much as a common one'),
      },
      ...kernelParams,
      ...solverParams,
    ],
  },
  {
    method: 'RandomForestClassifier',
    module: 'sklearn.ensemble',
    task: 'classification',
    label: () => msg('Random forest'),
    scaled: false,
    mostRows: 500_000,
    seeded: true,
    params: forestParams,
  },
  {
    method: 'KNeighborsClassifier',
    module: 'sklearn.neighbors',
    task: 'classification',
    label: () => msg('Nearest neighbours'),
    scaled: true,
    mostRows: 200_000,
    seeded: false,
    params: neighborParams,
  },
];
