import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExaError } from '../../../protocol/errors.ts';
import type { BlockInput } from '../../block.ts';
import { rootOf } from '../../tree.ts';
import { mergeAll } from '../gram/gram.ts';
import { fitGram, gramKernel } from '../gram/gram-kernel.ts';
import { farthest } from '../reference.testing.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitBlocks, runFit } from '../stream/pass.ts';
import type { Reader } from '../stream/reader.ts';
import { fitLasso, fitLinearRegression, fitRidge } from './fit-linear.ts';
import { predictLinear } from './linear-model.ts';
import { pathOf } from './path.ts';

const reader: Reader = {
  columns: [{ column: 'a' }, { column: 'b' }, { column: 'c' }],
  target: { column: 'y' },
};

function table(rows: number, seed: number): Record<'a' | 'b' | 'c' | 'y', Float64Array> {
  let state = seed | 1;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  const column = (at: number) => Float64Array.from({ length: rows }, () => at + next());
  const [a, b, c] = [column(1000), column(-3), column(0)];
  return { a, b, c, y: a.map((x, i) => 3 * x - b[i]! + 0.5 * c[i]! + next()) };
}

/** Normal equations in plain loops about exact means: an oracle that shares no code. */
function dense(columns: readonly Float64Array[]): number[] {
  const n = columns[0]!.length;
  const means = columns.map((x) => x.reduce((sum, v) => sum + v, 0) / n);
  return columns.flatMap((x, i) =>
    columns.map((z, j) => x.reduce((sum, v, r) => sum + (v - means[i]!) * (z[r]! - means[j]!), 0)),
  );
}

