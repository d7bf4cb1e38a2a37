import { msg } from '@lit/localize';
import type { Method } from './param.ts';
import { kernelParams, solverParams } from './shared-params.ts';

export const outlierMethods: readonly Method[] = [
  {
    method: 'OneClassSVM',
    module: 'sklearn.svm',
    label: () => msg('One-class SVM'),
    scaled: true,
    seeded: false,
    params: [
      {
        name: 'nu',
        group: 'main',
        default: 0.5,
        range: { kind: 'number', above: 0, max: 1 },
        hint: () => msg('Upper bound of the share of outliers'),
      },
      ...kernelParams,
      ...solverParams,
    ],
  },
  {
    method: 'EllipticEnvelope',
    module: 'sklearn.covariance',
    label: () => msg('Elliptic envelope'),
    scaled: false,
    seeded: true,
    params: [
      {
        name: 'contamination',
        group: 'main',
        default: 0.1,
        range: { kind: 'number', above: 0, max: 0.5 },
        hint: () => msg('Share of the rows left outside'),
      },
      {
        name: 'support_fraction',
        group: 'more',
        default: null,
        range: { kind: 'number', above: 0.5, max: 1, words: [null] },
        hint: () => msg('Share of the rows the ellipse is made of'),
      },
    ],
  },
  {
    method: 'IsolationForest',
    module: 'sklearn.ensemble',
    label: () => msg('Isolation forest'),
    scaled: false,
    seeded: true,
    params: [
      {
        name: 'n_estimators',
        group: 'main',
        default: 100,
        range: { kind: 'number', min: 1, max: 2000, whole: true },
        hint: () => msg('Trees'),
      },
      {
        name: 'contamination',
        group: 'main',
        default: 'auto',
        range: { kind: 'number', above: 0, max: 0.5, words: ['auto'] },
        hint: () => msg('Share of outliers; auto keeps the paper’s threshold'),
      },
      {
        name: 'max_samples',
        group: 'more',
        default: 'auto',
        range: { kind: 'number', min: 2, whole: true, words: ['auto'] },
        hint: () => msg('Rows a tree is grown on; auto is 256'),
      },
    ],
  },
];
