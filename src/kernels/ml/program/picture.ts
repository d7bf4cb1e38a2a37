import { ExaError } from '../../../protocol/errors.ts';
import type {
  ClustersPicture,
  DrawnGrid,
  FitPicture,
  GpPicture,
  LassoPathPicture,
  OutliersPicture,
  PcaPicture,
  RegressionPicture,
} from '../../../protocol/fit-picture.ts';
import { hyperparameters } from '../gp/gp-kernel.ts';
import { silhouetteScore } from '../metrics/clustering.ts';
import { meanAbsoluteError, meanSquaredError, r2Score } from '../metrics/regression.ts';
import { smallest } from '../outliers/smallest.ts';
import { classifierPicture } from './classifier-picture.ts';
import { lineOf, pickRows, planeOf, pointsOf, stepped, thin } from './draw.ts';
import { drawnOf, type Fitted, said, targetOf, termsIn } from './fitted.ts';
import { kernelText } from './kernel-text.ts';

/** Points drawn at most. */
export const mostPoints = 2000;
const gridSize = 80;
const lineSize = 200;
const extremes = 50;

/** What is drawn of a fitted model. */
export function pictureOf(fitted: Fitted): FitPicture {
  switch (fitted.plan.info.kind) {
    case 'outliers':
      return outliersPicture(fitted);
    case 'lasso-path':
      return pathPicture(fitted);
    case 'gp':
      return gpPicture(fitted);
    case 'clusters':
      return clustersPicture(fitted);
    case 'pca':
      return pcaPicture(fitted);
    case 'classifier':
      return classifierPicture(fitted);
    case 'regression':
      return regressionPicture(fitted);
  }
}

/** The model's word over the plane of the two axes. */
export function gridOf(fitted: Fitted, size: number): DrawnGrid | undefined {
  const plane = planeOf(fitted.plan, fitted.drawn, size);
  return plane && { x: plane.x, y: plane.y, values: said(fitted, plane.columns, size * size) };
}

function outliersPicture(fitted: Fitted): OutliersPicture {
  const { drawn: all } = fitted;
  const scores = said(fitted, all.columns, all.rows);
  const { drawn, rows } = thin(all, mostPoints);
  const first = Array.from(smallest(scores, Math.min(extremes, scores.length))).sort(
    (a, b) => scores[a]! - scores[b]! || a - b,
  );
  const chosen = pickRows(all, first);
  const grid = gridOf(fitted, gridSize);
  return {
    kind: 'outliers',
    ...drawnOf(fitted),
    points: pointsOf(drawn),
    scores: Float64Array.from(rows, (row) => scores[row]!),
    ...(grid && { grid }),
    judged: all.rows,
    outliers: scores.reduce((count, score) => count + (score < 0 ? 1 : 0), 0),
    extremes: {
      rows: chosen.ids,
      scores: Float64Array.from(first, (row) => scores[row]!),
      columns: chosen.columns,
    },
  };
}

function pathPicture(fitted: Fitted): LassoPathPicture {
  const { model } = fitted;
  if (!('path' in model)) throw unfit();
  const { alphas, coefs, errors } = model.path;
  const folds = errors[0]!.length;
  const mean = Float64Array.from(errors, (line) => line.reduce((sum, error) => sum + error, 0) / folds);
  const sd = Float64Array.from(errors, (line, k) =>
    Math.sqrt(line.reduce((sum, error) => sum + (error - mean[k]!) ** 2, 0) / (folds - 1) / folds),
  );
  let best = 0;
  for (let k = 1; k < mean.length; k++) if (mean[k]! < mean[best]!) best = k;
  const oneSe = mean.findIndex((error) => error <= mean[best]! + sd[best]!);
  const terms = termsIn(fitted);
  return {
    kind: 'lasso-path',
    ...drawnOf(fitted),
    terms,
    alphas: Float64Array.from(alphas),
    coefs: terms.map((_, j) => Float64Array.from(coefs, (coef) => coef[j]!)),
    l1Ratio: model.l1_ratio_,
    cv: { mean, sd, folds, best, oneSe },
    alpha: model.alpha_,
    chosen: Float64Array.from(model.coef_),
    intercept: model.intercept_,
    r2: model.r2,
  };
}

function gpPicture(fitted: Fitted): GpPicture {
  const { model, opened, plan, steps, drawn: all } = fitted;
  if (!('kernel_' in model) || !opened.posterior) throw unfit();
  const line = lineOf(plan, all, lineSize);
  if (!line)
    throw new ExaError(
      'invalid',
      `“${plan.features[plan.axes[0]]!.name}” is not a number: a Gaussian process is drawn along one.`,
      { facts: { column: plan.features[plan.axes[0]]!.ref } },
    );
  const x = stepped(line.columns, lineSize, steps);
  const { drawn, rows } = thin(all, mostPoints);
  const { posterior } = opened;
  return {
    kind: 'gp',
    ...drawnOf(fitted),
    target: targetOf(fitted),
    points: pointsOf(drawn),
    observed: Float64Array.from(rows, (row) => all.target![row]!),
    x: line.x,
    mean: posterior.mean(x),
    sd: posterior.std(x),
    samples: posterior.samples(x, 5, plan.seed),
    kernel: kernelText(model.kernel_),
    hyperparameters: hyperparameters(model.kernel_).map((one) => ({
      ...one,
      atBound: model.at_bounds.includes(one.name),
    })),
    logMarginalLikelihood: model.log_marginal_likelihood_value_,
  };
}

