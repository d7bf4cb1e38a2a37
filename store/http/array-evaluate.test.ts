import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../src/arrays/dtype.ts';
import { open } from '../../src/ndarray.ts';
import type { Expression } from '../../src/protocol/array-expression.ts';
import { httpArrayStore } from '../../src/storage/http-array-store.ts';
import { httpStore } from '../../src/storage/http-store.ts';
import { bench } from '../../src/workers/coordinator.testing.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { makeFarArrays, regions } from './far-arrays.testing.ts';

let store: OpenStore;
let directory: string;
let url: string;
let sensors: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-evaluate-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  await makeFarArrays(store.arrays);
  sensors = store.arrays.heads().find(({ name }) => name === 'sensors')!.id;
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const first: Expression = { op: 'array', array: 'sensors', at: ':, 0' };

describe('an expression in the store', () => {
  it('reduces 10^18 rows to what reading the written ones gives', async () => {
    const told: number[] = [];
    const { dtype, shape, bytes } = await httpArrayStore(url).evaluate(
      { op: 'reduce', by: 'count', of: first },
      { progress: (done) => told.push(done) },
    );
    expect({ dtype, shape }).toEqual({ dtype: 'int64', shape: [] });
    expect(valuesOf(dtype, bytes)[0]).toBe(4n * 131_072n);
    expect(told.at(-1)).toBe(1);
    const largest = await httpArrayStore(url).evaluate({
      op: 'reduce',
      by: 'max',
      of: {
        op: 'where',
        condition: { op: 'isnan', of: first },
        left: { op: 'value', value: 0 },
        right: first,
      },
    });
    let most = 0;
    for (const start of regions) {
      const read = await store.arrays.read(sensors, [
        { kind: 'slice', start, stop: start + 131_072n },
        { kind: 'at', at: 0n },
      ]);
      for (const value of read.values as Float64Array) most = Math.max(most, value);
    }
    expect(valuesOf('float64', largest.bytes)[0]).toBe(most);
  });

  it('that means nothing, or reads what is not there, is one sentence', async () => {
    const ask = (expression: unknown) =>
      store.app.inject({ method: 'POST', url: '/api/arrays/evaluate', payload: { expression } });
    const answers = await Promise.all([
      ask({ op: 'frobnicate' }),
      ask({ op: 'array', array: 'nowhere' }),
      ask({ op: 'abs' }),
      ask(7),
      ask({ op: 'array', array: sensors, at: '99999999999999999999' }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([422, 404, 422, 422, 422]);
    for (const answer of answers) expect(answer.json<{ detail: string }>().detail).toMatch(/^[^\n]+\.$/);
    await expect(httpArrayStore(url).evaluate(first)).rejects.toMatchObject({ tag: 'refused' });
  });

  it('comes to the same bits here, in two workers, as in the store', async () => {
    const [a, b] = regions;
    const made = await bench(httpStore(url), { arrays: async () => httpArrayStore(url), workers: 2 });
    const one: Expression = { op: 'array', array: 'sensors', at: `${a}:${a! + 200_000n}` };
    const other: Expression = { op: 'array', array: 'sensors', at: `${b}:${b! + 200_000n}` };
    const sum: Expression = {
      op: 'add',
      left: one,
      right: { op: 'multiply', left: other, right: { op: 'value', value: 0.1 } },
    };
    const known: Expression = {
      op: 'where',
      condition: { op: 'isnan', of: sum },
      left: { op: 'value', value: 0.5 },
      right: sum,
    };
    for (const by of ['sum', 'mean', 'var', 'min', 'argmax', 'count'] as const)
      for (const axis of [undefined, 0]) {
        const expression: Expression = {
          op: 'reduce',
          by,
          of: known,
          ...(axis === undefined ? {} : { axis }),
        };
        const here = await made.client.arrays.evaluate(expression, { where: 'here' });
        const there = await made.client.arrays.evaluate(expression, { where: 'store' });
        expect(new Uint8Array(here.values.buffer), by).toEqual(new Uint8Array(there.values.buffer));
        expect(here.shape).toEqual(there.shape);
      }
    await made.close();
  });

  it('is written as an ndarray in Node', async () => {
    const sensors = await open(`${url}/api/arrays/sensors`);
    expect(sensors.shape).toEqual([10n ** 18n, 2n]);
    expect(sensors.dtype).toBe('float64');
    const part = await sensors.slice('0:3, :');
    const [row] = await Promise.all([store.arrays.read('sensors', [{ kind: 'slice', stop: 3n }])]);
    expect(part.values).toEqual(row.values);
    const load = sensors.at('0:1e12, 1');
    const mean = await sensors.at('0:131072, 1').mean();
    const apart = await load.sub(Number(mean)).abs().less(5).sum();
    expect(apart).toBeGreaterThan(1000n);
    const progress: number[] = [];
    expect(await load.count({ progress: (done) => progress.push(done) })).toBe(131_072n);
    expect(await sensors.at(':, 0').argmax({ where: 'store' })).toBe(131_072n);
    await expect(sensors.at('0:10, 0').add(sensors.at('0:9, 0')).get()).rejects.toMatchObject({
      tag: 'invalid',
    });
    await expect(open(`${url}/api/arrays/nowhere`)).rejects.toMatchObject({ tag: 'missing' });
    await expect(open(url)).rejects.toMatchObject({ tag: 'invalid' });
    sensors.close();
  });

  it('ends when its asker leaves', async () => {
    const leaves = new AbortController();
    const running = httpArrayStore(url).evaluate(
      { op: 'reduce', by: 'var', of: first },
      { signal: leaves.signal },
    );
    leaves.abort();
    await expect(running).rejects.toMatchObject({ tag: 'cancelled' });
  });
});
