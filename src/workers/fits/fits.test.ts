import { afterEach, describe, expect, test } from 'vitest';
import { blockRows } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { FitProgress, FitRequest, FitResult, RunningFit } from '../../protocol/fit.ts';
import { memoryCache } from '../../storage/memory-cache.ts';
import { type Bench, type BenchOptions, bench } from '../coordinator.testing.ts';
import { type FakeStore, fakeStore } from '../fake-store.testing.ts';

const rows = blockRows + 500;
const noise = (row: number) => (((row * 7919) % 1013) / 1013 + ((row * 104_729) % 997) / 997 - 1) * 0.5;
const x = (row: number) => ((row * 31) % 1009) / 100;
const table = {
  rows,
  columns: [
    { id: 'x', type: { kind: 'float64' as const }, at: x },
    { id: 'z', type: { kind: 'float64' as const }, at: (row: number) => ((row * 17) % 503) / 50 },
    { id: 'y', type: { kind: 'float64' as const }, at: (row: number) => 3 * x(row) - 2 + noise(row) },
    { id: 's', type: { kind: 'text' as const }, at: (row: number) => (x(row) + noise(row) > 5 ? 'b' : 'a') },
  ],
  profile: { calculated: [{ id: 'half', label: 'Half', formula: 'x / 2' }] },
};

const ridge: FitRequest = {
  dataset: 't',
  features: ['x', 'z'],
  target: 'y',
  estimator: { method: 'Ridge', params: { alpha: 1 } },
  heldOut: 0,
};

interface Ended {
  readonly results: FitResult[];
  readonly progress: FitProgress[];
  readonly last: FitResult;
}

function fitted(
  client: Bench['client'],
  request: FitRequest,
  running?: (fit: RunningFit, at: FitProgress) => void,
): Promise<Ended> {
  const results: FitResult[] = [];
  const progress: FitProgress[] = [];
  return new Promise((resolve, reject) => {
    const fit = client.fits!.fit(request, {
      result(result) {
        results.push(result);
        if (result.stage === 'final') resolve({ results, progress, last: result });
      },
      progress(at) {
        progress.push(at);
        running?.(fit, at);
      },
      failed: reject,
    });
  });
}

function coefficients(result: FitResult): number[] {
  if (result.picture.kind !== 'regression') throw new Error(result.picture.kind);
  return [...result.picture.coefficients!.values, result.picture.intercept!];
}

