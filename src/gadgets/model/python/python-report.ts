import type { FitRequest } from '../../../protocol/fit.ts';
import { kindOf } from '../methods/methods.ts';
import type { Imports } from './python-code.ts';
import { pythonValue } from './python-words.ts';

/** What the report is about. */
export interface ReportInput {
  readonly request: FitRequest;
  /** Whether something stands before the method. */
  readonly isPipeline: boolean;
  readonly imports: Imports;
}

/** Lines that fit `model` and print what the gadget of the task shows, one `name: value` a line. */
export function pythonReport({ request, isPipeline, imports }: ReportInput): readonly string[] {
  const { method } = request.estimator;
  const last = isPipeline ? 'model[-1]' : 'model';
  const search = searchLines(request, isPipeline, imports);
  switch (kindOf(method)) {
    case 'outliers':
      return [
        'model.fit(X)',
        'scores = model.decision_function(X)  # below 0: an outlier',
        'print("rows:", len(X))',
        'print("outliers:", int((scores < 0).sum()))',
        'print("lowest score:", float(scores.min()))',
      ];
    case 'lasso-path':
      return [
        'model.fit(X, y)',
        'print("rows:", len(X))',
        ...(method.endsWith('CV') ? [`print("alpha:", float(${last}.alpha_))`] : []),
        `print("coefficients:", ${last}.coef_.tolist())`,
        `print("intercept:", float(${last}.intercept_))`,
      ];
    case 'gp':
      return [
        'model.fit(X, y)',
        'print("rows:", len(X))',
        `print("kernel:", ${last}.kernel_)`,
        `print("log marginal likelihood:", float(${last}.log_marginal_likelihood_value_))`,
        'mean, deviation = model.predict(X, return_std=True)  # the band is mean ± 1.96 · deviation',
      ];
    case 'clusters':
      imports.plain('numpy', 'np');
      return [
        'labels = model.fit_predict(X)',
        'print("rows:", len(X))',
        'print("sizes:", sorted(np.bincount(labels[labels >= 0]).tolist(), reverse=True))',
        ...(method === 'KMeans' || method === 'MiniBatchKMeans'
          ? [`print("inertia:", float(${last}.inertia_))`]
          : []),
      ];
    case 'pca':
      return [
        'scores = model.fit_transform(X)',
        'print("rows:", len(X))',
        `print("explained variance ratio:", ${last}.explained_variance_ratio_.tolist())`,
        `print("components:", ${last}.components_.tolist())`,
      ];
    case 'regression':
      imports.from('sklearn.metrics', 'mean_absolute_error', 'r2_score');
      return [
        'model.fit(X, y)',
        'predicted = model.predict(X)',
        'print("rows:", len(X))',
        'print("r2:", float(r2_score(y, predicted)))',
        'print("mean absolute error:", float(mean_absolute_error(y, predicted)))',
        ...(linear.has(method) ? [`print("coefficients:", ${last}.coef_.tolist())`] : []),
        ...search,
      ];
    case 'classifier':
      imports.from('sklearn.metrics', 'accuracy_score', 'confusion_matrix');
      imports.from('sklearn.model_selection', 'train_test_split');
      return [
        `X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=${request.seed ?? 0})`,
        'model.fit(X_train, y_train)',
        'predicted = model.predict(X_test)',
        'print("rows:", len(X))',
        'print("accuracy:", float(accuracy_score(y_test, predicted)))',
        'print("confusion:", confusion_matrix(y_test, predicted).tolist())',
        ...search,
      ];
  }
}

const linear: ReadonlySet<string> = new Set(['LinearRegression', 'Ridge', 'RidgeCV']);

function searchLines(request: FitRequest, isPipeline: boolean, imports: Imports): readonly string[] {
  const { search, estimator } = request;
  if (!search || Object.keys(search.grid).length === 0) return [];
  const isClass = kindOf(estimator.method) === 'classifier';
  const splitter = search.split === 'time' ? 'TimeSeriesSplit' : isClass ? 'StratifiedKFold' : 'KFold';
  const prefix = isPipeline ? `${estimator.method.toLowerCase()}__` : '';
  imports.from('sklearn.model_selection', 'GridSearchCV', splitter);
  return [
    '',
    'grid = {',
    ...Object.entries(search.grid).map(([name, values]) => `    "${prefix}${name}": ${pythonValue(values)},`),
    '}',
    `search = GridSearchCV(model, grid, cv=${splitter}(n_splits=${search.folds ?? 5}))`,
    'search.fit(X, y)',
    'print("best:", search.best_params_, float(search.best_score_))',
  ];
}
