import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnData } from '../../../arrow/column-data.ts';
import type { BlockInput } from '../../block.ts';
import { columnsOf, farthest, haveReferences, reference } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { readMatrix } from '../stream/matrix.ts';
import { fitBlocks } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { applyStep } from './apply-step.ts';
import { fitOneHotEncoder, fitOrdinalEncoder, fitSimpleImputer, polynomialStep } from './encoders.ts';
import { fitMoments, momentsKernel } from './moments.ts';
import { digitsKernel, fitQuantiles } from './quantiles.ts';
import { fitMaxAbsScaler, fitMinMaxScaler, fitRobustScaler, fitStandardScaler } from './scalers.ts';
import type { Step } from './step.ts';

type Rows = number[][];

interface References {
  X: Rows;
  wine_full: Rows;
  expected: {
    standard: { mean: number[]; var: number[]; scale: number[]; X: Rows };
    standard_partial_fit_full_wine_chunks_of_25: { n: number; mean: number[]; var: number[] }[];
    minmax: { min: number[]; max: number[]; X: Rows };
    'minmax_-1_1': Rows;
    maxabs: { scale: number[]; first5: Rows };
    robust: { center: number[]; scale: number[]; first5: Rows };
    normalizer: Record<'l1' | 'l2' | 'max', Rows>;
    polynomial: { X: Rows; deg2: Rows; deg3: Rows; deg2_interaction: Rows; powers_deg3: Rows };
    onehot: { X: string[][]; categories: string[][]; encoded: Rows; ordinal: Rows };
    impute: Record<'X' | 'mean' | 'median' | 'most_frequent', (number | null)[][]>;
  };
}

const rowsOf = (columns: readonly Float64Array[], rows: number): Rows =>
  Array.from({ length: rows }, (_, i) => columns.map((x) => x[i]!));

function textColumn(values: readonly string[]): ColumnData {
  const dictionary = [...new Set(values)];
  const codes = Int32Array.from(values, (value) => dictionary.indexOf(value));
  return { kind: 'text', length: values.length, codes, dictionary };
}

describe.skipIf(!haveReferences)('against scikit-learn', () => {
  if (!haveReferences) return;
  const { X, wine_full, expected } = reference<References>('preprocessing');
  const columns = columnsOf(X);
  const reader: Reader = { columns: Object.keys(columns).map((column) => ({ column })) };
  const blocks = blocksOf(columns, 7);
  const applied = (step: Step) => rowsOf(applyStep(Object.values(columns), X.length, step), X.length);
  const near = (got: Rows, want: Rows) =>
    expect(farthest(got.slice(0, want.length).flat(), want.flat())).toBeLessThan(1e-9);

  test('scalers', () => {
    const standard = fitBlocks(fitStandardScaler(reader), blocks);
    near(
      [[...standard.attributes.mean_!], [...standard.attributes.var_!], [...standard.attributes.scale_!]],
      [expected.standard.mean, expected.standard.var, expected.standard.scale],
    );
    near(applied(standard.step), expected.standard.X);
    const minmax = fitBlocks(fitMinMaxScaler(reader), blocks);
    expect(minmax.attributes.data_min_).toEqual(expected.minmax.min);
    expect(minmax.attributes.data_max_).toEqual(expected.minmax.max);
    near(applied(minmax.step), expected.minmax.X);
    near(
      applied(fitBlocks(fitMinMaxScaler(reader, { feature_range: [-1, 1] }), blocks).step),
      expected['minmax_-1_1'],
    );
    const maxabs = fitBlocks(fitMaxAbsScaler(reader), blocks);
    expect(maxabs.attributes.scale_).toEqual(expected.maxabs.scale);
    near(applied(maxabs.step), expected.maxabs.first5);
    const robust = fitBlocks(fitRobustScaler(reader), blocks);
    near(
      [[...robust.attributes.center_!], [...robust.attributes.scale_!]],
      [expected.robust.center, expected.robust.scale],
    );
    near(applied(robust.step), expected.robust.first5);
    for (const norm of ['l1', 'l2', 'max'] as const)
      near(applied({ step: 'normalize', norm }), expected.normalizer[norm]);
  });

  test('moments after every chunk', () => {
    const all = blocksOf(columnsOf(wine_full), 25);
    expected.standard_partial_fit_full_wine_chunks_of_25.forEach((want, i) => {
      const { mean, m2, count } = fitBlocks(fitMoments(reader), all.slice(0, i + 1));
      expect(count[0]).toBe(want.n);
      near([[...mean], [...m2].map((m) => m / want.n)], [want.mean, want.var]);
    });
  });

  test('polynomials', () => {
    const want = expected.polynomial;
    const x = Object.values(columnsOf(want.X));
    near(rowsOf(applyStep(x, 3, polynomialStep(3)), 3), want.deg2);
    near(rowsOf(applyStep(x, 3, polynomialStep(3, { degree: 3 })), 3), want.deg3);
    near(
      rowsOf(applyStep(x, 3, polynomialStep(3, { interaction_only: true, include_bias: false })), 3),
      want.deg2_interaction,
    );
    expect(polynomialStep(3, { degree: 3 }).powers).toEqual(want.powers_deg3);
  });

  test('one-hot and ordinal', () => {
    const want = expected.onehot;
    const data = { a: textColumn(want.X.map((row) => row[0]!)), b: textColumn(want.X.map((row) => row[1]!)) };
    const input: BlockInput = { block: 0, length: 5, columns: data };
    const encoder = fitBlocks(fitOneHotEncoder(['a', 'b']), [input]);
    expect(encoder.columns.map((column) => column.categories)).toEqual(want.categories);
    const read = readMatrix(input, { columns: encoder.columns, steps: [encoder.step] });
    expect(rowsOf(read.columns, 5)).toEqual(want.encoded);
    const ordinal = readMatrix(input, { columns: fitBlocks(fitOrdinalEncoder(['a', 'b']), [input]) });
    expect(rowsOf(ordinal.columns, 5)).toEqual(want.ordinal);
  });

  test('imputers', () => {
    const given = expected.impute.X.map((row) => row.map((value) => value ?? Number.NaN));
    const x = columnsOf(given);
    const plain: Reader = { columns: Object.keys(x).map((column) => ({ column })) };
    for (const strategy of ['mean', 'median', 'most_frequent'] as const) {
      const step = fitBlocks(fitSimpleImputer(plain, { strategy }), blocksOf(x, 2));
      const read = readMatrix(blocksOf(x)[0]!, { ...plain, steps: [step] });
      expect(rowsOf(read.columns, 5)).toEqual(expected.impute[strategy]);
    }
  });
});

