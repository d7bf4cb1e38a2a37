import type { BlockInput } from '../../src/kernels/block.ts';
import { fitMeanShift } from '../../src/kernels/ml/cluster/mean-shift.ts';
import { fitSpectral } from '../../src/kernels/ml/cluster/spectral.ts';
import { fitPca } from '../../src/kernels/ml/decomposition/pca.ts';
import { fitForestClassifier, forestClasses } from '../../src/kernels/ml/forest/forest.ts';
import { fitGaussianProcess } from '../../src/kernels/ml/gp/gaussian-process.ts';
import { mergeAll } from '../../src/kernels/ml/gram/gram.ts';
import { fitGram } from '../../src/kernels/ml/gram/gram-kernel.ts';
import { fitRidge } from '../../src/kernels/ml/linear/fit-linear.ts';
import { pathOf } from '../../src/kernels/ml/linear/path.ts';
import { fitKMeans } from '../../src/kernels/ml/means/k-means.ts';
import { fitNeighborsClassifier, neighborsClasses } from '../../src/kernels/ml/neighbours/neighbours.ts';
import { fitEllipticEnvelope } from '../../src/kernels/ml/outliers/elliptic-envelope.ts';
import { fitIsolationForest } from '../../src/kernels/ml/outliers/isolation-forest.ts';
import type { Samples } from '../../src/kernels/ml/samples.ts';
import { finishSteps } from '../../src/kernels/ml/steps.ts';
import { blocksOf } from '../../src/kernels/ml/stream/blocks-of.ts';
import { fitBlocks } from '../../src/kernels/ml/stream/pass.ts';
import type { Reader } from '../../src/kernels/ml/stream/reader.ts';
import { fitOneClassSvm, oneClassDecision } from '../../src/kernels/ml/svm/one-class.ts';
import { fitSvc } from '../../src/kernels/ml/svm/svc.ts';
import { fitSvr } from '../../src/kernels/ml/svm/svr.ts';

interface Task {
  readonly times: number;
  /** What it found; a function where finding it is not part of the task. */
  task(): number | (() => number);
}

type Arrays = (name: string) => { readonly values: Float64Array; readonly shape: readonly number[] };

