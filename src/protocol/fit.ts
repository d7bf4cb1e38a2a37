import type { Unsubscribe } from './client.ts';
import type { Literal } from './column.ts';
import type { ExaError } from './errors.ts';
import type { EstimatorName, TransformerName } from './estimators.ts';
import type { FitPicture } from './fit-picture.ts';
import type { ColumnRef, Filter } from './query.ts';

/** A parameter's value, as JSON; an infinite number is the text "Infinity". */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** Parameters by scikit-learn's names; what is left out has scikit-learn's default. */
export type Params = { readonly [name: string]: Json | undefined };

/** Values to try of each parameter, on how many folds, and at which training sizes. */
export interface SearchRequest {
  readonly grid: Readonly<Record<string, readonly Json[]>>;
  /** 5. Stratified for classes, contiguous for numbers. */
  readonly folds?: number;
  /** `time`: every fold is tested by a model of the rows before it. */
  readonly split?: 'k-fold' | 'time';
  /** Shares of the training rows of a learning curve of the best choice, ascending; none: no curve. */
  readonly sizes?: readonly number[];
}

/**
 * A fit as plain JSON: the same request on the same data version gives the same bits, wherever it runs. Goes in URLs.
 */
export interface FitRequest {
  readonly dataset: string;
  /** What is learnt from: numbers as they are (dates as days, times as milliseconds), texts and booleans as categories. */
  readonly features: readonly ColumnRef[];
  /** Features read as categories though they are numbers. */
  readonly categories?: readonly ColumnRef[];
  /** Features read as one number each, the place of their category in ascending order, instead of 0 and 1 a category. */
  readonly ordinal?: readonly ColumnRef[];
  /** What is to be predicted. */
  readonly target?: ColumnRef;
  readonly filter?: Filter;
  readonly steps?: readonly { readonly method: TransformerName; readonly params?: Params }[];
  readonly estimator: { readonly method: EstimatorName; readonly params?: Params };
  /** Asks for a model selection over the estimator instead of one fit. */
  readonly search?: SearchRequest;
  /** 0. */
  readonly seed?: number;
  /** Share of the rows kept from a classifier or regression to judge it by, in [0, 0.9]. 0.25; 0 judges by what was learnt from. */
  readonly heldOut?: number;
  /** Two features whose plane is drawn; the first two. */
  readonly axes?: readonly [ColumnRef, ColumnRef];
  /** Version the request was made of; where the data are newer the result says so. */
  readonly version?: number;
  /** Rows of the first picture; 1000. */
  readonly sample?: number;
  /** Most rows a method that holds them in memory takes; its usual number. Above its limit: `refused`, with the cost. */
  readonly rows?: number;
  /** In this browser, in the store, or there only where too much would have to be fetched. `auto`. */
  readonly run?: 'here' | 'store' | 'auto';
}

/** Something a person should know of the data or the model. `feature` is one of the request's references. */
export interface FitWarning {
  readonly code:
    | 'constant'
    | 'duplicate'
    | 'collinear'
    | 'leak'
    | 'imbalance'
    | 'missing'
    | 'infinite'
    | 'identifier'
    | 'few-rows'
    | 'not-converged'
    | 'at-bound'
    | 'newer-data'
    | 'other';
  readonly message: string;
  readonly feature?: ColumnRef;
}

/** What a result speaks for. */
export interface FitCoverage {
  readonly version: number;
  /** ISO time of that version. */
  readonly asOf: string;
  readonly blocks: number;
  readonly blocksTotal: number;
  /** Rows in the blocks read, and in the data set. */
  readonly rows: number;
  readonly rowsTotal: number;
  /** Rows the model was made of, after filter and missing values. */
  readonly used: number;
  /** Rows that could be used, when `used` is a sample of them. */
  readonly sampledOf?: number;
  readonly missing: number;
  readonly infinite: number;
  readonly from: 'here' | 'store';
  /** Offline, with blocks of different ages, or without some. */
  readonly mixed: boolean;
}

/** One feature as a model reads it. */
export interface ModelFeature {
  readonly column: ColumnRef;
  readonly name: string;
  readonly kind: string;
  /** Its categories, when it is read as such. */
  readonly categories?: readonly Literal[];
}

