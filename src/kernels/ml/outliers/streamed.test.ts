import { expect, test } from 'vitest';
import { nearestKernel, nearestRows } from '../neighbours/nearest-kernel.ts';
import { worstDifference } from '../reference-file.testing.ts';
import { randomStream } from '../sample/random.ts';
import { sampleRows } from '../sample/sample-fit.ts';
import type { Samples } from '../samples.ts';
import { finishSteps } from '../steps.ts';
import { blocksOf } from '../stream/blocks-of.ts';
import { fitKernelOf } from '../stream/fit-kernel-of.ts';
import { fitBlocks } from '../stream/pass.ts';
import { distanceCountsKernel, nearScatterKernel } from './distance-kernels.ts';
import { fitMinCovDet } from './elliptic-envelope.ts';
import { fitStreamedMcd } from './streamed-mcd.ts';

const n = 4000;
const random = randomStream(11);
const normal = () =>
  Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6);
const a = Float64Array.from({ length: n }, (_, i) => (i % 9 === 0 ? 15 + normal() : normal()));
const b = Float64Array.from({ length: n }, (_, i) => (i % 9 === 0 ? normal() : 2 * normal() + 0.5 * a[i]!));
const reader = { columns: [{ column: 'a' }, { column: 'b' }] };
const blocks = blocksOf({ a, b }, 700);
const whole: Samples = {
  rows: n,
  columns: 2,
  values: Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 ? b : a)[i >> 1]!),
};

test('streamed covariance is near the one in memory, and unmoved by outliers', () => {
  const model = fitBlocks(fitStreamedMcd(reader, { sampleSize: 1000 }), blocks);
  const memory = finishSteps(fitMinCovDet(whole));
  expect([model.rows, model.sampled]).toEqual([n, 1000]);
  expect(worstDifference(model.location_, memory.location_)).toBeLessThan(0.02);
  expect(worstDifference(model.covariance_.flat(), memory.covariance_.flat())).toBeLessThan(0.1);
  expect(fitBlocks(fitStreamedMcd(reader, { sampleSize: 1000 }), [...blocks].reverse())).toEqual(model);
});

test('one block or many: C-steps on all rows as the sample agree to rounding', () => {
  const all = { sampleSize: n };
  const one = fitBlocks(fitStreamedMcd(reader, all), blocksOf({ a, b }));
  const many = fitBlocks(fitStreamedMcd(reader, all), blocks);
  const memory = finishSteps(fitMinCovDet(whole));
  for (const model of [one, many]) {
    expect(worstDifference(model.location_, memory.location_)).toBeLessThan(0.01);
    expect(Math.abs(model.correction - memory.correction)).toBeLessThan(0.02);
  }
});

test('neighbours over blocks are those in memory; every kernel is made again from its JSON', () => {
  const queries = [
    [0, 0],
    [15, 1],
    [3, -2],
  ];
  const target = { columns: reader.columns, target: { column: 'b' } };
  const found = fitBlocks(nearestRows(target, queries, 4), blocks);
  queries.forEach(([x, y], q) => {
    const order = Array.from(a.keys()).sort(
      (i, j) => (a[i]! - x!) ** 2 + (b[i]! - y!) ** 2 - (a[j]! - x!) ** 2 - (b[j]! - y!) ** 2,
    );
    // Blocks of 700 rows stand in for blocks of 65 536.
    const numbers = order.slice(0, 4).map((i) => Math.floor(i / 700) * 65_536 + (i % 700));
    expect(Array.from(found.rows.subarray(q * 4, q * 4 + 4))).toEqual(numbers);
    expect(Array.from(found.targets.subarray(q * 4, q * 4 + 4))).toEqual(order.slice(0, 4).map((i) => b[i]!));
  });
  expect(() => fitBlocks(nearestRows(reader, queries, n + 1), blocks)).toThrow('fewer than 4001 rows');
  const at = { reader, location: [0, 0], whiten: [1, 0, 0, 1] };
  for (const kernel of [
    nearestKernel({ kernel: 'nearest', reader, queries, k: 3 }),
    distanceCountsKernel({ kernel: 'distance-counts', ...at, low: 0, high: 4, bins: 8 }),
    nearScatterKernel({ kernel: 'near-scatter', ...at, limit: 3 }),
  ]) {
    const twin = fitKernelOf(JSON.parse(JSON.stringify(kernel.spec)));
    const bytes = twin.encode(twin.map(blocks[2]!));
    expect(kernel.decode(bytes)).toEqual(kernel.map(blocks[2]!));
    expect(() => kernel.decode(bytes.slice(0, 9))).toThrow();
  }
});

test('a sample says how many rows there were, and does not depend on who reads what', () => {
  const target = { columns: [{ column: 'a' }], target: { column: 'b' } };
  const sample = fitBlocks(sampleRows(target, 300, 5), blocks);
  expect([sample.x.rows, sample.x.columns, sample.y!.length, sample.seen]).toEqual([300, 1, 300, n]);
  expect(fitBlocks(sampleRows(target, 300, 5), [...blocks].reverse())).toEqual(sample);
  for (let i = 0; i < 300; i++) expect(b[a.indexOf(sample.x.values[i]!)]).toBe(sample.y![i]);
  expect(() => fitBlocks(sampleRows(target, 300), [])).toThrow('No row');
});
