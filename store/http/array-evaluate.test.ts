import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../src/arrays/dtype.ts';
import type { Expression } from '../../src/protocol/array-expression.ts';
import { httpArrayStore } from '../../src/storage/http-array-store.ts';
import { loadDemoArrays, sensorRegions } from '../demo/demo-arrays.ts';
import { type OpenStore, openStore } from '../open-store.ts';

let store: OpenStore;
let directory: string;
let url: string;
let sensors: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-array-evaluate-'));
  store = await openStore({ data: directory, release: '0.0.0-test', warn: () => undefined });
  await loadDemoArrays(store.arrays);
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
    for (const start of sensorRegions) {
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
