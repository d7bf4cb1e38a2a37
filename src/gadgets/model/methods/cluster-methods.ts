import { msg } from '@lit/localize';
import type { Method } from './param.ts';
import { clustersParam, iterations, tolerance } from './shared-params.ts';

export const clusterMethods: readonly Method[] = [
  {
    method: 'KMeans',
    module: 'sklearn.cluster',
    label: () => msg('k-means'),
    scaled: true,
    seeded: true,
    params: [clustersParam, tolerance(1e-4), iterations(300)],
  },
  {
    method: 'MiniBatchKMeans',
    module: 'sklearn.cluster',
    label: () => msg('Mini-batch k-means'),
    scaled: true,
    seeded: true,
    params: [
      clustersParam,
      {
        name: 'batch_size',
        group: 'search',
        default: 1024,
        range: { kind: 'number', min: 1, max: 1_000_000, whole: true },
        hint: () => msg('Rows a step'),
      },
    ],
  },
  {
    method: 'SpectralClustering',
    module: 'sklearn.cluster',
    label: () => msg('Spectral clustering'),
    scaled: true,
    seeded: true,
    params: [
      clustersParam,
      {
        name: 'affinity',
        group: 'kernel',
        default: 'rbf',
        range: { kind: 'choice', of: ['rbf', 'nearest_neighbors'] },
        hint: () => msg('What makes two rows alike'),
      },
      {
        name: 'gamma',
        group: 'kernel',
        default: 1,
        range: { kind: 'number', above: 0 },
        when: { name: 'affinity', in: ['rbf'] },
        hint: () => msg('Reach of a row: larger is nearer'),
      },
      {
        name: 'n_neighbors',
        group: 'kernel',
        default: 10,
        range: { kind: 'number', min: 1, max: 1000, whole: true },
        when: { name: 'affinity', in: ['nearest_neighbors'] },
        hint: () => msg('Neighbours that count'),
      },
      {
        name: 'n_init',
        group: 'search',
        default: 10,
        range: { kind: 'number', min: 1, max: 100, whole: true },
        hint: () => msg('Starts of the last k-means'),
      },
    ],
  },
  {
    method: 'MeanShift',
    module: 'sklearn.cluster',
    label: () => msg('Mean shift'),
    scaled: true,
    seeded: false,
    params: [
      {
        name: 'bandwidth',
        group: 'main',
        default: null,
        range: { kind: 'number', above: 0, words: [null] },
        hint: () => msg('Radius rows are drawn from; None estimates it'),
      },
      {
        name: 'bin_seeding',
        group: 'search',
        default: false,
        range: { kind: 'flag' },
        hint: () => msg('Start from a grid instead of every row: faster'),
      },
      {
        name: 'cluster_all',
        group: 'more',
        default: true,
        range: { kind: 'flag' },
        hint: () => msg('Whether far rows get a cluster too'),
      },
    ],
  },
];

export const decompositionMethods: readonly Method[] = [
  {
    method: 'PCA',
    module: 'sklearn.decomposition',
    label: () => msg('Principal components'),
    scaled: true,
    seeded: false,
    params: [
      {
        name: 'n_components',
        group: 'main',
        default: null,
        range: { kind: 'number', above: 0, words: [null] },
        hint: () => msg('How many, or below 1 the share of variance to explain'),
      },
      {
        name: 'whiten',
        group: 'more',
        default: false,
        range: { kind: 'flag' },
        hint: () => msg('Scores of unit variance'),
      },
    ],
  },
];
