import { describe, expect, test } from 'vitest';
import { columnFromLiterals } from '../../../arrow/build-column.ts';
import type { ColumnData } from '../../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../../protocol/column.ts';
import { estimatorNames, estimators } from '../../../protocol/estimators.ts';
import type { FitRequest } from '../../../protocol/fit.ts';
import type { Head } from '../../../protocol/head.ts';
import type { BlockInput } from '../../block.ts';
import { buildLookup } from '../../table/lookup.ts';
import { compileFit, fitLookups } from './compile-fit.ts';
import { fitProgram } from './fit-program.ts';
import { headOfColumns } from './head.testing.ts';
import { resultOf } from './result.ts';
import { runProgram } from './run-program.testing.ts';

const types: Record<string, ColumnType> = {
  c1: { kind: 'float64' },
  c2: { kind: 'int32' },
  c3: { kind: 'text' },
  c4: { kind: 'float64' },
  c5: { kind: 'bool' },
};
const head: Head = headOfColumns(types, { c1: 'width', c2: 'count', c3: 'colour', c4: 'y', c5: 'late' });
const heads = (id: string) => (id === head.id ? head : undefined);

function rows(count: number): Record<string, Literal[]> {
  const at = Array.from({ length: count }, (_, i) => i);
  const width = at.map((i) => Math.sin(i * 1.7) * 3 + Math.cos(i * 0.31));
  return {
    c1: width,
    c2: at.map((i) => (i * 7919) % 53),
    c3: at.map((i) => ['red', 'green', 'blue'][(i * 31) % 3]!),
    c4: at.map((i) => 2 * width[i]! - ((i * 7919) % 53) / 10 + Math.sin(i * 12.9)),
    c5: at.map((i) => width[i]! + Math.sin(i * 5.1) > 0),
  };
}

function blocks(
  count: number,
  size: number,
  change?: (data: Record<string, Literal[]>) => void,
): BlockInput[] {
  const data = rows(count);
  change?.(data);
  return Array.from({ length: Math.ceil(count / size) }, (_, block) => {
    const length = Math.min(size, count - block * size);
    const columns: Record<string, ColumnData> = Object.fromEntries(
      Object.entries(data).map(([id, values]) => [
        id,
        columnFromLiterals(types[id]!, values.slice(block * size, block * size + length)),
      ]),
    );
    return { block, length, columns };
  });
}

function requestOf(method: FitRequest['estimator']['method'], more: Partial<FitRequest> = {}): FitRequest {
  const { target, kind } = estimators[method];
  return {
    dataset: head.id,
    features: kind === 'gp' ? ['c1'] : ['c1', 'c2'],
    ...(target !== 'none' && { target: target === 'class' ? 'c5' : 'c4' }),
    estimator: {
      method,
      params:
        method === 'GaussianProcessRegressor'
          ? {
              kernel: {
                kernel: 'sum',
                k1: { kernel: 'rbf', length_scale: 1 },
                k2: { kernel: 'white', noise_level: 1 },
              },
            }
          : method === 'SpectralClustering' || method === 'KMeans'
            ? { n_clusters: 3 }
            : {},
    },
    steps: [{ method: 'StandardScaler' }],
    ...more,
  };
}

function run(request: FitRequest, inputs: readonly BlockInput[], quick?: number) {
  const plan = compileFit(request, heads);
  return resultOf(
    plan,
    runProgram(plan, fitProgram(plan, quick), inputs),
    {
      version: 3,
      asOf: '2026-11-20T12:04:00.000Z',
      blocks: inputs.length,
      blocksTotal: inputs.length,
      rows: 300,
      rowsTotal: 300,
      from: 'here',
      mixed: false,
    },
    'final',
  );
}

describe('every method', () => {
  const inputs = blocks(300, 64);
  test.each(estimatorNames)(
    '%s: a picture of its kind, the same however rows are cut and twice',
    (method) => {
      const request = requestOf(method);
      const result = run(request, inputs);
      expect(result.picture.kind).toBe(estimators[method].kind);
      expect(run(request, inputs)).toEqual(result);
      expect(JSON.parse(JSON.stringify(result.model))).toEqual(result.model);
      if ('points' in result.picture) {
        const { rows: ids, columns } = result.picture.points;
        expect(ids.every((id, i) => i === 0 || id > ids[i - 1]!)).toBe(true);
        // A drawn point is the row it says.
        const data = rows(300);
        const block = (id: number) => Math.floor(id / 65_536) * 64 + (id % 65_536);
        ids.forEach((id, i) => {
          expect(columns[0]![i]).toBe(data.c1![block(id)]);
        });
      }
    },
  );

  test.each(estimatorNames)('%s: a first picture from a few rows', (method) => {
    const result = run(requestOf(method), inputs, 100);
    expect(result.picture.kind).toBe(estimators[method].kind);
    expect(result.coverage.used).toBeLessThanOrEqual(100);
  });
});

