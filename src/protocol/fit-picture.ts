import type { Literal } from './column.ts';
import type { FitKind } from './estimators.ts';
import type { ColumnRef } from './query.ts';

/** Drawn rows, at most 2000, ascending by `_row`: values as stored, categories as positions in their list. */
export interface DrawnPoints {
  /** `_row` of each: what a brush hands to the filter group. */
  readonly rows: Float64Array;
  /** One array a feature of the request, in its order. */
  readonly columns: readonly Float64Array[];
}

/** A feature as axes and tables name it. */
export interface DrawnFeature {
  readonly column: ColumnRef;
  readonly label: string;
  readonly kind: string;
  readonly categories?: readonly Literal[];
}

/** Values over a plane, row-major: `values[j · x.length + i]` at (x[i], y[j]). Features off the plane are at their medians. */
export interface DrawnGrid {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly values: Float64Array;
}

interface Drawn {
  readonly features: readonly DrawnFeature[];
  /** Positions in `features` of the plane's axes; the same twice where there is one feature. */
  readonly axes: readonly [number, number];
}

export interface OutliersPicture extends Drawn {
  readonly kind: 'outliers';
  readonly points: DrawnPoints;
  /** Decision of each point: below 0 it is an outlier. */
  readonly scores: Float64Array;
  /** Decision over the plane: its boundary is the contour at 0. Left out where an axis is a category. */
  readonly grid?: DrawnGrid;
  /** Rows judged, and how many of them are outliers. */
  readonly judged: number;
  readonly outliers: number;
  /** The rows judged farthest out, at most 50, most extreme first. */
  readonly extremes: {
    readonly rows: Float64Array;
    readonly scores: Float64Array;
    readonly columns: readonly Float64Array[];
  };
}

export interface LassoPathPicture extends Drawn {
  readonly kind: 'lasso-path';
  /** What the coefficients belong to: features after preprocessing. */
  readonly terms: readonly string[];
  /** Descending. */
  readonly alphas: Float64Array;
  /** One array a term: its coefficient at each alpha. */
  readonly coefs: readonly Float64Array[];
  readonly l1Ratio: number;
  /** Mean squared error of cross-validation at each alpha, its standard error over folds. */
  readonly cv?: {
    readonly mean: Float64Array;
    readonly sd: Float64Array;
    readonly folds: number;
    /** Position of the least error, and of the greatest alpha within one standard error of it. */
    readonly best: number;
    readonly oneSe: number;
  };
  /** The fitted alpha, its coefficients and R² on what was learnt from. */
  readonly alpha: number;
  readonly chosen: Float64Array;
  readonly intercept: number;
  readonly r2: number;
}

/** One hyperparameter as fitted. */
export interface DrawnHyperparameter {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly atBound: boolean;
}

export interface GpPicture extends Drawn {
  readonly kind: 'gp';
  readonly target: DrawnFeature;
  /** Observations: positions along the first axis are `points.columns[axes[0]]`. */
  readonly points: DrawnPoints;
  readonly observed: Float64Array;
  /** Along the first axis, the other features at their medians. */
  readonly x: Float64Array;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Functions drawn from the posterior, each along `x`. */
  readonly samples: readonly Float64Array[];
  /** The fitted kernel as scikit-learn prints it. */
  readonly kernel: string;
  readonly hyperparameters: readonly DrawnHyperparameter[];
  readonly logMarginalLikelihood: number;
}

export interface ClustersPicture extends Drawn {
  readonly kind: 'clusters';
  readonly points: DrawnPoints;
  /** Cluster of each point; −1 for none. */
  readonly labels: Float64Array;
  /** One array a cluster, in the features' own units and order; empty where the method has no centres. */
  readonly centers: readonly Float64Array[];
  /** Rows of each cluster. */
  readonly counts: readonly number[];
  readonly inertia?: number;
  /** Mean silhouette of the points drawn, in [−1, 1]; left out with one cluster. */
  readonly silhouette?: number;
}

export interface PcaPicture extends Drawn {
  readonly kind: 'pca';
  readonly points: DrawnPoints;
  readonly terms: readonly string[];
  /** One array a component: its score of each point. */
  readonly scores: readonly Float64Array[];
  /** One array a component: its weight of each term. */
  readonly loadings: readonly Float64Array[];
  readonly variance: Float64Array;
  /** Shares of the variance, descending. */
  readonly ratio: Float64Array;
}

/** A curve of one class against the others. */
export interface DrawnCurve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Area under it; of precision and recall the average precision. */
  readonly area: number;
}

export interface ClassifierPicture extends Drawn {
  readonly kind: 'classifier';
  readonly target: DrawnFeature;
  readonly classes: readonly Literal[];
  /** Rows the classifier was judged by. */
  readonly points: DrawnPoints;
  /** Position of each point's class, and of what was said. */
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  /** Position of the class said over the plane. Left out where an axis is a category. */
  readonly regions?: DrawnGrid;
  /** `confusion[truth][predicted]`, over all rows it was judged by. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly {
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  /** One a class (of two classes the second only). Left out where the judged rows lack a class. */
  readonly roc?: readonly DrawnCurve[];
  readonly precisionRecall?: readonly DrawnCurve[];
  /** Share that is of the class against the share said, of methods that say shares. */
  readonly calibration?: readonly {
    readonly said: Float64Array;
    readonly true: Float64Array;
    readonly rows: Float64Array;
  }[];
  /** Weight of each term in the decision, where the method has one. */
  readonly importances?: { readonly terms: readonly string[]; readonly values: Float64Array };
  readonly trained: number;
  /** Whether the judged rows were kept from the fit. */
  readonly heldOut: boolean;
  readonly judged: number;
}

export interface RegressionPicture extends Drawn {
  readonly kind: 'regression';
  readonly target: DrawnFeature;
  readonly points: DrawnPoints;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  /** Along the first axis, the other features at their medians: what the model says. */
  readonly curve?: { readonly x: Float64Array; readonly y: Float64Array };
  readonly r2: number;
  readonly mae: number;
  readonly rmse: number;
  readonly coefficients?: { readonly terms: readonly string[]; readonly values: Float64Array };
  readonly intercept?: number;
  readonly importances?: { readonly terms: readonly string[]; readonly values: Float64Array };
  /** Of a search over alphas: the one chosen. */
  readonly alpha?: number;
  readonly trained: number;
  readonly heldOut: boolean;
  readonly judged: number;
}

export interface ModelSelectionPicture extends Drawn {
  readonly kind: 'model-selection';
  readonly target: DrawnFeature;
  /** Names of the parameters tried, sorted. */
  readonly params: readonly string[];
  /** One a choice: the parameters' values in that order, as JSON texts. */
  readonly choices: readonly (readonly string[])[];
  /** Greater is better: accuracy, or R². */
  readonly scoring: 'accuracy' | 'r2';
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** `splits[fold][choice]`. */
  readonly splits: readonly Float64Array[];
  readonly best: number;
  /** Of the best choice: mean and deviation over folds as the training rows grow. */
  readonly curve?: {
    readonly sizes: Float64Array;
    readonly train: Float64Array;
    readonly trainSd: Float64Array;
    readonly test: Float64Array;
    readonly testSd: Float64Array;
  };
}

/** What is drawn of a fit, screen-sized, tagged by its kind. */
export type FitPicture =
  | OutliersPicture
  | LassoPathPicture
  | GpPicture
  | ClustersPicture
  | PcaPicture
  | ClassifierPicture
  | RegressionPicture
  | ModelSelectionPicture;

export type PictureOf<K extends FitKind> = Extract<FitPicture, { readonly kind: K }>;