describe('fits through the coordinator', () => {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (store: FakeStore, options?: BenchOptions) => {
    const made = await bench(store, options);
    open.push(made);
    return made;
  };

  test('a sample first, then every row; the same bits whatever the workers', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store, { workers: 2 });
    const { results, progress, last } = await fitted(client, ridge);
    expect(results.map(({ stage }) => stage)).toEqual(['sample', 'final']);
    expect(results[0]!.exactness.kind).toBe('sample');
    expect(last.coverage).toMatchObject({ blocks: 2, blocksTotal: 2, rows, used: rows, from: 'here' });
    expect(last.exactness.kind).toBe('exact');
    expect(coefficients(last)[0]).toBeCloseTo(3, 2);
    expect(progress.at(-1)!.blocks).toBe(2);
    const alone = await start(await fakeStore(table));
    expect((await fitted(alone.client, ridge)).last).toEqual(last);
  });

  test('another alpha reads nothing; a changed block alone is read again', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store, { workers: 1 });
    await fitted(client, ridge);
    const { pages } = store.counts;
    const other = await fitted(client, { ...ridge, estimator: { method: 'Ridge', params: { alpha: 100 } } });
    expect(store.counts.pages).toBe(pages);
    expect(coefficients(other.last)[0]).not.toBe(3);
    store.update([{ row: blockRows + 3, column: 'y', value: 1e6 }]);
    await expect
      .poll(async () => (await fitted(client, ridge)).last.coverage.version, { timeout: 10_000 })
      .toBe(2);
    expect(store.counts.pages).toBe(pages);
    expect(store.counts.patches).toBeGreaterThan(0);
  });

  test('calculated columns, filters, categories, classes; offline afterwards; saved models score', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store, { workers: 2 });
    const request: FitRequest = {
      dataset: 't',
      features: ['half', 'z'],
      target: 's',
      filter: { op: 'range', column: 'z', to: 9 },
      steps: [{ method: 'StandardScaler' }],
      estimator: { method: 'LogisticRegression', params: { solver: 'newton-cholesky' } },
    };
    const { last } = await fitted(client, request);
    const { picture } = last;
    if (picture.kind !== 'classifier') throw new Error(picture.kind);
    expect(picture.classes).toEqual(['a', 'b']);
    expect(picture.accuracy).toBeGreaterThan(0.9);
    expect(picture.heldOut).toBe(true);
    expect(picture.roc![0]!.area).toBeGreaterThan(0.95);
    store.down = new ExaError('offline', 'The store cannot be reached.');
    client.retry();
    const there = await fitted(client, { ...request, seed: 1 });
    expect(there.last.coverage.blocks).toBe(2);
    const model = JSON.parse(JSON.stringify(last.model)) as typeof last.model;
    const answer = await client.fits!.score({ model, dataset: 't' });
    expect(answer.scored).toBe(rows);
    expect(answer.score).toBeCloseTo(picture.accuracy, 1);
    expect(answer.counts!.reduce((a, b) => a + b)).toBe(rows);
  });

  test('pages that do not fit the cache stream by, to the same bits', async () => {
    const large = { ...table, rows: 4 * blockRows - 300 };
    const requests: FitRequest[] = [
      ridge,
      {
        dataset: 't',
        features: ['x', 'z'],
        estimator: { method: 'KMeans', params: { n_clusters: 3, max_iter: 3 } },
      },
      { dataset: 't', features: ['x', 'z'], estimator: { method: 'EllipticEnvelope' }, rows: 1000 },
    ];
    const streamed = await start(await fakeStore(large), { workers: 1, cache: memoryCache(2 ** 20) });
    const kept = await start(await fakeStore(large), { workers: 1 });
    for (const request of requests) {
      const { last } = await fitted(streamed.client, request);
      expect(last.coverage.blocks).toBe(4);
      expect(last).toEqual((await fitted(kept.client, request)).last);
    }
  });

  test('outliers are judged over every row', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store, { workers: 2 });
    store.update([{ row: 65_001, column: 'x', value: 900 }]);
    const { last } = await fitted(client, {
      dataset: 't',
      features: ['x', 'z'],
      estimator: { method: 'EllipticEnvelope', params: { contamination: 0.05 } },
      rows: 2000,
    });
    const { picture } = last;
    if (picture.kind !== 'outliers') throw new Error(picture.kind);
    expect(picture.judged).toBe(rows);
    expect(picture.outliers).toBeGreaterThan(0);
    expect(picture.extremes.rows).toHaveLength(50);
    expect(last.coverage.sampledOf).toBe(rows);
    expect(picture.extremes.rows).toContain(65_001);
  });

  test('paused it waits, cancelled it ends and says nothing more', async () => {
    const store = await fakeStore(table);
    const { client } = await start(store, { workers: 1 });
    let pauses = 0;
    const kmeans: FitRequest = {
      dataset: 't',
      features: ['x', 'z'],
      estimator: { method: 'KMeans', params: { n_clusters: 4 } },
    };
    const { last } = await fitted(client, kmeans, (fit, at) => {
      if (at.paused || pauses > 0) return;
      pauses++;
      fit.pause();
      setTimeout(() => fit.resume(), 30);
    });
    expect(pauses).toBe(1);
    expect(last.picture.kind).toBe('clusters');
    const heard: unknown[] = [];
    const fit = client.fits!.fit(
      { ...kmeans, seed: 5 },
      { result: (r) => heard.push(r), failed: (e) => heard.push(e) },
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    fit.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toHaveLength(0);
    expect(await client.fits!.unfinished()).toEqual([]);
  });

  test.each([
    [
      'KMeans',
      { features: ['x', 'z'], estimator: { method: 'KMeans', params: { n_clusters: 4, max_iter: 4 } } },
    ],
    [
      'GaussianProcessRegressor',
      { features: ['x'], target: 'y', estimator: { method: 'GaussianProcessRegressor' }, rows: 60 },
    ],
    ['LassoCV', { features: ['x', 'z'], target: 'y', estimator: { method: 'LassoCV' } }],
  ] satisfies [string, Omit<FitRequest, 'dataset'>][])(
    'cancelled at any moment: %s says nothing more, and the next fit is whole',
    async (_, asked) => {
      const { client } = await start(await fakeStore(table), { workers: 2 });
      const request: FitRequest = { dataset: 't', ...asked };
      let events = Number.POSITIVE_INFINITY;
      let moments = 0;
      for (let moment = 0; moment < events; moment++) {
        moments++;
        // Every seed asks for other work: nothing is there from the run before.
        const ended = await new Promise<{ told: number; after: number; done: boolean }>((resolve, reject) => {
          let [told, after, isOver] = [0, 0, false];
          const hear = (isFinal: boolean) => {
            if (isOver) {
              after++;
              return;
            }
            if (told++ === moment) {
              isOver = true;
              fit.cancel();
              setTimeout(() => resolve({ told, after, done: false }), 5);
            } else if (isFinal) resolve({ told, after, done: true });
          };
          const fit = client.fits!.fit(
            { ...request, seed: moment },
            { result: ({ stage }) => hear(stage === 'final'), progress: () => hear(false), failed: reject },
          );
        });
        expect(ended.after).toBe(0);
        if (ended.done) events = ended.told;
      }
      expect(moments).toBeGreaterThan(3);
      expect(await client.fits!.unfinished()).toEqual([]);
      const alone = await start(await fakeStore(table));
      const again: FitRequest = { ...request, seed: 77 };
      expect((await fitted(client, again)).last).toEqual((await fitted(alone.client, again)).last);
    },
  );

  test('a block that fails is tried again; when it fails twice the fit says which', async () => {
    const store = await fakeStore(table);
    let failures = 1;
    const failing: FakeStore = {
      ...store,
      batch(...asked) {
        if (failures-- > 0) throw new ExaError('broken', 'A disk error.');
        return store.batch(...asked);
      },
    };
    const { client } = await start(failing, { workers: 1 });
    expect((await fitted(client, ridge)).last.coverage.used).toBe(rows);
    expect(failures).toBeLessThan(0);
    failures = Number.POSITIVE_INFINITY;
    await client.forget();
    await expect(fitted(client, { ...ridge, seed: 3 })).rejects.toThrow(
      /Block \d of 2 could not be read, twice \(A disk error\.\)/,
    );
  });

  test('cut off in its middle, it goes on where it was', async () => {
    const store = await fakeStore(table);
    const cache = { ...memoryCache(64 * 2 ** 20), close: async () => {} };
    const first = await start(store, { workers: 1, cache });
    const { small } = first;
    const kmeans: FitRequest = {
      dataset: 't',
      features: ['x', 'z'],
      estimator: { method: 'KMeans', params: { n_clusters: 6, tol: 0, max_iter: 40 } },
      sample: rows,
    };
    let passes = 0;
    await new Promise<void>((resolve) => {
      first.client.fits!.fit(kmeans, {
        result: () => resolve(),
        progress(at) {
          if (at.done === 1 && ++passes === 12) void first.coordinator.close().then(resolve);
        },
      });
    });
    const again = await start(store, { workers: 1, cache, small });
    const [left] = await again.client.fits!.unfinished();
    expect(left?.request).toEqual(kmeans);
    const resumed = await fitted(again.client, kmeans);
    const whole = await fitted((await start(await fakeStore(table), { workers: 1 })).client, kmeans);
    expect(resumed.last).toEqual(whole.last);
    const mapped = (ended: Ended) => ended.progress.filter((at) => at.done === 1).length;
    expect(mapped(resumed)).toBeLessThan(mapped(whole) - 8);
    expect(await again.client.fits!.unfinished()).toEqual([]);
  });
});
