/** What a method is for, and so what is drawn of it. */
export type FitKind =
  | 'outliers'
  | 'lasso-path'
  | 'gp'
  | 'clusters'
  | 'pca'
  | 'classifier'
  | 'regression'
  | 'model-selection';

/**
 * How a method reads its rows. `streamed`: block by block, over data of any size, exactly; `sampled`: its rows are
 * held in memory, all of them up to a limit, a stated sample of them above it.
 */
export type FitReading = 'streamed' | 'sampled';

export interface EstimatorInfo {
  readonly kind: Exclude<FitKind, 'model-selection'>;
  readonly reading: FitReading;
  /** What it predicts: a number, a class, or nothing (it needs no target). */
  readonly target: 'number' | 'class' | 'none';
  /** Rows of a sampled method used when the request names no number; more are offered at their cost. */
  readonly usualRows?: number;
}

/** The methods there are, by scikit-learn's names. */
export const estimators = {
  LinearRegression: { kind: 'regression', reading: 'streamed', target: 'number' },
  Ridge: { kind: 'regression', reading: 'streamed', target: 'number' },
  RidgeCV: { kind: 'regression', reading: 'streamed', target: 'number' },
  Lasso: { kind: 'lasso-path', reading: 'streamed', target: 'number' },
  LassoCV: { kind: 'lasso-path', reading: 'streamed', target: 'number' },
  ElasticNet: { kind: 'lasso-path', reading: 'streamed', target: 'number' },
  ElasticNetCV: { kind: 'lasso-path', reading: 'streamed', target: 'number' },
  SVR: { kind: 'regression', reading: 'sampled', target: 'number', usualRows: 5000 },
  KNeighborsRegressor: { kind: 'regression', reading: 'sampled', target: 'number', usualRows: 20_000 },
  RandomForestRegressor: { kind: 'regression', reading: 'sampled', target: 'number', usualRows: 20_000 },
  GaussianProcessRegressor: { kind: 'gp', reading: 'sampled', target: 'number', usualRows: 500 },
  LogisticRegression: { kind: 'classifier', reading: 'streamed', target: 'class' },
  SVC: { kind: 'classifier', reading: 'sampled', target: 'class', usualRows: 5000 },
  KNeighborsClassifier: { kind: 'classifier', reading: 'sampled', target: 'class', usualRows: 20_000 },
  RandomForestClassifier: { kind: 'classifier', reading: 'sampled', target: 'class', usualRows: 20_000 },
  OneClassSVM: { kind: 'outliers', reading: 'sampled', target: 'none', usualRows: 5000 },
  EllipticEnvelope: { kind: 'outliers', reading: 'sampled', target: 'none', usualRows: 20_000 },
  IsolationForest: { kind: 'outliers', reading: 'sampled', target: 'none', usualRows: 50_000 },
  KMeans: { kind: 'clusters', reading: 'streamed', target: 'none' },
  MiniBatchKMeans: { kind: 'clusters', reading: 'streamed', target: 'none' },
  SpectralClustering: { kind: 'clusters', reading: 'sampled', target: 'none', usualRows: 1500 },
  MeanShift: { kind: 'clusters', reading: 'sampled', target: 'none', usualRows: 3000 },
  PCA: { kind: 'pca', reading: 'streamed', target: 'none' },
} as const satisfies Record<string, EstimatorInfo>;

export type EstimatorName = keyof typeof estimators;

export const estimatorNames = Object.keys(estimators) as EstimatorName[];

export function isEstimator(name: string): name is EstimatorName {
  return Object.hasOwn(estimators, name);
}

/** Preprocessing by scikit-learn's names, in the order it happens; before them, categories become 0 and 1 each, or their place where they are ordinal. */
export const transformerNames = [
  'StandardScaler',
  'MinMaxScaler',
  'MaxAbsScaler',
  'RobustScaler',
  'Normalizer',
  'SimpleImputer',
  'PolynomialFeatures',
  'PCA',
] as const;

export type TransformerName = (typeof transformerNames)[number];
