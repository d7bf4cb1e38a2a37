import { describe, expect, test } from 'vitest';
import { columnFromLiterals } from '../../../arrow/build-column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { type EstimatorName, estimatorNames, estimators } from '../../../protocol/estimators.ts';
import type { FitRequest, FitResult } from '../../../protocol/fit.ts';
import type { BlockInput } from '../../block.ts';
import { compileFit } from './compile-fit.ts';
import { fitProgram } from './fit-program.ts';
import { blocksOf, head, types } from './five-columns.testing.ts';
import { resultOf } from './result.ts';
import { runProgram } from './run-program.testing.ts';

function requestOf(method: EstimatorName): FitRequest {
  const { target, kind } = estimators[method];
  return {
    dataset: head.id,
    features: kind === 'gp' ? ['c1'] : ['c1', 'c2', 'c3'],
    ...(target !== 'none' && { target: target === 'class' ? 'c4' : 'c5' }),
    estimator: {
      method,
      params: method === 'SpectralClustering' || method === 'KMeans' ? { n_clusters: 3 } : {},
    },
    steps: [{ method: 'StandardScaler' }],
  };
}

function run(request: FitRequest, blocks: readonly BlockInput[]): FitResult {
  const plan = compileFit(request, (id) => (id === head.id ? head : undefined));
  const rows = blocks.reduce((sum, { length }) => sum + length, 0);
  const coverage = {
    version: 3,
    asOf: '2026-11-20T12:04:00.000Z',
    blocks: blocks.length,
    blocksTotal: blocks.length,
    rows,
    rowsTotal: rows,
    from: 'here' as const,
    mixed: false,
  };
  return resultOf(plan, runProgram(plan, fitProgram(plan), blocks), coverage, 'final');
}

/** What each bad input is. */
const bad: Readonly<Record<string, (method: EstimatorName) => BlockInput[]>> = {
  'NaN, missing and infinite values': () =>
    blocksOf(150, (row, i) => ({
      ...row,
      c1: i % 10 === 0 ? 'NaN' : i % 37 === 7 ? '-Infinity' : row.c1!,
      c2: i % 11 === 1 ? null : row.c2!,
      c5: i % 13 === 2 ? 'NaN' : row.c5!,
      c4: i % 17 === 3 ? null : row.c4!,
    })),
  'no usable row': () => blocksOf(20, (row) => ({ ...row, c1: null })),
  'no row at all': () => blocksOf(0),
  'one row': () => blocksOf(1),
  'two rows': () => blocksOf(2),
  'constant columns': () => blocksOf(90, (row) => ({ ...row, c1: 4, c2: -1 })),
  'all columns constant, the target too': () =>
    blocksOf(60, (row) => ({ ...row, c1: 4, c2: -1, c3: 0, c5: 7 })),
  'duplicate columns': () => blocksOf(90, (row) => ({ ...row, c2: row.c1!, c3: row.c1! })),
  'every row the same': () => blocksOf(90, () => ({ c1: 1, c2: 2, c3: 3, c4: 'no', c5: 4 })),
  'one class only': () => blocksOf(90, (row) => ({ ...row, c4: 'no' })),
  'a class of one row': () => blocksOf(90, (row, i) => ({ ...row, c4: i === 5 ? 'yes' : 'no' })),
  'numbers of very different sizes': () =>
    blocksOf(90, (row, i) => ({ ...row, c1: 1e300 * ((i % 7) - 3), c2: 1e-300 * (i % 5), c3: i })),
  'an empty block among others': () => {
    const blocks = blocksOf(150);
    const columns = Object.entries(types).map(([id, type]) => [id, columnFromLiterals(type, [])]);
    return [...blocks, { block: blocks.length, length: 0, columns: Object.fromEntries(columns) }];
  },
};

describe.each(Object.entries(bad))('%s', (_, blocksFor) => {
  test.each(estimatorNames)('%s: a picture, or one sentence why not', (method) => {
    let result: FitResult;
    try {
      result = run(requestOf(method), blocksFor(method));
    } catch (error) {
      if (!(error instanceof ExaError)) throw error;
      expect(['invalid', 'refused']).toContain(error.tag);
      expect(error.message).toMatch(/^([“A-Z0-9]|[a-z_]+ must be ).*[.?!]$/s);
      expect(error.message).not.toMatch(/undefined|\[object|NaN of|null/);
      return;
    }
    expect(result.picture.kind).toBe(estimators[method].kind);
    expect(result.coverage.used).toBeGreaterThan(0);
    for (const { message } of result.warnings) expect(message).not.toMatch(/undefined|\[object/);
    const { picture } = result;
    if (picture.kind === 'regression' && picture.coefficients)
      expect([...picture.coefficients.values].every(Number.isFinite)).toBe(true);
  });
});