function clustersPicture(fitted: Fitted): ClustersPicture {
  const { model, drawn: all, steps } = fitted;
  const isSpectral = 'estimator' in model && model.estimator === 'SpectralClustering';
  const everyLabel = isSpectral ? Float64Array.from(model.labels_) : said(fitted, all.columns, all.rows);
  const { drawn, rows } = thin(all, mostPoints);
  const labels = Float64Array.from(rows, (row) => everyLabel[row]!);
  const streamed = 'method' in model && 'cluster_centers_' in model ? model : undefined;
  const found = streamed?.cluster_centers_.length ?? Math.max(0, ...everyLabel) + 1;
  const counts =
    streamed?.counts ??
    Array.from({ length: found }, (_, k) =>
      everyLabel.reduce((sum, label) => sum + (label === k ? 1 : 0), 0),
    );
  const fitCenters = 'cluster_centers_' in model ? model.cluster_centers_ : undefined;
  const scaled = steps.every(({ step }) => step === 'scale' || step === 'impute');
  const centers = Array.from({ length: found }, (_, k) =>
    fitCenters && scaled ? unscaled(fitCenters[k]!, steps) : meansOf(all.columns, everyLabel, k),
  );
  const x = stepped(drawn.columns, drawn.rows, steps);
  const several = new Set(labels).size > 1 && new Set(labels).size < drawn.rows;
  return {
    kind: 'clusters',
    ...drawnOf(fitted),
    points: pointsOf(drawn),
    labels,
    centers,
    counts,
    ...(streamed && { inertia: streamed.inertia_ }),
    ...(several && { silhouette: silhouetteScore(x, labels) }),
  };
}

function unscaled(center: readonly number[], steps: Fitted['steps']): Float64Array {
  const out = Float64Array.from(center);
  for (const step of [...steps].reverse())
    if (step.step === 'scale')
      for (let j = 0; j < out.length; j++) out[j] = out[j]! * step.scale[j]! + step.center[j]!;
  return out;
}

function meansOf(columns: readonly Float64Array[], labels: Float64Array, cluster: number): Float64Array {
  return Float64Array.from(columns, (column) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < labels.length; i++)
      if (labels[i] === cluster && !Number.isNaN(column[i]!)) {
        sum += column[i]!;
        count++;
      }
    return sum / count;
  });
}

function pcaPicture(fitted: Fitted): PcaPicture {
  const { model, opened, steps, drawn: all } = fitted;
  if (!('components_' in model) || !opened.project) throw unfit();
  const { drawn } = thin(all, mostPoints);
  return {
    kind: 'pca',
    ...drawnOf(fitted),
    points: pointsOf(drawn),
    terms: termsIn(fitted),
    scores: opened.project(stepped(drawn.columns, drawn.rows, steps)),
    loadings: model.components_.map((component) => Float64Array.from(component)),
    variance: Float64Array.from(model.explained_variance_),
    ratio: Float64Array.from(model.explained_variance_ratio_),
  };
}

function regressionPicture(fitted: Fitted): RegressionPicture {
  const { model, opened, drawn: all, isHeldOut, used, plan } = fitted;
  const guessed = said(fitted, all.columns, all.rows);
  const { drawn, rows } = thin(all, mostPoints);
  const line = lineOf(plan, all, lineSize);
  const actual = all.target!;
  const terms = termsIn(fitted);
  return {
    kind: 'regression',
    ...drawnOf(fitted),
    target: targetOf(fitted),
    points: pointsOf(drawn),
    actual: Float64Array.from(rows, (row) => actual[row]!),
    predicted: Float64Array.from(rows, (row) => guessed[row]!),
    ...(line && { curve: { x: line.x, y: said(fitted, line.columns, lineSize) } }),
    r2: r2Score(actual, guessed),
    mae: meanAbsoluteError(actual, guessed),
    rmse: Math.sqrt(meanSquaredError(actual, guessed)),
    ...(opened.coefficients && {
      coefficients: { terms, values: opened.coefficients.values },
      intercept: opened.coefficients.intercept,
    }),
    ...(opened.importances && { importances: { terms, values: opened.importances } }),
    ...('alpha_' in model && typeof model.alpha_ === 'number' && { alpha: model.alpha_ }),
    trained: used,
    heldOut: isHeldOut,
    judged: all.rows,
  };
}

function unfit(): ExaError {
  return new ExaError('broken', 'A model came that does not belong to its picture.');
}
