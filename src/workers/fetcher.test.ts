import { describe, expect, it } from 'vitest';
import type { BatchPart, BatchRequest } from '../protocol/batch.ts';
import { ExaError } from '../protocol/errors.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { fetcherOver, type Want } from './fetcher.ts';

const page = (block: number, bytes = 100): Want => ({
  kind: 'page',
  key: `t/e/public/${block}/c1`,
  bytes,
  dataset: 't',
  epoch: 'e',
  column: 'c1',
  block,
});

function part(item: number, block: number): BatchPart {
  return {
    item,
    kind: 'page',
    version: 1,
    block,
    level: 0,
    revision: 1,
    checksum: '',
    body: new Uint8Array(1),
  };
}

/** A store whose batches are answered by hand. */
function handStore() {
  const requests: {
    request: BatchRequest;
    signal: AbortSignal | undefined;
    answer(parts: BatchPart[], error?: ExaError): void;
  }[] = [];
  const store = {
    async *batch(request: BatchRequest, { signal }: { signal?: AbortSignal } = {}) {
      const { parts, error } = await new Promise<{ parts: BatchPart[]; error?: ExaError }>(
        (resolve, reject) => {
          requests.push({ request, signal, answer: (parts, error) => resolve({ parts, error }) });
          signal?.addEventListener('abort', () => reject(new ExaError('cancelled', 'cancelled')));
        },
      );
      yield* parts;
      if (error) throw error;
    },
  } as unknown as StoreClient;
  return { store, requests };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the fetcher', () => {
  it('gives whoever moves a body away one of their own where others asked too, and the only one the body itself', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store);
    const [shared, alone] = [part(0, 0), part(0, 1)];
    const both = [
      fetcher.fetch(page(0), { takes: true }),
      fetcher.fetch(page(0)),
      fetcher.fetch(page(1), { takes: true }),
    ];
    await turn();
    requests[0]!.answer([shared, alone]);
    const [taken, read, only] = await Promise.all(both);
    expect(taken!.body).toEqual(shared.body);
    expect(taken!.body.buffer).not.toBe(shared.body.buffer);
    expect(read!.body).toBe(shared.body);
    expect(only!.body).toBe(alone.body);
  });

  it('joins what is asked in one turn into one request, and asks once for two', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store);
    const answers = Promise.all([page(0), page(1), page(0)].map((want) => fetcher.fetch(want)));
    await turn();
    expect(requests.map(({ request }) => request.items)).toEqual([
      [{ kind: 'pages', dataset: 't', epoch: 'e', column: 'c1', blocks: [0, 1] }],
    ]);
    requests[0]!.answer([part(0, 0), part(0, 1)]);
    expect((await answers).map(({ block }) => block)).toEqual([0, 1, 0]);
    expect(fetcher.waiting).toBe(0);
  });

  it('asks again for what did not fit into a batch', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store);
    const answers = Promise.all([fetcher.fetch(page(0)), fetcher.fetch(page(1)), fetcher.fetch(page(2))]);
    await turn();
    requests[0]!.answer([part(0, 0)]);
    await turn();
    requests[1]!.answer([part(0, 1)]);
    await turn();
    requests[2]!.answer([part(0, 2)]);
    await answers;
    expect(requests).toHaveLength(3);
  });

  it('aborts a request only when nobody wants any of it', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = fetcher.fetch(page(0), { signal: one.signal });
    const second = fetcher.fetch(page(1), { signal: two.signal });
    await turn();
    one.abort();
    await expect(first).rejects.toMatchObject({ tag: 'cancelled' });
    expect(requests[0]!.signal?.aborted).toBe(false);
    two.abort();
    await expect(second).rejects.toMatchObject({ tag: 'cancelled' });
    expect(requests[0]!.signal?.aborted).toBe(true);
    expect(fetcher.waiting).toBe(0);
  });

  it('leaves no trace of a failure: the next one asks again', async () => {
    const { store, requests } = handStore();
    const outcomes: (string | undefined)[] = [];
    const fetcher = fetcherOver(store, { outcome: (error) => outcomes.push(error?.tag) });
    const first = fetcher.fetch(page(0));
    await turn();
    requests[0]!.answer([], new ExaError('offline', 'The store does not answer.'));
    await expect(first).rejects.toMatchObject({ tag: 'offline' });
    const second = fetcher.fetch(page(0));
    await turn();
    requests[1]!.answer([part(0, 0)]);
    expect((await second).block).toBe(0);
    await turn();
    expect(outcomes).toEqual(['offline', undefined]);
  });

  it('fetches what came corrupt once again, then gives up', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store);
    const first = fetcher.fetch(page(0));
    for (const n of [0, 1]) {
      await turn();
      requests[n]!.answer([], new ExaError('corrupt', 'Damaged.'));
      if (n === 1) break;
    }
    await expect(first).rejects.toMatchObject({ tag: 'corrupt' });
    expect(requests).toHaveLength(2);
  });

  it('lets what is seen go before what is fetched for later', async () => {
    const { store, requests } = handStore();
    const fetcher = fetcherOver(store, { maxRequests: 2 });
    for (let block = 0; block < 4; block++)
      fetcher.fetch(page(block, 12 * 2 ** 20), { priority: 'background' }).catch(() => {});
    await turn();
    expect(requests).toHaveLength(1);
    fetcher.fetch(page(9)).catch(() => {});
    await turn();
    expect(requests[1]?.request.items).toMatchObject([{ blocks: [9] }]);
    fetcher.close();
  });
});
