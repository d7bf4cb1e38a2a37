import { expect, test } from 'vitest';
import { columnFromLiterals } from '../../../arrow/build-column.ts';
import type { FitRequest } from '../../../protocol/fit.ts';
import type { BlockInput } from '../../block.ts';
import { compileFit } from './compile-fit.ts';
import { compileScore } from './compile-score.ts';
import { fitProgram } from './fit-program.ts';
import { blocksOf, head, types } from './five-columns.testing.ts';
import { headOfColumns } from './head.testing.ts';
import { resultOf } from './result.ts';
import { runProgram } from './run-program.testing.ts';

const heads = (id: string) => (id === head.id ? head : undefined);
const coverage = {
  version: 3,
  asOf: '2026-11-20T12:04:00.000Z',
  blocks: 1,
  blocksTotal: 1,
  rows: 200,
  rowsTotal: 200,
  from: 'here' as const,
  mixed: false,
};

function runFit(request: Partial<FitRequest>, blocks = blocksOf(200)) {
  const whole: FitRequest = {
    dataset: head.id,
    features: ['c1', 'c2'],
    target: 'c5',
    estimator: { method: 'LinearRegression' },
    heldOut: 0,
    ...request,
  };
  const plan = compileFit(whole, heads);
  return resultOf(plan, runProgram(plan, fitProgram(plan), blocks), coverage, 'final');
}

const codes = (result: ReturnType<typeof runFit>) => result.warnings.map(({ code }) => code);

test('NaN, missing and infinite values: rows left out, counted and said; filled in where a step does', () => {
  const holes = blocksOf(200, (row, i) => ({
    ...row,
    c1: i % 10 === 0 ? 'NaN' : i === 7 ? 'Infinity' : row.c1!,
    c2: i % 11 === 1 ? null : row.c2!,
  }));
  const result = runFit({}, holes);
  expect(result.coverage.missing + result.coverage.infinite + result.coverage.used).toBe(200);
  expect(result.coverage.infinite).toBe(1);
  expect(codes(result)).toContain('infinite');
  const filled = runFit(
    { steps: [{ method: 'SimpleImputer' }] },
    blocksOf(200, (row, i) => ({ ...row, c2: i % 11 === 1 ? null : row.c2! })),
  );
  expect(filled.coverage.used).toBe(200);
});

test('constant and duplicate columns are named; collinear ones too, with the solution of least norm', () => {
  const same = blocksOf(200, (row) => ({ ...row, c2: 4, c3: row.c1! }));
  const result = runFit({ features: ['c1', 'c2', 'c3'] }, same);
  expect(codes(result)).toEqual(expect.arrayContaining(['constant', 'duplicate', 'collinear']));
  expect(result.warnings.find(({ code }) => code === 'constant')!.message).toContain('“b”');
  const scaled = runFit({ features: ['c1', 'c2', 'c3'], steps: [{ method: 'StandardScaler' }] }, same);
  expect(scaled.warnings.map(({ message }) => message)).toContain('Constant, so without effect: “b”.');
  const { picture } = result;
  if (picture.kind !== 'regression') throw new Error(picture.kind);
  const [a, , c] = picture.coefficients!.values;
  expect(a).toBeCloseTo(c!, 9);
});

test('more features than rows: of least norm, and said', () => {
  const result = runFit({ features: ['c1', 'c2', 'c3'] }, blocksOf(3));
  expect(codes(result)).toContain('few-rows');
  expect(result.warnings.some(({ message }) => /3 columns but only 3 rows/.test(message))).toBe(true);
  const { picture } = result;
  if (picture.kind !== 'regression') throw new Error(picture.kind);
  // Three rows about their means span a plane: what is perpendicular to it is left out of the solution.
  const [block] = blocksOf(3);
  const rows = [0, 1, 2].map((i) =>
    ['c1', 'c2', 'c3'].map((id) => {
      const column = block!.columns[id]!;
      return column.kind === 'float64' ? column.values[i]! : Number.NaN;
    }),
  );
  const [u, v] = [1, 2].map((i) => rows[i]!.map((value, k) => value - rows[0]![k]!)) as [number[], number[]];
  const across = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!);
  const [w, length] = [picture.coefficients!.values, Math.hypot(...across)];
  expect(across.reduce((sum, value, k) => sum + (value / length) * w[k]!, 0)).toBeCloseTo(0, 9);
  expect(Math.hypot(...w)).toBeGreaterThan(0.01);
});

test('one class only, a text where a number is predicted, a target among the features', () => {
  const one = blocksOf(200, (row) => ({ ...row, c4: 'no' }));
  expect(() => runFit({ target: 'c4', estimator: { method: 'LogisticRegression' } }, one)).toThrow(
    /“name” has one value only.*nothing to tell apart/,
  );
  expect(() => runFit({ target: 'c4' })).toThrow(/“name” is not a number.*classes/);
  expect(() => runFit({ features: ['c1', 'c5'] })).toThrow(/leave it out of the features/);
  expect(() => runFit({ target: undefined })).toThrow(/predicts a column: choose which/);
});