test('streamed is whole: to rounding for any blocks, to the bit for any order of reading and split of work', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 400 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(),
      (rows, size, seed) => {
        const data = table(rows, seed);
        const blocks = blocksOf(data, size);
        const gram = mergeAll(fitBlocks(fitGram(reader), blocks).folds);
        const want = dense([data.a, data.b, data.c, data.y]);
        expect(farthest(gram.centred, want)).toBeLessThan(1e-9);
        const kernel = gramKernel(reader);
        const whole = kernel.encode(fitBlocks(fitGram(reader), blocks));
        const shuffled = [...blocks].sort(
          (x, y) => ((x.block * 7919 + seed) % 13) - ((y.block * 7919 + seed) % 13),
        );
        expect(kernel.encode(fitBlocks(fitGram(reader), shuffled))).toEqual(whole);
        expect(kernel.encode(kernel.decode(whole))).toEqual(whole);
        expect(rootOf(blocks.length).index).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

test('rows with null, NaN or infinity are left out and counted', () => {
  const data = table(100, 5);
  data.a[3] = Number.NaN;
  data.y[4] = Number.NaN;
  data.b[5] = Number.POSITIVE_INFINITY;
  const blocks = blocksOf(data, 30);
  const first = blocks[0]!;
  const column = first.columns.c!;
  const validity = new Uint8Array(4).fill(255);
  validity[1]! &= ~1;
  const withNull: BlockInput = {
    ...first,
    columns: { ...first.columns, c: { ...column, validity } },
    live: Uint8Array.from({ length: 30 }, (_, i) => (i === 10 ? 0 : 1)),
  };
  const model = fitBlocks(fitRidge(reader), [withNull, ...blocks.slice(1)]);
  expect([model.rows, model.missing, model.infinite]).toEqual([95, 3, 1]);
  const keep = Array.from({ length: 100 }, (_, i) => i).filter((i) => ![3, 4, 5, 8, 10].includes(i));
  const clean = Object.fromEntries(
    Object.entries(data).map(([name, x]) => [name, Float64Array.from(keep, (i) => x[i]!)]),
  );
  const want = fitBlocks(fitRidge(reader), blocksOf(clean));
  expect(farthest(model.coef_, want.coef_)).toBeLessThan(1e-10);
});

test('collinear, constant and duplicate columns: least norm, and said', () => {
  const data = table(50, 9);
  const columns = { ...data, b: data.a.map((x) => 2 * x), c: data.a.map(() => 7) };
  const model = fitBlocks(fitLinearRegression(reader), blocksOf(columns, 20));
  // Of all (w, v) with w + 2v fixed, the shortest has v = 2w.
  expect(model.coef_[1]! / model.coef_[0]!).toBeCloseTo(2, 6);
  expect(model.coef_[2]).toBe(0);
  expect(model.warnings.join(' ')).toMatch(/Constant.*“c”.*Follows from.*“b”/s);
  const predicted = predictLinear(model, [columns.a, columns.b, columns.c], 50);
  const alone = fitBlocks(fitLinearRegression({ ...reader, columns: [{ column: 'a' }] }), blocksOf(data, 20));
  expect(farthest(predicted, predictLinear(alone, [data.a], 50))).toBeLessThan(1e-9);
});

test('more columns than rows: fits every row, least norm', () => {
  const data = {
    a: Float64Array.of(1, 2),
    b: Float64Array.of(0, 1),
    c: Float64Array.of(5, -1),
    y: Float64Array.of(1, 4),
  };
  const model = fitBlocks(fitLinearRegression(reader), blocksOf(data));
  const delta = [1, 1, -6];
  const along = 3 / 38;
  expect(
    farthest(
      model.coef_,
      delta.map((d) => d * along),
    ),
  ).toBeLessThan(1e-12);
  expect(farthest(predictLinear(model, [data.a, data.b, data.c], 2), data.y)).toBeLessThan(1e-12);
});

test('the lasso meets its optimality conditions', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 120 }),
      fc.double({ min: 0.01, max: 0.9, noNaN: true }),
      fc.nat(),
      (rows, share, seed) => {
        const data = table(rows, seed);
        const gram = mergeAll(fitBlocks(fitGram(reader), blocksOf(data)).folds);
        const top = pathOf(gram, { n_alphas: 1 }).alphas[0]!;
        const alpha = top * share;
        const { coefs } = pathOf(gram, { alphas: [alpha], tol: 1e-13, max_iter: 100_000 });
        const w = coefs[0]!;
        for (let j = 0; j < 3; j++) {
          let slope = gram.centred[j * 4 + 3]!;
          for (let k = 0; k < 3; k++) slope -= gram.centred[j * 4 + k]! * w[k]!;
          slope /= gram.n * alpha;
          if (w[j] === 0) expect(Math.abs(slope)).toBeLessThan(1 + 1e-6);
          else expect(slope).toBeCloseTo(Math.sign(w[j]!), 5);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('one clear sentence for bad input', () => {
  const data = table(10, 1);
  const blocks = blocksOf(data);
  const said = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (isExaError(error, 'invalid')) return error.message;
      throw error;
    }
    return '';
  };
  expect(said(() => fitBlocks(fitRidge({ columns: reader.columns }), blocks))).toMatch(/target/);
  expect(said(() => fitBlocks(fitRidge({ ...reader, columns: [{ column: 'zz' }] }), blocks))).toMatch(/“zz”/);
  expect(said(() => fitBlocks(fitRidge(reader, { alpha: -1 }), blocks))).toMatch(/alpha/);
  expect(
    said(() =>
      fitBlocks(
        fitLasso(reader),
        blocksOf({
          a: new Float64Array(),
          b: new Float64Array(),
          c: new Float64Array(),
          y: new Float64Array(),
        }),
      ),
    ),
  ).toMatch(/No row/);
  const nothing = { ...data, a: data.a.map(() => Number.NaN) };
  expect(said(() => fitBlocks(fitRidge(reader), blocksOf(nothing)))).toMatch(/No row/);
  const words: BlockInput = {
    block: 0,
    length: 1,
    columns: {
      ...blocks[0]!.columns,
      y: { kind: 'text', length: 1, codes: Int32Array.of(0), dictionary: ['x'] },
    },
  };
  expect(said(() => fitBlocks(fitRidge(reader), [words]))).toMatch(/“y” holds text/);
  const huge = { ...data, a: data.a.map((x) => x * 1e200) };
  expect(said(() => fitBlocks(fitRidge(reader), blocksOf(huge)))).toMatch(/too large/);
});

test('an empty block changes nothing', () => {
  const blocks = blocksOf(table(60, 3), 20);
  const empty = { ...blocksOf(table(1, 1))[0]!, block: 3, length: 0 };
  const none = {
    ...empty,
    columns: Object.fromEntries(
      Object.keys(empty.columns).map((name) => [
        name,
        { kind: 'float64' as const, length: 0, values: new Float64Array() },
      ]),
    ),
  };
  expect(fitBlocks(fitRidge(reader), [...blocks, none])).toEqual(fitBlocks(fitRidge(reader), blocks));
});

test('a block that fails is read once more, then named; cancel at any block', async () => {
  const blocks = blocksOf(table(60, 3), 20);
  let reads = 0;
  const flaky = {
    blocks: 3,
    read: async (block: number) =>
      block === 1 && reads++ === 0 ? Promise.reject(new Error('lost')) : blocks[block],
  };
  expect(await runFit(fitRidge(reader), flaky)).toEqual(fitBlocks(fitRidge(reader), blocks));
  const dead = {
    blocks: 3,
    read: async (block: number) => (block === 2 ? Promise.reject(new Error('lost')) : blocks[block]),
  };
  await expect(runFit(fitRidge(reader), dead)).rejects.toMatchObject({ tag: 'offline', facts: { block: 2 } });
  const stop = new AbortController();
  const seen: number[] = [];
  const source = { blocks: 3, read: async (block: number) => blocks[block] };
  const progress = ({ block }: { block: number }) => {
    seen.push(block);
    if (block === 1) stop.abort();
  };
  await expect(runFit(fitRidge(reader), source, { progress, signal: stop.signal })).rejects.toMatchObject({
    tag: 'cancelled',
  });
  expect(seen).toEqual([0, 1]);
});
