import type { ExaError } from '../../protocol/errors.ts';
import { estimators } from '../../protocol/estimators.ts';
import type {
  FitClient,
  FitObserver,
  FitProgress,
  FitRequest,
  FitResult,
  FitWarning,
  KeptModel,
  RunningFit,
  ScoreAnswer,
  ScoreRequest,
  UnfinishedFit,
} from '../../protocol/fit.ts';
import type { DrawnFeature, DrawnGrid, DrawnPoints, FitPicture } from '../../protocol/fit-picture.ts';

interface RunningEntry {
  readonly request: FitRequest;
  readonly observer: FitObserver;
  paused: boolean;
}

/** A {@link FitClient} that draws made-up pictures of every kind, with levers for every state. */
export class FakeFits implements FitClient {
  /** Every fit asked for, in order, and those under way. */
  readonly asked: FitRequest[] = [];
  readonly running = new Set<RunningEntry>();
  readonly scored: ScoreRequest[] = [];
  /** Nothing is told while true. */
  held = false;
  /** The first result is followed by the last only when {@link finish} is called. */
  slow = false;
  failure: ExaError | undefined;
  /** Told after the first result, in place of the last. */
  afterwards: ExaError | undefined;
  /** Laid over every result's coverage (`{ mixed: true }` makes gadgets stale). */
  coverage: Partial<FitResult['coverage']> = {};
  /** Told with every result. */
  warnings: readonly FitWarning[] = [];
  left: UnfinishedFit[] = [];

  fit(request: FitRequest, observer: FitObserver): RunningFit {
    const entry: RunningEntry = { request, observer, paused: false };
    this.asked.push(request);
    this.running.add(entry);
    queueMicrotask(() => this.#tell(entry));
    const pause = (paused: boolean) => {
      entry.paused = paused;
      if (this.running.has(entry)) observer.progress?.(this.progress(0.5, paused));
    };
    return {
      pause: () => pause(true),
      resume: () => pause(false),
      cancel: () => this.running.delete(entry),
    };
  }

  #tell(entry: RunningEntry): void {
    if (this.held || !this.running.has(entry)) return;
    if (this.failure) {
      this.running.delete(entry);
      entry.observer.failed?.(this.failure);
      return;
    }
    entry.observer.progress?.(this.progress(0.12));
    entry.observer.result(this.result(entry.request, 'sample'));
    if (this.afterwards) {
      this.running.delete(entry);
      entry.observer.failed?.(this.afterwards);
    } else if (!this.slow) this.#end(entry);
  }

  #end(entry: RunningEntry): void {
    if (!this.running.delete(entry)) return;
    entry.observer.result(this.result(entry.request, 'final'));
  }

  /** Tells what was held. */
  tellAll(): void {
    for (const entry of [...this.running]) this.#tell(entry);
  }

  /** Ends every fit under way. */
  finish(): void {
    for (const entry of [...this.running]) this.#end(entry);
  }

  progress(done: number, paused = false): FitProgress {
    return {
      phase: 'Gram matrix',
      done,
      blocks: Math.round(100 * done),
      blocksTotal: 100,
      secondsLeft: Math.round(45 * (1 - done)),
      paused,
      where: 'here',
    };
  }

  async score(request: ScoreRequest): Promise<ScoreAnswer> {
    this.scored.push(request);
    if (this.failure) throw this.failure;
    const rows = wave(40, (i) => 3 * i);
    return {
      rows,
      values: rows.map((row) => Math.sin(row)),
      scored: 1200,
      coverage: this.result(request.model.request, 'final').coverage,
    };
  }

  async unfinished(): Promise<readonly UnfinishedFit[]> {
    return this.left;
  }

  async dismiss(request: FitRequest): Promise<void> {
    this.left = this.left.filter((one) => JSON.stringify(one.request) !== JSON.stringify(request));
  }

  readonly kept = new Map<string, string>();

  async models(): Promise<readonly KeptModel[]> {
    return [...this.kept].sort().map(([name, text]) => ({ name, text }));
  }

  async keepModel({ name, text }: KeptModel): Promise<void> {
    if (this.failure) throw this.failure;
    this.kept.set(name, text);
  }

  async forgetModel(name: string): Promise<void> {
    this.kept.delete(name);
  }

  result(request: FitRequest, stage: FitResult['stage']): FitResult {
    const isFinal = stage === 'final';
    return {
      stage,
      picture: fakePicture(request),
      model: {
        format: 'exanalytics-model-1',
        request,
        version: 7,
        features: request.features.map((column) => ({ column, name: column, kind: 'float64' })),
        steps: [],
        estimator: { method: request.estimator.method },
      },
      warnings: this.warnings,
      coverage: {
        version: 7,
        asOf: '2026-11-20T12:04:00.000Z',
        blocks: isFinal ? 100 : 4,
        blocksTotal: 100,
        rows: isFinal ? 6_553_600 : 262_144,
        rowsTotal: 6_553_600,
        used: isFinal ? 6_500_000 : 1000,
        sampledOf: isFinal ? undefined : 260_000,
        missing: isFinal ? 53_600 : 0,
        infinite: 0,
        from: 'here',
        mixed: false,
        ...this.coverage,
      },
      exactness: isFinal
        ? { kind: 'exact', note: 'Exact: every row was read.' }
        : { kind: 'sample', note: 'A sample of 1,000 rows from 4 of 100 blocks.' },
    };
  }
}