test('a key as a category: refused with its name, not a million columns', () => {
  const keys = blocksOf(10_050, (row, i) => ({ ...row, c4: `order ${i}` }), 5000);
  expect(() => runFit({ features: ['c1', 'c4'] }, keys)).toThrow(/“name” has more than 10000.*a key/);
  expect(() =>
    runFit(
      { target: 'c4', estimator: { method: 'SVC' } },
      blocksOf(1200, (row, i) => ({ ...row, c4: `order ${i}` })),
    ),
  ).toThrow(/“name” has 1200 different values.*not a class/);
});

test('a million categories are refused by name, before they fill the memory', () => {
  const size = 65_536;
  const blocks = Array.from({ length: 16 }, (_, block): BlockInput => {
    const own = Float64Array.from({ length: size }, (_, i) => block * size + i);
    const column = { kind: 'float64' as const, length: size, values: own };
    const columns = { c1: column, c2: column, c3: column, c5: column };
    return { block, length: size, columns };
  });
  for (const method of ['LinearRegression', 'KMeans', 'IsolationForest'] as const)
    expect(() =>
      runFit({ features: ['c2', 'c1'], categories: ['c1'], estimator: { method } }, blocks),
    ).toThrow(/“a” has more than 10000.*a key/);
  expect(() => runFit({ target: 'c1', features: ['c2'], estimator: { method: 'SVC' } }, blocks)).toThrow(
    /“a” has more than 10000 different values/,
  );
});

test('an empty block changes nothing; no usable row at all is said', () => {
  const blocks = blocksOf(200);
  const empty: BlockInput = {
    block: 3,
    length: 0,
    columns: Object.fromEntries(
      Object.entries(types).map(([id, type]) => [id, columnFromLiterals(type, [])]),
    ),
  };
  expect(runFit({}, [...blocks, empty]).picture).toEqual(runFit({}, blocks).picture);
  const none = blocksOf(50, (row) => ({ ...row, c1: null }));
  expect(() => runFit({ estimator: { method: 'SVR' } }, none)).toThrow(
    /No row has a value in every chosen column/,
  );
});

test('a kernel matrix that is not positive definite: what helps', () => {
  const twice = blocksOf(60, (row, i) => ({ ...row, c1: i >> 1 }));
  const kernel = { kernel: 'rbf', length_scale: 1, length_scale_bounds: 'fixed' };
  expect(() =>
    runFit(
      { features: ['c1'], estimator: { method: 'GaussianProcessRegressor', params: { kernel, alpha: 0 } } },
      twice,
    ),
  ).toThrow(/not positive definite: raise alpha.*white kernel/);
});

test('too many rows for an exact method: the sample is offered with both costs', () => {
  const blocks = blocksOf(1700, undefined, 1700);
  const request = {
    features: ['c1'],
    rows: 1700,
    estimator: { method: 'GaussianProcessRegressor' as const },
  };
  expect(() => runFit(request, blocks)).toThrow(
    /all 1700 rows would take about .* fit it on a sample of 1500/,
  );
  expect(runFit({ ...request, rows: 200 }, blocks).coverage).toMatchObject({ used: 200, sampledOf: 1700 });
});

test('leaks and imbalance are pointed out', () => {
  const gives = blocksOf(200, (row, i) => ({ ...row, c1: row.c5!, c4: i % 40 ? 'no' : 'yes' }));
  expect(runFit({}, gives).warnings.find(({ code }) => code === 'leak')!.message).toContain(
    '“a” alone gives “y” away',
  );
  const result = runFit(
    { target: 'c4', features: ['c2', 'c3'], estimator: { method: 'LogisticRegression' } },
    gives,
  );
  expect(codes(result)).toContain('imbalance');
});

test('unknown methods, parameters and values: one sentence with what there is', () => {
  expect(() => runFit({ estimator: { method: 'Magic' as never } })).toThrow(/no method “Magic”/);
  expect(() => runFit({ estimator: { method: 'Ridge', params: { n_jobs: 2 } } })).toThrow(
    /no parameter “n_jobs” here; it has/,
  );
  expect(() => runFit({ estimator: { method: 'Ridge', params: { alpha: 'much' } } })).toThrow(
    /alpha of Ridge must be a number/,
  );
  expect(() => runFit({ features: ['c1', 'c9'] })).toThrow(/no column “c9”/);
});

test('a model trained on another schema: which column is lacking or of another kind', () => {
  const { model } = runFit({ features: ['c1', 'c4'] });
  const there = {
    ...headOfColumns({ c1: { kind: 'float64' }, c2: { kind: 'text' } }, { c1: 'name', c2: 'a' }),
    id: 'other',
  };
  const find = (id: string) => (id === 'other' ? there : undefined);
  expect(() => compileScore({ model, dataset: 'other' }, find)).toThrow(
    /“a” of “Shop” is a text, where this model was fitted on float64/,
  );
  const lacking = { ...headOfColumns({ c1: { kind: 'float64' } }, { c1: 'a' }), id: 'other' };
  expect(() => compileScore({ model, dataset: 'other' }, () => lacking)).toThrow(
    /a column “name”, which “Shop” does not have/,
  );
  expect(() => compileScore({ model: { format: 'x' } as never, dataset: 'other' }, find)).toThrow(
    /not a model saved here/,
  );
});
