import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeValues, numberAt, setLiteral } from '../../src/arrays/dtype.ts';
import { dtypes } from '../../src/protocol/array.ts';
import type { Histogram, Picture } from '../../src/protocol/array-client.ts';
import { httpArrayStore } from '../../src/storage/http-array-store.ts';
import { httpStore } from '../../src/storage/http-store.ts';
import { bench } from '../../src/workers/coordinator.testing.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { until } from './first-answer.testing.ts';

let store: OpenStore;
let url: string;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-elements-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const open = () => bench(httpStore(url), { arrays: async () => httpArrayStore(url), workers: 2 });

describe('elements over a real store', () => {
  it('says of NaN and ±∞ everywhere what they are, drawn from elements and from levels', async () => {
    const key = () => ({ key: crypto.randomUUID(), fingerprint: 'w' });
    const { array: id } = await store.arrays.create(
      { name: 'wild', shape: [8192n], dtype: 'float32', chunk: [1024] },
      key(),
    );
    const four = [Number.NaN, Infinity, -Infinity, 1];
    const values = Float32Array.from({ length: 8192 }, (_, i) => (i < 4096 ? four[i % 4]! : four[0]!));
    await store.arrays.write(id, [], 'float32', values, key());
    const { client, close } = await open();
    const box = { array: id, start: [0n], end: [8192n] };
    const picture = (pixels: number, end = 8192n) =>
      until<Picture>(
        (observer) => client.arrays.picture({ ...box, end: [end], pixels: [pixels] }, observer),
        ({ sharp }) => sharp,
      );
    const { last: coarse } = await picture(128);
    expect(coarse.level).toBeGreaterThan(0);
    const half = coarse.cells[0]! / 2;
    const each = (filler: number, other: number) => [
      ...new Array(half).fill(filler),
      ...new Array(half).fill(other),
    ];
    const size = Number(coarse.step[0]);
    expect([...coarse.count]).toEqual(each((size * 3) / 4, 0));
    expect([...coarse.nans]).toEqual(each(size / 4, size));
    expect([...coarse.min!]).toEqual(each(-Infinity, Number.NaN));
    expect([...coarse.max!]).toEqual(each(Infinity, Number.NaN));
    expect([...coarse.mean!]).toEqual(each(Number.NaN, Number.NaN));
    const { last: fine } = await picture(4096, 2048n);
    expect([...fine.mean!.subarray(0, 4)]).toEqual(four);
    const { last: histogram } = await until<Histogram>(
      (observer) => client.arrays.histogram({ ...box, bins: 4 }, observer),
      ({ coverage }) => coverage.settled,
    );
    expect([histogram.below, histogram.above, histogram.nans]).toEqual([1024, 1024, 5120]);
    expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(1024);
    expect(histogram.edges.every(Number.isFinite)).toBe(true);
    await close();
  });

  it.each(dtypes)('%s in F order is read, drawn and reduced here as its elements are', async (dtype) => {
    const key = () => ({ key: crypto.randomUUID(), fingerprint: dtype });
    const { array: id } = await store.arrays.create(
      { name: `f ${dtype}`, shape: [200n, 90n], dtype, chunk: [64, 32], order: 'F' },
      key(),
    );
    const values = makeValues(dtype, 200 * 90);
    for (let i = 0; i < values.length; i++)
      setLiteral(dtype, values, i, dtype === 'bool' ? i % 7 === 0 : (i * 31) % 101);
    await store.arrays.write(id, [], dtype, values, key());
    const { client, close } = await open();
    expect((await client.arrays.read(id, '')).values).toEqual(values);
    const part = await client.arrays.read(id, '-3::-50, [1, 80, -1]');
    expect([...part.values]).toEqual(
      [197, 147, 97, 47].flatMap((row) => [1, 80, 89].map((column) => values[row * 90 + column])),
    );
    const { last } = await until<Picture>(
      (observer) =>
        client.arrays.picture({ array: id, start: [100n, 0n], end: [164n, 64n], pixels: [64, 64] }, observer),
      ({ sharp }) => sharp,
    );
    const [wide, first] = [last.cells[1]!, last.first.map(Number)];
    for (const [row, column] of [
      [100, 0],
      [131, 63],
      [163, 40],
    ] as const)
      expect(last.mean![(row - first[0]!) * wide + column - first[1]!]).toBe(
        numberAt(dtype, values, row * 90 + column),
      );
    const [here, there] = await Promise.all(
      (['here', 'store'] as const).map((where) =>
        client.arrays.evaluate(
          { op: 'reduce', by: 'max', of: { op: 'array', array: id, at: '100:, 5' } },
          { where },
        ),
      ),
    );
    expect(here).toEqual(there);
    await close();
  });
});