function wave(count: number, of: (i: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => of(i));
}

/** A picture of the request's kind, from smooth made-up numbers. */
export function fakePicture(request: FitRequest): FitPicture {
  const features: DrawnFeature[] = request.features.map((column) => ({
    column,
    label: column,
    kind: 'float64',
  }));
  const terms = features.map(({ label }) => label);
  const count = 120;
  const points: DrawnPoints = {
    rows: wave(count, (i) => i * 11),
    columns: features.map((_, j) =>
      wave(count, (i) => Math.sin(i * (1.3 + j)) * 2 + Math.cos(i * 0.7 * (j + 1))),
    ),
  };
  const axes: [number, number] = [0, Math.min(1, features.length - 1)];
  const [first, second] = axes.map((axis) => points.columns[axis] ?? new Float64Array(count)) as [
    Float64Array,
    Float64Array,
  ];
  const drawn = { features, axes };
  const target: DrawnFeature = {
    column: request.target ?? 'y',
    label: request.target ?? 'y',
    kind: 'float64',
  };
  const line = wave(24, (i) => -3.5 + (i * 7) / 23);
  const grid = (of: (x: number, y: number) => number): DrawnGrid => ({
    x: line,
    y: line,
    values: wave(24 * 24, (at) => of(line[at % 24]!, line[Math.floor(at / 24)]!)),
  });
  const decide = (x: number, y: number) => 2.2 - Math.sqrt(x * x + y * y);
  const kind = request.search ? 'model-selection' : estimators[request.estimator.method].kind;
  switch (kind) {
    case 'outliers': {
      const scores = wave(count, (i) => decide(first[i]!, second[i]!));
      const order = Array.from(scores.keys())
        .sort((a, b) => scores[a]! - scores[b]!)
        .slice(0, 10);
      return {
        kind,
        ...drawn,
        points,
        scores,
        grid: grid(decide),
        judged: count,
        outliers: scores.filter((score) => score < 0).length,
        extremes: {
          rows: Float64Array.from(order, (i) => points.rows[i]!),
          scores: Float64Array.from(order, (i) => scores[i]!),
          columns: points.columns.map((column) => Float64Array.from(order, (i) => column[i]!)),
        },
      };
    }
    case 'lasso-path': {
      const alphas = wave(60, (k) => 10 ** (1 - k / 20));
      const coefs = terms.map((_, j) => alphas.map((alpha) => Math.max(0, 6 - j - alpha) * (j % 2 ? -1 : 1)));
      return {
        kind,
        ...drawn,
        terms,
        alphas,
        coefs,
        l1Ratio: 1,
        cv: {
          mean: alphas.map((alpha) => 3 + Math.log10(alpha / 0.5) ** 2),
          sd: alphas.map(() => 0.2),
          folds: 5,
          best: 26,
          oneSe: 18,
        },
        alpha: alphas[26]!,
        chosen: Float64Array.from(coefs, (path) => path[26]!),
        intercept: 1.5,
        r2: 0.51,
      };
    }
    case 'gp': {
      const x = wave(100, (i) => -3.5 + (i * 7) / 99);
      return {
        kind,
        ...drawn,
        target,
        points,
        observed: first.map((value) => Math.sin(value)),
        x,
        mean: x.map(Math.sin),
        sd: x.map((value) => 0.1 + 0.05 * value * value),
        samples: [0, 1, 2].map((s) => x.map((value) => Math.sin(value) + 0.2 * Math.cos(3 * value + s))),
        kernel: '1**2 * RBF(length_scale=1.2) + WhiteKernel(noise_level=0.01)',
        hyperparameters: [
          { name: 'k1__k2__length_scale', value: 1.2, low: 1e-5, high: 1e5, atBound: false },
          { name: 'k2__noise_level', value: 1e-5, low: 1e-5, high: 1e5, atBound: true },
        ],
        logMarginalLikelihood: -12.4,
      };
    }
    case 'clusters': {
      const labels = first.map((value) => (value < -1 ? 0 : value < 1 ? 1 : 2));
      return {
        kind,
        ...drawn,
        points,
        labels,
        centers: [-2, 0, 2].map((middle) => Float64Array.from(features, () => middle)),
        counts: [0, 1, 2].map((label) => labels.filter((one) => one === label).length),
        inertia: 84.2,
        silhouette: 0.41,
      };
    }
    case 'pca': {
      const size = Math.max(1, terms.length);
      const ratio = wave(size, (k) => 2 ** (size - 1 - k) / (2 ** size - 1));
      return {
        kind,
        ...drawn,
        points,
        terms,
        scores: [first, second],
        loadings: terms.map((_, k) => wave(size, (j) => Math.cos(k + j))),
        variance: ratio.map((share) => 9 * share),
        ratio,
      };
    }
    case 'classifier': {
      const truth = first.map((value, i) => (value + 0.4 * second[i]! > 0.3 ? 1 : 0));
      const predicted = first.map((value) => (value > 0 ? 1 : 0));
      const confusion = [0, 1].map((t) =>
        [0, 1].map((p) => truth.filter((value, i) => value === t && predicted[i] === p).length),
      );
      const curve = { x: wave(20, (i) => i / 19), y: wave(20, (i) => Math.sqrt(i / 19)), area: 0.87 };
      return {
        kind,
        ...drawn,
        target,
        classes: ['no', 'yes'],
        points,
        truth,
        predicted,
        regions: grid((x) => (x > 0 ? 1 : 0)),
        confusion,
        perClass: [0, 1].map((c) => ({
          precision: 0.9,
          recall: 0.85,
          f1: 0.87,
          support: truth.filter((value) => value === c).length,
        })),
        accuracy: 0.88,
        balancedAccuracy: 0.87,
        roc: [curve],
        precisionRecall: [{ ...curve, y: wave(20, (i) => 1 - (i / 19) ** 3), area: 0.9 }],
        calibration: [
          {
            said: wave(5, (i) => 0.1 + i / 5),
            true: wave(5, (i) => 0.05 + i / 4.6),
            rows: wave(5, () => 24),
          },
        ],
        importances: { terms, values: wave(terms.length, (j) => 1 / (j + 1)) },
        trained: 5000,
        heldOut: true,
        judged: count,
      };
    }
    case 'regression': {
      const actual = first.map((value) => 2 * value + 1);
      return {
        kind,
        ...drawn,
        target,
        points,
        actual,
        predicted: actual.map((value, i) => value + 0.4 * second[i]!),
        curve: { x: line, y: line.map((value) => 2 * value + 1) },
        r2: 0.83,
        mae: 0.4,
        rmse: 0.6,
        coefficients: { terms, values: wave(terms.length, (j) => 2 - j) },
        intercept: 1,
        trained: 5000,
        heldOut: true,
        judged: count,
      };
    }
    case 'model-selection': {
      const entries = Object.entries(request.search?.grid ?? { C: [0.1, 1, 10], gamma: [0.1, 1] }).sort(
        ([a], [b]) => (a < b ? -1 : 1),
      );
      const choices = entries.reduce<string[][]>(
        (made, [, values]) => made.flatMap((one) => values.map((value) => [...one, JSON.stringify(value)])),
        [[]],
      );
      const mean = wave(choices.length, (c) => 0.95 - 0.05 * Math.abs(c - choices.length / 2));
      return {
        kind,
        ...drawn,
        target,
        params: entries.map(([name]) => name),
        choices,
        scoring: 'accuracy',
        mean,
        sd: mean.map(() => 0.01),
        splits: [0, 1, 2].map((f) => mean.map((value) => value + 0.01 * (f - 1))),
        best: Math.floor(choices.length / 2),
        curve: {
          sizes: wave(4, (i) => 100 * (i + 1)),
          train: wave(4, (i) => 0.99 - 0.005 * i),
          trainSd: wave(4, () => 0.005),
          test: wave(4, (i) => 0.8 + 0.04 * i),
          testSd: wave(4, () => 0.02),
        },
      };
    }
  }
}
