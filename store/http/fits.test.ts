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

test('a fit that cannot be says why in one sentence, before or after its answer began', async () => {
  const answer = await post({ dataset, features: ['nothing'], estimator: { method: 'PCA' } });
  expect(() => answer.body.trimEnd().split('\n').map(parseFitLine)).toThrow(/no column “nothing”/);
  expect((await post({ dataset, features: [], estimator: { method: 'PCA' } })).statusCode).toBe(422);
  expect((await post({ dataset, features: ['units'], estimator: { method: 'Magic' } })).statusCode).toBe(422);
});