const reader: Reader = { columns: [{ column: 'x0' }] };

test('quantiles are those of sorting, to the bit, signs and zeros included', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
    fc.constantFrom(0, -0, 1, -1, 5e-324),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (values, size) => {
        const blocks = blocksOf(columnsOf(values.map((v) => [v])), size);
        const n = values.length;
        const sorted = [...values].sort((a, b) => a - b);
        const ranks = [0, n >> 1, n - 1];
        const got = fitBlocks(
          fitQuantiles(
            reader,
            1,
            ranks.map((rank) => (n === 1 ? 0 : rank / (n - 1))),
          ),
          blocks,
        );
        ranks.forEach((rank, q) => {
          const near = [sorted[rank]!, sorted[Math.max(0, rank - 1)]!, sorted[Math.min(n - 1, rank + 1)]!];
          expect(got[0]![q]).toBeGreaterThanOrEqual(Math.min(...near));
          expect(got[0]![q]).toBeLessThanOrEqual(Math.max(...near));
        });
        expect(got[0]![0]! + 0).toBe(sorted[0]! + 0);
        expect(got[0]![2]! + 0).toBe(sorted[n - 1]! + 0);
      },
    ),
  );
});

test('partials survive their bytes', () => {
  const block = blocksOf(columnsOf([[1], [2], [Number.NaN]]))[0]!;
  const moments = momentsKernel(reader);
  expect(moments.decode(moments.encode(moments.map(block)))).toEqual(moments.map(block));
  const counts = digitsKernel({ kernel: 'digits', reader, digit: 0, prefixes: [[[]]] });
  expect(counts.decode(counts.encode(counts.map(block)))).toEqual(counts.map(block));
  expect(() => counts.decode(moments.encode(moments.map(block)))).toThrow(/computed again/);
});

test('a million keys are no category; an unknown one is named, or ignored', () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`);
  const many: BlockInput = {
    block: 0,
    length: 20_000,
    columns: {
      a: textColumn(['x']),
      b: {
        ...textColumn([]),
        length: 20_000,
        codes: Int32Array.from(keys.keys()),
        dictionary: keys,
      } as ColumnData,
    },
  };
  expect(() => fitBlocks(fitOrdinalEncoder(['b']), [many])).toThrow(/“b” has more than 10000/);
  const small: BlockInput = { block: 0, length: 2, columns: { a: textColumn(['p', 'q']) } };
  const columns = fitBlocks(fitOrdinalEncoder(['a']), [small]);
  const other: BlockInput = { block: 0, length: 1, columns: { a: textColumn(['z']) } };
  expect(() => readMatrix(other, { columns })).toThrow(/“z”/);
  const ignoring = fitBlocks(fitOneHotEncoder(['a'], { unknown: 'ignore' }), [small]);
  expect(rowsOf(readMatrix(other, { columns: ignoring.columns, steps: [ignoring.step] }).columns, 1)).toEqual(
    [[0, 0]],
  );
});

test('constant columns scale by 1; a column without values cannot be filled', () => {
  const constant = fitBlocks(fitStandardScaler(reader), blocksOf(columnsOf([[0.1], [0.1], [0.1]]), 2));
  expect(constant.step.scale).toEqual([1]);
  const none = blocksOf(columnsOf([[Number.NaN], [Number.NaN]]));
  expect(() => fitBlocks(fitSimpleImputer(reader), none)).toThrow(/no values/);
});
