import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import type { BlockInput } from '../../src/kernels/block.ts';
import { compileFit } from '../../src/kernels/ml/program/compile-fit.ts';
import { fitProgram } from '../../src/kernels/ml/program/fit-program.ts';
import { runProgram } from '../../src/kernels/ml/program/run-program.testing.ts';
import { blockRows } from '../../src/protocol/column.ts';
import type { FitEvent, FitRequest, FitResult } from '../../src/protocol/fit.ts';
import { parseFitLine } from '../../src/protocol/fit-wire.ts';
import type { Head } from '../../src/protocol/head.ts';
import { keptPasses } from '../fits/kept-passes.ts';
import { runStoreFit } from '../fits/run-store-fit.ts';
import { importSales, sale, type TestStore, testStore } from './store.testing.ts';

const rows = blockRows + 500;
let store: TestStore;
let dataset: string;
beforeAll(async () => {
  store = await testStore();
  dataset = await importSales(store.app, rows);
});
afterAll(() => store.close());

function post(request: object) {
  return store.app.inject({ method: 'POST', url: '/api/fits', payload: request });
}

async function runFit(request: FitRequest): Promise<FitEvent[]> {
  const answer = await post(request);
  expect(answer.statusCode, answer.body).toBe(200);
  const lines = answer.body.trimEnd().split('\n').map(parseFitLine);
  expect(lines.at(-1)).toBe('end');
  return lines.filter((line) => line !== 'end');
}

function results(events: readonly FitEvent[]): FitResult[] {
  return events.flatMap((event) => (event.kind === 'result' ? [event.result] : []));
}

test('a fit in the store: a sample, progress, then every row, with the bits of a browser', async () => {
  const request: FitRequest = {
    dataset,
    features: ['units', 'country'],
    target: 'amount',
    estimator: { method: 'Ridge', params: { alpha: 2 } },
    heldOut: 0,
  };
  const events = await runFit(request);
  expect(results(events).map(({ stage }) => stage)).toEqual(['sample', 'final']);
  expect(events.some((event) => event.kind === 'progress' && event.progress.where === 'store')).toBe(true);
  const { coverage, picture } = results(events)[1]!;
  expect(coverage).toMatchObject({ rows, used: rows, from: 'store', blocks: 2, blocksTotal: 2 });
  const head = (await store.app.inject(`/api/datasets/${dataset}/head`)).json<Head>();
  const plan = compileFit(request, (id) => (id === dataset ? head : undefined));
  const blocks = [0, 1].map((block): BlockInput => {
    const length = Math.min(blockRows, rows - block * blockRows);
    const columns = head.columns.map(({ id, name, type }) => [
      id,
      columnFromLiterals(
        type,
        Array.from({ length }, (_, i) => sale(block * blockRows + i)[name]!),
      ),
    ]);
    return { block, length, columns: Object.fromEntries(columns) };
  });
  expect(picture).toEqual(runProgram(plan, fitProgram(plan), blocks).picture);
});

test('a fit left in its middle goes on from its passes, to the same end', async () => {
  const request: FitRequest = {
    dataset,
    features: ['units', 'amount'],
    estimator: { method: 'KMeans', params: { n_clusters: 6, tol: 0, max_iter: 12 } },
    heldOut: 0,
  };
  const { driver } = store;
  const kept = keptPasses();
  const attempt = async (leaveAt: number): Promise<{ steps: Set<string>; end?: FitResult }> => {
    const leaves = new AbortController();
    const steps = new Set<string>();
    let end: FitResult | undefined;
    await runStoreFit({
      driver,
      request,
      kept,
      signal: leaves.signal,
      told(event) {
        if (event.kind === 'result') end = event.result;
        else steps.add(event.progress.phase);
        if (steps.size === leaveAt) leaves.abort();
      },
    }).catch((error: unknown) => {
      if (!leaves.signal.aborted) throw error;
    });
    return { steps, ...(end && { end }) };
  };
  const left = await attempt(6);
  const gone = await attempt(Number.POSITIVE_INFINITY);
  expect(left.end?.stage).not.toBe('final');
  expect(gone.end?.stage).toBe('final');
  // Only the pass under way was lost.
  expect([...gone.steps].filter((step) => left.steps.has(step)).length).toBeLessThanOrEqual(2);
  const again = await attempt(Number.POSITIVE_INFINITY);
  expect(again.steps.size).toBe(0);
  expect(again.end).toEqual(gone.end);
});

test('a fit that cannot be says why in one sentence, before or after its answer began', async () => {
  const answer = await post({ dataset, features: ['nothing'], estimator: { method: 'PCA' } });
  expect(() => answer.body.trimEnd().split('\n').map(parseFitLine)).toThrow(/no column “nothing”/);
  expect((await post({ dataset, features: [], estimator: { method: 'PCA' } })).statusCode).toBe(422);
  expect((await post({ dataset, features: ['units'], estimator: { method: 'Magic' } })).statusCode).toBe(422);
});
