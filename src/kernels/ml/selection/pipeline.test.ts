import { expect, test } from 'vitest';
import type { ColumnData } from '../../../arrow/column-data.ts';
import type { BlockInput } from '../../block.ts';
import { farthest } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import {
  fitPipeline,
  type Pipeline,
  type PipelineModel,
  predictPipeline,
  transformPipeline,
} from './pipeline.ts';

const size = 120;
const words = ['red', 'green', 'blue'];

/** Columns a, b (with gaps), colour, y, in three blocks; every fifth row lacks a. */
function blocks(): BlockInput[] {
  const a = Float64Array.from({ length: size }, (_, i) => (i % 5 === 0 ? Number.NaN : ((i * 37) % 50) / 5));
  const b = Float64Array.from({ length: size }, (_, i) => ((i * 53) % 41) - 20);
  const y = b.map((value, i) => 4 * value + (i % 3) * 10 + 1);
  return blocksOf({ a, b, y }, 40).map((input) => {
    const colour: ColumnData = {
      kind: 'text',
      length: input.length,
      codes: Int32Array.from({ length: input.length }, (_, i) => (input.block * 40 + i) % 3),
      dictionary: words,
    };
    return { ...input, columns: { ...input.columns, colour } };
  });
}

const pipeline: Pipeline = {
  numeric: ['a', 'b'],
  categorical: ['colour'],
  target: 'y',
  steps: [{ method: 'SimpleImputer', params: { strategy: 'median' } }, { method: 'StandardScaler' }],
  estimator: { method: 'LinearRegression' },
};

test('imputer, scaler, one-hot and least squares; JSON is the model', () => {
  const fitted = fitBlocks(fitPipeline(pipeline), blocks());
  const kept = JSON.parse(JSON.stringify(fitted)) as PipelineModel;
  for (const input of blocks()) {
    const { values, positions } = predictPipeline(kept, input);
    expect(positions).toBeUndefined();
    const y = input.columns.y!;
    expect(y.kind === 'float64' && farthest(values, y.values)).toBeLessThan(1e-9);
  }
  const scaled = transformPipeline(kept, blocks()[0]!);
  expect(scaled.columns).toHaveLength(5);
  // The three colours of a row always add up to one: least norm, and said.
  expect(fitted.model && 'warnings' in fitted.model && fitted.model.warnings.join()).toMatch(/Follows from/);
});

test('a classifier finds its classes; clusters and components; transform only', () => {
  const classes = fitBlocks(
    fitPipeline({
      numeric: ['b', 'y'],
      target: 'colour',
      steps: [{ method: 'MinMaxScaler' }],
      estimator: { method: 'LogisticRegression', params: { C: 1e4, max_iter: 1000 } },
    }),
    blocks(),
  );
  expect(classes.model?.method === 'LogisticRegression' && classes.model.classes_).toEqual([
    'blue',
    'green',
    'red',
  ]);
  const guessed = blocks().flatMap((input) => [...predictPipeline(classes, input).values]);
  const right = guessed.filter((code, i) => ['blue', 'green', 'red'][code] === words[i % 3]).length;
  expect(right / size).toBeGreaterThan(0.9);
  const clusters = fitBlocks(
    fitPipeline({
      numeric: ['b', 'y'],
      steps: [{ method: 'PCA', params: { n_components: 1 } }],
      estimator: { method: 'KMeans', params: { n_clusters: 2 } },
    }),
    blocks(),
  );
  expect(new Set(blocks().flatMap((input) => [...predictPipeline(clusters, input).values])).size).toBe(2);
  const only = fitBlocks(
    fitPipeline({
      numeric: ['b'],
      steps: [
        { method: 'PolynomialFeatures', params: { degree: 3 } },
        { method: 'Normalizer' },
        { method: 'MaxAbsScaler' },
      ],
    }),
    blocks(),
  );
  expect(transformPipeline(only, blocks()[0]!).columns).toHaveLength(4);
  expect(() => predictPipeline(only, blocks()[0]!)).toThrow(/only transforms/);
});

test('data of another schema, and no columns, are said', () => {
  const fitted = fitBlocks(fitPipeline(pipeline), blocks());
  const other = blocksOf({ a: Float64Array.of(1), q: Float64Array.of(2) })[0]!;
  expect(() => predictPipeline(fitted, other)).toThrow(/“b” is not in these data/);
  expect(() => fitBlocks(fitPipeline({ numeric: [], steps: [] }), blocks())).toThrow(/at least one column/);
});
