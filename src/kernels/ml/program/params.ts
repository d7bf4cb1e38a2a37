import { ExaError } from '../../../protocol/errors.ts';
import type { EstimatorName } from '../../../protocol/estimators.ts';
import type { Json, Params } from '../../../protocol/fit.ts';

/** What a parameter may be: kinds of JSON, or words. */
type Kind = 'number' | 'boolean' | 'null' | 'numbers' | 'rows' | 'object' | `=${string}`;

const intercept = { fit_intercept: ['boolean'] } as const;
const path = {
  ...intercept,
  tol: ['number'],
  max_iter: ['number'],
  positive: ['boolean'],
} as const;
const alphaGrid = {
  eps: ['number'],
  n_alphas: ['number'],
  alphas: ['numbers', 'null'],
  cv: ['number', 'null'],
} as const;
const svm = {
  kernel: ['=rbf', '=linear', '=poly', '=sigmoid'],
  gamma: ['number', '=scale', '=auto'],
  degree: ['number'],
  coef0: ['number'],
  tol: ['number'],
  max_iter: ['number'],
} as const;
const neighbours = {
  n_neighbors: ['number'],
  weights: ['=uniform', '=distance'],
  algorithm: ['=auto', '=kd_tree', '=brute'],
} as const;
const forest = {
  n_estimators: ['number'],
  max_features: ['number', '=sqrt'],
  max_depth: ['number', 'null'],
  min_samples_split: ['number'],
  min_samples_leaf: ['number'],
  bootstrap: ['boolean'],
  random_state: ['number'],
} as const;

/** Parameters there are, by method. */
const known: Readonly<Record<EstimatorName, Readonly<Record<string, readonly Kind[]>>>> = {
  LinearRegression: intercept,
  Ridge: { ...intercept, alpha: ['number'] },
  RidgeCV: { ...intercept, alphas: ['numbers'], cv: ['number', 'null'] },
  Lasso: { ...path, alpha: ['number'] },
  LassoCV: { ...path, ...alphaGrid },
  ElasticNet: { ...path, alpha: ['number'], l1_ratio: ['number'] },
  ElasticNetCV: { ...path, ...alphaGrid, l1_ratio: ['number'], l1_ratios: ['numbers'] },
  SVR: { ...svm, C: ['number'], epsilon: ['number'] },
  KNeighborsRegressor: neighbours,
  RandomForestRegressor: forest,
  GaussianProcessRegressor: {
    kernel: ['object'],
    alpha: ['number'],
    optimizer: ['=fmin_l_bfgs_b', 'null'],
    n_restarts_optimizer: ['number'],
    normalize_y: ['boolean'],
    random_state: ['number'],
  },
  LogisticRegression: {
    ...intercept,
    C: ['number'],
    solver: ['=lbfgs', '=newton-cholesky'],
    tol: ['number'],
    max_iter: ['number'],
    multi_class: ['=auto', '=ovr', '=multinomial'],
  },
  SVC: { ...svm, C: ['number'], class_weight: ['=balanced', 'null'] },
  KNeighborsClassifier: neighbours,
  RandomForestClassifier: forest,
  OneClassSVM: { ...svm, nu: ['number'] },
  EllipticEnvelope: {
    contamination: ['number'],
    support_fraction: ['number', 'null'],
    starts: ['=halves', '=elemental'],
    random_state: ['number'],
  },
  IsolationForest: {
    n_estimators: ['number'],
    max_samples: ['number', '=auto'],
    contamination: ['number', '=auto'],
    random_state: ['number'],
  },
  KMeans: {
    n_clusters: ['number'],
    init: ['=k-means++', 'rows'],
    max_iter: ['number'],
    tol: ['number'],
    init_size: ['number'],
    random_state: ['number'],
  },
  MiniBatchKMeans: {
    n_clusters: ['number'],
    batch_size: ['number'],
    steps: ['number'],
    random_state: ['number'],
  },
  SpectralClustering: {
    n_clusters: ['number'],
    affinity: ['=rbf', '=nearest_neighbors'],
    gamma: ['number'],
    n_neighbors: ['number'],
    n_init: ['number'],
    random_state: ['number'],
  },
  MeanShift: {
    bandwidth: ['number', 'null'],
    bin_seeding: ['boolean'],
    min_bin_freq: ['number'],
    cluster_all: ['boolean'],
    max_iter: ['number'],
  },
  PCA: { n_components: ['number', 'null'], whiten: ['boolean'] },
};

/** Names of the parameters of a method. */
export function paramNames(method: EstimatorName): string[] {
  return Object.keys(known[method]);
}

/**
 * A method's parameters as it takes them: null where it means "left out" is left out, "Infinity" is a number.
 * Throws `invalid`, naming the parameter, for one it does not have or of another kind.
 */
export function readParams(method: EstimatorName, params: Params = {}): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(params)) {
    if (given === undefined) continue;
    const kinds = Object.hasOwn(known[method], name) ? known[method][name] : undefined;
    if (!kinds)
      throw new ExaError(
        'invalid',
        `${method} has no parameter “${name}” here; it has ${paramNames(method).join(', ')}.`,
        { facts: { method, parameter: name } },
      );
    const value = given === 'Infinity' ? Number.POSITIVE_INFINITY : given;
    if (!kinds.some((kind) => isOf(value, kind)))
      throw new ExaError(
        'invalid',
        `${name} of ${method} must be ${kinds.map(words).join(' or ')}; it is ${JSON.stringify(given)}.`,
        { facts: { method, parameter: name } },
      );
    if (value === null && name !== 'optimizer') continue;
    read[name] = value;
  }
  return read;
}

function isOf(value: Json, kind: Kind): boolean {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && !Number.isNaN(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'numbers':
      return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number');
    case 'rows':
      return Array.isArray(value) && value.length > 0 && value.every((row) => isOf(row as Json, 'numbers'));
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return value === kind.slice(1);
  }
}

function words(kind: Kind): string {
  if (kind.startsWith('=')) return `“${kind.slice(1)}”`;
  return {
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
    numbers: 'a list of numbers',
    rows: 'rows of numbers',
    object: 'an object',
  }[kind as 'number'];
}
