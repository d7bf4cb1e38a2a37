import { describe, expect, it } from 'vitest';
import type { ArrayBatchRequest } from '../../protocol/array.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { cancelled } from '../../protocol/errors.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import { type ChunkWant, chunkFetcher } from './chunk-fetcher.ts';

const chunk = (at: number, level = 0): ChunkWant => ({
  array: 'a',
  epoch: 'e',
  level,
  place: [at],
  bytes: 1000,
});

/** A store whose batches are answered by hand. */
function handStore() {
  const requests: {
    readonly items: ArrayBatchRequest['items'];
    readonly signal: AbortSignal;
    answer(): void;
  }[] = [];
  const store: Pick<ArrayStoreClient, 'batch'> = {
    async *batch(_, { items }, { signal } = {}) {
      await new Promise<void>((resolve, reject) => {
        requests.push({ items, signal: signal!, answer: resolve });
        signal?.addEventListener('abort', () => reject(cancelled()));
      });
      const count = items.reduce((sum, { chunks }) => sum + chunks.length, 0);
      for (let item = 0; item < count; item++)
        yield {
          item,
          kind: 'page',
          version: 1,
          block: 0,
          level: 0,
          revision: 1,
          checksum: '',
          body: new Uint8Array(1),
        } satisfies BatchPart;
    },
  };
  return { store: store as ArrayStoreClient, requests };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the fetcher of chunks', () => {
  it('ends what is fetched ahead for what is looked at, and asks for it again behind that', async () => {
    const { store, requests } = handStore();
    const fetcher = chunkFetcher(store);
    const ahead = fetcher.fetch(chunk(9), { tier: 'ahead' });
    await turn();
    const seen = fetcher.fetch(chunk(1), {});
    await turn();
    expect(requests[0]!.signal.aborted).toBe(true);
    expect(requests.map(({ items }) => items[0]!.chunks)).toEqual([[[9]], [[1]]]);
    requests[1]!.answer();
    await seen;
    await turn();
    expect(requests[2]!.items[0]!.chunks).toEqual([[9]]);
    requests[2]!.answer();
    expect((await ahead).revision).toBe(1);
    expect(fetcher.waiting).toBe(0);
  });

  it('ends a request nobody looks at any more, and only then', async () => {
    const { store, requests } = handStore();
    const fetcher = chunkFetcher(store);
    const [one, other] = [new AbortController(), new AbortController()];
    const first = fetcher.fetch(chunk(1), { signal: one.signal });
    const same = fetcher.fetch(chunk(1), { signal: other.signal });
    await turn();
    one.abort();
    await expect(first).rejects.toMatchObject({ tag: 'cancelled' });
    expect(requests[0]!.signal.aborted).toBe(false);
    other.abort();
    await expect(same).rejects.toMatchObject({ tag: 'cancelled' });
    expect(requests[0]!.signal.aborted).toBe(true);
    expect(fetcher.waiting).toBe(0);
  });

  it('asks for each chunk once, coarse ones first, and has three requests for what is seen under way', async () => {
    const { store, requests } = handStore();
    const fetcher = chunkFetcher(store);
    const wanted = [chunk(5), chunk(0, 3), chunk(5), chunk(0, 2)].map((want) => fetcher.fetch(want, {}));
    await turn();
    expect(requests[0]!.items.map(({ level, chunks }) => [level, chunks])).toEqual([
      [3, [[0]]],
      [2, [[0]]],
      [0, [[5]]],
    ]);
    for (const at of [20, 21, 22]) {
      wanted.push(fetcher.fetch(chunk(at), {}));
      await turn();
    }
    expect(requests.length).toBe(3);
    requests[0]!.answer();
    await turn();
    expect(requests[3]!.items[0]!.chunks).toEqual([[22]]);
    for (const request of requests) request.answer();
    expect((await Promise.all(wanted)).length).toBe(7);
  });
});
