import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import { fitPca, transformPca } from './pca.ts';

interface Iris {
  X: number[][];
  expected: {
    pca: {
      components: number[][];
      explained_variance: number[];
      explained_variance_ratio: number[];
      singular_values: number[];
      mean: number[];
      noise_variance: number;
      transform_first_rows: number[][];
    };
    pca_whiten: { transform_first_rows: number[][] };
  };
}

/** `got` with the sign of each column turned to that of `want`. */
function upToSign(got: readonly Float64Array[], want: number[][]): number {
  return Math.max(
    ...got.map((scores, k) => {
      const line = want.map((row) => row[k]!);
      const turn = Math.sign(line[0]! * scores[0]!) || 1;
      return farthest(
        Array.from(scores.subarray(0, want.length), (s) => s * turn),
        line,
      );
    }),
  );
}

describe.skipIf(!haveReferences)('iris, against scikit-learn', () => {
  if (!haveReferences) return;
  const { X, expected } = reference<Iris>('decomposition_iris');
  const columns = columnsOf(X);
  const reader = { columns: Object.keys(columns).map((column) => ({ column })) };
  const blocks = blocksOf(columns, 40);

  test('PCA', () => {
    const model = fitBlocks(fitPca(reader), blocks);
    const want = expected.pca;
    expect(farthest(model.explained_variance_, want.explained_variance)).toBeLessThan(1e-10);
    expect(farthest(model.explained_variance_ratio_, want.explained_variance_ratio)).toBeLessThan(1e-10);
    expect(farthest(model.singular_values_, want.singular_values)).toBeLessThan(1e-10);
    expect(farthest(model.mean_, want.mean)).toBeLessThan(1e-11);
    expect(model.noise_variance_).toBe(want.noise_variance);
    expect(
      upToSign(transformPca(model, Object.values(columns), 150), want.transform_first_rows),
    ).toBeLessThan(1e-9);
    model.components_.forEach((component, k) => {
      const turn = Math.sign(component[0]! * want.components[k]![0]!);
      expect(
        farthest(
          component.map((v) => v * turn),
          want.components[k]!,
        ),
      ).toBeLessThan(1e-9);
    });
  });

  test('whitened', () => {
    const model = fitBlocks(fitPca(reader, { n_components: 2, whiten: true }), blocks);
    const scores = transformPca(model, Object.values(columns), 150);
    expect(upToSign(scores, expected.pca_whiten.transform_first_rows)).toBeLessThan(1e-9);
  });
});

test('scores are uncorrelated, with the variances said; the bits do not depend on the order of blocks', () => {
  const rows = fc.array(
    fc.tuple(...[1, 2, 3].map((at) => fc.double({ min: at, max: at + 5, noNaN: true }))),
    {
      minLength: 4,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 20 }), (data, size) => {
      const columns = columnsOf(data.map((row) => [...row]));
      const reader = { columns: Object.keys(columns).map((column) => ({ column })) };
      const blocks = blocksOf(columns, size);
      const model = fitBlocks(fitPca(reader), blocks);
      expect(fitBlocks(fitPca(reader), [...blocks].reverse())).toEqual(model);
      const scores = transformPca(model, Object.values(columns), data.length);
      scores.forEach((a, i) => {
        scores.forEach((b, j) => {
          const cross = a.reduce((sum, v, r) => sum + v * b[r]!, 0) / (data.length - 1);
          expect(cross).toBeCloseTo(i === j ? model.explained_variance_[i]! : 0, 9);
        });
      });
    }),
    { numRuns: 60 },
  );
});

test('components by share, too many of them, one row', () => {
  const columns = columnsOf([
    [1, 10],
    [2, -10],
    [3, 10],
    [4, -10.5],
  ]);
  const reader = { columns: [{ column: 'x0' }, { column: 'x1' }] };
  expect(fitBlocks(fitPca(reader, { n_components: 0.9 }), blocksOf(columns)).components_).toHaveLength(1);
  expect(() => fitBlocks(fitPca(reader, { n_components: 3 }), blocksOf(columns))).toThrow(/from 1 to 2/);
  expect(() => fitBlocks(fitPca(reader), blocksOf(columnsOf([[1, 2]])))).toThrow(/two rows/);
});
