import { msg } from '@lit/localize';
import type { Method, Param } from './param.ts';
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

export const classificationMethods: readonly Method[] = [
  {
    method: 'LogisticRegression',
    module: 'sklearn.linear_model',
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
    label: () => msg('Support vector machine'),
    scaled: true,
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
    label: () => msg('Random forest'),
    scaled: false,
    seeded: true,
    params: forestParams,
  },
  {
    method: 'KNeighborsClassifier',
    module: 'sklearn.neighbors',
    label: () => msg('Nearest neighbours'),
    scaled: true,
    seeded: false,
    params: neighborParams,
  },
];