test('an ordinal column is one number a row, its category’s place', () => {
  const more = { features: ['c1', 'c3'], steps: [], heldOut: 0 };
  const coded = blocks(300, 64, (data) => {
    data.c2 = data.c3!.map((colour) => ['blue', 'green', 'red'].indexOf(String(colour)));
  });
  const coefficients = (features: string[], ordinal: string[]) => {
    const { picture } = run(requestOf('LinearRegression', { ...more, features, ordinal }), coded);
    if (picture.kind !== 'regression') throw new Error(picture.kind);
    return picture.coefficients!;
  };
  const found = coefficients(['c1', 'c3'], ['c3']);
  expect(found.terms).toEqual(['width', 'colour']);
  expect(found.values).toEqual(coefficients(['c1', 'c2'], []).values);
  expect(coefficients(['c1', 'c3'], []).terms).toEqual([
    'width',
    'colour = blue',
    'colour = green',
    'colour = red',
  ]);
});

test('columns of a linked table are learnt from as if they stood in this one', () => {
  const weight = (count: number) => Math.cos(count * 0.7) * 4;
  const kind = (count: number) => ['small', 'large'][count % 2]!;
  const farTypes: Record<string, ColumnType> = {
    k: { kind: 'int32' },
    w: { kind: 'float64' },
    s: { kind: 'text' },
  };
  const far: Head = { ...headOfColumns(farTypes, { w: 'Weight' }), id: 'parts', allocated: 53 };
  const link = { id: 'part', label: 'Part', column: 'c2', dataset: 'parts', key: 'k' };
  const linking: Head = { ...head, profile: { ...head.profile, links: [link] } };
  const find = (id: string) => (id === linking.id ? linking : id === far.id ? far : undefined);
  // Of the last part nothing is known.
  const counts = Array.from({ length: 52 }, (_, count) => count);
  const farRows: BlockInput = {
    block: 0,
    length: counts.length,
    columns: {
      k: columnFromLiterals(farTypes.k!, counts),
      w: columnFromLiterals(farTypes.w!, counts.map(weight)),
      s: columnFromLiterals(farTypes.s!, counts.map(kind)),
    },
  };
  const inputs = blocks(300, 128);
  const known = inputs.map((input): BlockInput => {
    const own = rows(300).c2!.slice(input.block * 128, input.block * 128 + input.length) as number[];
    return {
      ...input,
      columns: {
        ...input.columns,
        c6: columnFromLiterals(
          farTypes.w!,
          own.map((count) => (count < 52 ? weight(count) : null)),
        ),
        c7: columnFromLiterals(
          farTypes.s!,
          own.map((count) => (count < 52 ? kind(count) : null)),
        ),
      },
    };
  });
  const request: FitRequest = {
    dataset: linking.id,
    features: ['c1', 'part.w', 'part.s'],
    target: 'c4',
    estimator: { method: 'Ridge' },
    heldOut: 0,
  };
  const lookups = new Map(fitLookups(request, find).map((one) => [one.id, buildLookup(one, [farRows])]));
  expect(lookups.size).toBe(2);
  const plan = compileFit(request, find, lookups);
  expect(plan.features.map(({ name }) => name)).toEqual(['width', 'Part.Weight', 'Part.s']);
  const body = runProgram(plan, fitProgram(plan), inputs);
  const beside = headOfColumns(
    { ...types, c6: farTypes.w!, c7: farTypes.s! },
    { c1: 'width', c4: 'y', c6: 'Part.Weight', c7: 'Part.s' },
  );
  const same = compileFit({ ...request, features: ['c1', 'c6', 'c7'] }, () => beside);
  const own = runProgram(same, fitProgram(same), known);
  const named = JSON.stringify(body.picture).replaceAll('part.w', 'c6').replaceAll('part.s', 'c7');
  expect(JSON.parse(named)).toEqual(JSON.parse(JSON.stringify(own.picture)));
  expect(own.picture).toMatchObject({ kind: 'regression', trained: 294 });
  expect(() => compileFit(request, find)).toThrow('were not loaded');
});