/** The tasks of `ml-peer.py`, on the same arrays. Streamed ones read blocks of 65 536 rows, as they come from a store. */
export function tasksOf(arrays: Arrays): Record<string, Task> {
  const samples = (name: string): Samples => {
    const { values, shape } = arrays(name);
    return { rows: shape[0]!, columns: shape[1] ?? 1, values };
  };
  const vector = (name: string) => arrays(name).values;
  const sum = (values: Iterable<number>) => {
    let total = 0;
    for (const value of values) total += Math.abs(value);
    return total;
  };

  /** Blocks of columns, made before any clock runs: a store's pages are columns already. */
  const streams = new Map<string, { reader: Reader; blocks: BlockInput[] }>();
  const streamed = (x: string, y?: string) => {
    const known = streams.get(x);
    if (known) return known;
    const { rows, columns, values } = samples(x);
    const names = Array.from({ length: columns }, (_, j) => `x${j}`);
    const data: Record<string, Float64Array> = Object.fromEntries(
      names.map((name, j) => [name, Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]!)]),
    );
    if (y) data.y = vector(y);
    const reader: Reader = {
      columns: names.map((column) => ({ column })),
      ...(y && { target: { column: 'y' } }),
    };
    const made = { reader, blocks: blocksOf(data) };
    streams.set(x, made);
    return made;
  };

  const lasso = (name: string, times: number): Task => ({
    times,
    task() {
      const { reader, blocks } = streamed(`${name}.x`, `${name}.y`);
      const path = fitBlocks(
        (function* () {
          const partial = yield* fitGram(reader);
          return pathOf(mergeAll(partial.folds), { fit_intercept: false });
        })(),
        blocks,
      );
      return path.coefs.reduce((total, coef) => total + sum(coef), 0);
    },
  });
  let oneClass: ReturnType<typeof fitOne> | undefined;
  const fitOne = () => finishSteps(fitOneClassSvm(samples('outliers.x'), { nu: 0.1, gamma: 0.1 }));

  return {
    'lasso-diabetes': lasso('diabetes', 20),
    'lasso-100kx100': lasso('lasso', 1),
    'pca-100kx50': {
      times: 1,
      task() {
        const { reader, blocks } = streamed('pca.x');
        return sum(fitBlocks(fitPca(reader), blocks).explained_variance_);
      },
    },
    'ridge-1mx20': {
      times: 1,
      task() {
        const { reader, blocks } = streamed('ridge.x', 'ridge.y');
        return sum(fitBlocks(fitRidge(reader), blocks).coef_);
      },
    },
    'kmeans-1mx8': {
      times: 1,
      task() {
        const { reader, blocks } = streamed('kmeans.x');
        const { values } = samples('kmeans.init');
        const init = Array.from({ length: 10 }, (_, k) => Array.from(values.subarray(k * 8, k * 8 + 8)));
        return fitBlocks(fitKMeans(reader, { init, max_iter: 30, tol: 0 }), blocks).inertia_;
      },
    },
    'ocsvm-grid': {
      times: 3,
      task() {
        oneClass ??= fitOne();
        return oneClassDecision(oneClass, samples('outliers.grid')).reduce(
          (total, value) => total + value,
          0,
        );
      },
    },
    'ocsvm-fit-10k': { times: 1, task: () => fitOne().support_.length },
    'elliptic-10k': {
      times: 1,
      task() {
        const { covariance } = finishSteps(fitEllipticEnvelope(samples('elliptic.x')));
        const [[a, b], [c, d]] = covariance.covariance_ as [[number, number], [number, number]];
        return Math.log(a * d - b * c);
      },
    },
    'iforest-10k': {
      times: 3,
      task: () => finishSteps(fitIsolationForest(samples('outliers.x'), { contamination: 0.1 })).offset_,
    },
    'gp-500': {
      times: 1,
      task: () =>
        finishSteps(
          fitGaussianProcess(samples('gp.x'), vector('gp.y'), {
            kernel: { kernel: 'sum', k1: { kernel: 'rbf' }, k2: { kernel: 'white' } },
          }),
        ).log_marginal_likelihood_value_,
    },
    'svc-5kx10': {
      times: 1,
      task: () => finishSteps(fitSvc(samples('svc.x'), vector('svc.y'))).support_.length,
    },
    'svr-5kx9': {
      times: 1,
      task: () => finishSteps(fitSvr(samples('svr.x'), vector('svr.y'))).support_.length,
    },
    'forest-10kx20': {
      times: 1,
      task() {
        const { columns, values } = samples('forest.x');
        const y = vector('forest.y');
        const part = (start: number, end: number): Samples => ({
          rows: end - start,
          columns,
          values: values.subarray(start * columns, end * columns),
        });
        const model = finishSteps(fitForestClassifier(part(0, 10_000), y.subarray(0, 10_000)));
        return () => {
          const said = forestClasses(model, part(10_000, 12_000));
          return said.filter((label, i) => label === y[10_000 + i]).length / 2000;
        };
      },
    },
    'knn-50kx8': {
      times: 1,
      task() {
        const model = fitNeighborsClassifier(samples('knn.x'), vector('knn.y'));
        return neighborsClasses(model, samples('knn.q')).reduce<number>(
          (total, label) => total + Number(label),
          0,
        );
      },
    },
    'meanshift-1500': {
      times: 1,
      task: () => finishSteps(fitMeanShift(samples('meanshift.x'), { bandwidth: 2 })).cluster_centers_.length,
    },
    'spectral-1500': {
      times: 1,
      task: () =>
        new Set(finishSteps(fitSpectral(samples('spectral.x'), { n_clusters: 4, gamma: 1 })).labels_).size,
    },
  };
}