/** A fitted model as plain JSON: kept in a file, it scores other data that have its columns (found by id, then name). */
export interface FittedModel {
  readonly format: 'exanalytics-model-1';
  readonly request: FitRequest;
  readonly version: number;
  readonly features: readonly ModelFeature[];
  readonly target?: ModelFeature;
  readonly classes?: readonly Literal[];
  /** Fitted preprocessing, and the fitted estimator with scikit-learn's attributes. */
  readonly steps: readonly Json[];
  readonly estimator: { readonly [name: string]: Json | undefined };
}

/** How exact a result is, as one sentence, with what it rests on. */
export interface Exactness {
  /** `exact`: every row; `sample`: a stated sample; `partial`: the blocks so far. */
  readonly kind: 'exact' | 'sample' | 'partial';
  readonly note: string;
}

/** A model, what is drawn of it, and what it speaks for. */
export interface FitResult {
  /** A quick look at a sample, better as blocks come, or the end. */
  readonly stage: 'sample' | 'refining' | 'final';
  readonly picture: FitPicture;
  readonly model: FittedModel;
  readonly warnings: readonly FitWarning[];
  readonly coverage: FitCoverage;
  readonly exactness: Exactness;
}

export interface FitProgress {
  /** What is being done, in words. */
  readonly phase: string;
  /** Share of the whole that is done, `[0, 1]`, when it can be told. */
  readonly done: number | null;
  readonly blocks: number;
  readonly blocksTotal: number;
  readonly secondsLeft: number | null;
  readonly paused: boolean;
  readonly where: 'here' | 'store';
}

/** What a fit tells while it runs. After `final`, or `failed`, nothing more. */
export type FitEvent =
  | { readonly kind: 'progress'; readonly progress: FitProgress }
  | { readonly kind: 'result'; readonly result: FitResult };

export interface FitObserver {
  result(result: FitResult): void;
  progress?(progress: FitProgress): void;
  failed?(error: ExaError): void;
}

/** A fit under way. */
export interface RunningFit {
  pause(): void;
  resume(): void;
  /** Ends it at once; nothing more is told. What it read is kept, so that asking again goes on from there. */
  cancel: Unsubscribe;
}

/** A fit that an earlier page began and nobody ended: asking it again goes on where it stopped. */
export interface UnfinishedFit {
  readonly request: FitRequest;
  /** ISO time. */
  readonly begun: string;
  readonly progress: FitProgress;
}

export interface ScoreRequest {
  readonly model: FittedModel;
  readonly dataset: string;
  readonly filter?: Filter;
  /** Rows whose scores are told; 1000. */
  readonly sample?: number;
}

/** What a model says of other data: a sample of rows, and how often what was said over all of them. */
export interface ScoreAnswer {
  /** Position `_row` of the sampled rows, ascending. */
  readonly rows: Float64Array;
  /** The prediction: a number, a position in `classes`, a cluster, or an outlier's decision (below 0: an outlier). */
  readonly values: Float64Array;
  readonly classes?: readonly Literal[];
  /** Rows scored in all; of classes and clusters how many of each; of outliers how many inside (0) and outside (1). */
  readonly scored: number;
  readonly counts?: readonly number[];
  /** Where the data have the target: R² or accuracy over all scored rows that have one. */
  readonly score?: number;
  readonly coverage: FitCoverage;
}

/** A model kept on this device: the text of its file under a name. Parsed by who reads it. */
export interface KeptModel {
  readonly name: string;
  readonly text: string;
}

/** Fits models and scores with them. */
export interface FitClient {
  /** The first picture comes from a sample; later ones replace it. Cancel it when nobody looks any more. */
  fit(request: FitRequest, observer: FitObserver): RunningFit;
  /** Rejects `invalid`, naming the column, where the data lack one of the model's. */
  score(request: ScoreRequest, options?: { signal?: AbortSignal }): Promise<ScoreAnswer>;
  unfinished(): Promise<readonly UnfinishedFit[]>;
  /** Forgets that a fit was unfinished. */
  dismiss(request: FitRequest): Promise<void>;
  /** By name. */
  models(): Promise<readonly KeptModel[]>;
  /** In place of another of that name, on the disk when it resolves. Rejects `quota`, `refused` for more than 16 MB. */
  keepModel(kept: KeptModel): Promise<void>;
  forgetModel(name: string): Promise<void>;
}
