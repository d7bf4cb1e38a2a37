import { type ColumnInfo, isNumeric } from '../../protocol/column.ts';
import { type EstimatorName, estimators, type FitKind } from '../../protocol/estimators.ts';
import type { FitRequest, Json, Params } from '../../protocol/fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { Role } from '../../protocol/profile.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { defaultCovariance, parseCovariance } from '../model/methods/covariance.ts';
import { methodOf } from '../model/methods/methods.ts';

/** Features a first request has at most. */
const mostFeatures: Readonly<Record<FitKind, number>> = {
  outliers: 2,
  clusters: 3,
  pca: 10,
  'lasso-path': 12,
  gp: 1,
  classifier: 4,
  regression: 8,
  'model-selection': 4,
};

/** The first method of a kind of picture. */
export const firstMethod: Readonly<Record<FitKind, EstimatorName>> = {
  outliers: 'OneClassSVM',
  clusters: 'KMeans',
  pca: 'PCA',
  'lasso-path': 'LassoCV',
  gp: 'GaussianProcessRegressor',
  classifier: 'LogisticRegression',
  regression: 'Ridge',
  'model-selection': 'SVC',
};

/** Roles whose numbers only name things. */
const naming: readonly Role[] = ['id', 'order', 'client', 'shop', 'product', 'name'];

/** Roles in the order they make good features. */
const telling: readonly Role[] = ['amount', 'quantity', 'price'];

/** Whether a column holds numbers a model may learn from: no key, no id, no link to another table. */
export function isMeasured(column: ColumnInfo, head: Head): boolean {
  const { keys, roles, links } = head.profile;
  const isName =
    keys.includes(column.id) ||
    links.some((link) => link.column === column.id) ||
    naming.some((role) => roles[role] === column.id);
  return isNumeric(column.type) && !isName && !column.id.startsWith('_');
}

/** Whether a column can be told as classes. */
export function isClasses(column: ColumnInfo, head: Head): boolean {
  const { keys, roles } = head.profile;
  const isName =
    keys.includes(column.id) || [roles.id, roles.order, roles.name, roles.email].includes(column.id);
  return (column.type.kind === 'text' || column.type.kind === 'bool') && !isName;
}

/** Numeric columns of a table, those that tell most first. */
export function measuredColumns(head: Head): readonly ColumnRef[] {
  const { roles } = head.profile;
  const rank = ({ id }: ColumnInfo): number => {
    const at = telling.findIndex((role) => roles[role] === id);
    return at < 0 ? telling.length : at;
  };
  return head.columns
    .filter((column) => isMeasured(column, head))
    .map((column, at) => ({ id: column.id, rank: rank(column), at }))
    .sort((one, other) => one.rank - other.rank || one.at - other.at)
    .map(({ id }) => id);
}

/** The target a first request has: a class or a number; undefined when no column fits. */
export function sensibleTarget(wanted: 'number' | 'class' | 'none', head: Head): ColumnRef | undefined {
  if (wanted === 'none') return undefined;
  if (wanted === 'number') return measuredColumns(head)[0];
  const { roles, dimensions } = head.profile;
  const fitting = head.columns.filter((column) => isClasses(column, head)).map(({ id }) => id);
  const named = [roles.segment, roles.state, ...dimensions, roles.country];
  return named.find((ref) => ref !== undefined && fitting.includes(ref)) ?? fitting[0];
}

/** What makes a first picture worth looking at where scikit-learn's defaults do not; written in the form as such. */
export function firstParams(method: EstimatorName): Params {
  if (method === 'OneClassSVM') return { nu: 0.05 };
  if (method === 'EllipticEnvelope') return { contamination: 0.05 };
  if (method === 'IsolationForest') return { contamination: 0.05 };
  if (method === 'KMeans' || method === 'MiniBatchKMeans' || method === 'SpectralClustering')
    return { n_clusters: 4 };
  if (method === 'GaussianProcessRegressor')
    return { kernel: parseCovariance(defaultCovariance) as unknown as Json, normalize_y: true };
  return {};
}

/** A request that shows something of a table: its telling numbers, scaled where distances count. */
export function sensibleRequest(
  head: Head,
  kind: FitKind,
  method: EstimatorName = firstMethod[kind],
  target: ColumnRef | undefined = sensibleTarget(estimators[method].target, head),
): FitRequest {
  const date = head.profile.roles.date;
  const numbers = measuredColumns(head).filter((ref) => ref !== target);
  const features =
    kind === 'gp' && date !== undefined && date !== target ? [date] : numbers.slice(0, mostFeatures[kind]);
  return {
    dataset: head.id,
    features,
    ...(target === undefined ? {} : { target }),
    steps: methodOf(method).scaled ? [{ method: 'StandardScaler' }] : [],
    estimator: { method, params: firstParams(method) },
    ...(kind === 'model-selection'
      ? { search: { grid: firstGrid(method), folds: 5, sizes: learningSizes } }
      : {}),
  };
}

/** Shares of the training rows a learning curve has. */
export const learningSizes: readonly number[] = [0.1, 0.325, 0.55, 0.775, 1];

/** What is tried first of a method: what most often matters. */
export function firstGrid(method: EstimatorName): Readonly<Record<string, readonly Json[]>> {
  switch (method) {
    case 'SVC':
    case 'SVR':
      return { C: [0.1, 1, 10, 100], gamma: [0.01, 0.1, 1, 10] };
    case 'LogisticRegression':
      return { C: [0.01, 0.1, 1, 10, 100] };
    case 'KNeighborsClassifier':
    case 'KNeighborsRegressor':
      return { n_neighbors: [1, 3, 5, 9, 15], weights: ['uniform', 'distance'] };
    case 'RandomForestClassifier':
    case 'RandomForestRegressor':
      return { max_depth: [2, 4, 8, null], min_samples_leaf: [1, 5, 20] };
    default:
      return { alpha: [0.01, 0.1, 1, 10, 100] };
  }
}
