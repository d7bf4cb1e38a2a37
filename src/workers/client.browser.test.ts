import { describe, expect, it } from 'vitest';
import { openAnswer } from '../arrow/answer-table.ts';
import type { Status } from '../protocol/client.ts';
import { ExaError } from '../protocol/errors.ts';
import type { AggregateQuestion } from '../protocol/query.ts';
import { openStorage } from '../storage/open-storage.ts';
import { openWorkbenchClient } from './client.ts';
import { bench } from './coordinator.testing.ts';
import { fakeStore } from './fake-store.testing.ts';
import type { ClientMode } from './page-workers.ts';

const question: AggregateQuestion = {
  kind: 'aggregate',
  dataset: 't',
  groupBy: [],
  measures: [{ id: 'total', label: '', formula: 'sum(n)', format: 'number' }],
};

/** Nobody listens there: the workers start, and find no store. */
const nowhere = 'http://127.0.0.1:9';

describe('the client in a browser', () => {
  for (const mode of ['shared', 'dedicated', 'page'] as const satisfies readonly ClientMode[])
    it(`starts its coordinator (${mode}), and says that the store is away`, async () => {
      const client = openWorkbenchClient({ storeUrl: nowhere, mode });
      const seen: Status[] = [];
      const stop = client.status({ next: (status) => seen.push(status) });
      await expect.poll(() => seen.at(-1)?.connection, { timeout: 20_000 }).toBe('offline');
      expect(seen.at(-1)?.keeps).toBe('indexeddb');
      await expect(client.ask(question)).rejects.toMatchObject({ tag: 'offline' });
      expect(client.mode).toBe(mode);
      stop();
      client.close();
    });

  it('computes in a real worker, keeps pages in IndexedDB, and answers from them after a restart', async () => {
    const store = await fakeStore({
      rows: 70_000,
      columns: [{ id: 'n', type: { kind: 'int32' }, at: (row) => row % 7 }],
    });
    const name = `test ${crypto.randomUUID()}`;
    const lend = async (made: Awaited<ReturnType<typeof bench>>) => {
      const worker = new Worker(new URL('./data.worker.ts', import.meta.url), { type: 'module' });
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ port: port1 }, [port1]);
      await made.caller.call('lend', { port: port2 }, { transfer: [port2] });
      return worker;
    };
    let expected = 0;
    for (let row = 0; row < store.rows; row++) expected += row % 7;
    const total = (bytes: Uint8Array) => Number(openAnswer(bytes).value('total', 0));

    const first = await openStorage({ name });
    const one = await bench(store, { cache: first.pages, small: first.small });
    const worker = await lend(one);
    expect(total((await one.client.ask(question)).bytes)).toBe(expected);
    await one.close();
    await first.close();
    worker.terminate();

    store.down = new ExaError('offline', 'The store does not answer.');
    const second = await openStorage({ name });
    const two = await bench(store, { cache: second.pages, small: second.small });
    const other = await lend(two);
    const where = { op: 'range' as const, column: 'n', from: 0, to: 100 };
    const answer = await two.client.ask({ ...question, where });
    expect(total(answer.bytes)).toBe(expected);
    expect(answer.coverage).toMatchObject({ settled: true, from: 'cache', version: 1 });
    await two.close();
    await second.close();
    other.terminate();
    indexedDB.deleteDatabase(name);
  });
});
