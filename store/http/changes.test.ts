import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importSales, type TestStore, testStore } from './store.testing.ts';

let store: TestStore;
let url: string;
beforeEach(async () => {
  store = await testStore();
  url = await store.app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => store.close());

interface Sent {
  readonly event: string;
  readonly id?: string;
  readonly data: { readonly version: number; readonly previous: number };
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Reads `count` events, then leaves. */
async function listen(path: string, count: number, headers: Record<string, string> = {}): Promise<Sent[]> {
  const leave = new AbortController();
  const answer = await fetch(url + path, { headers, signal: leave.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const got: Sent[] = [];
  let text = '';
  for await (const chunk of chunksOf(answer.body!)) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (fields.event) got.push({ event: fields.event, id: fields.id, data: JSON.parse(fields.data!) });
    }
    if (got.length >= count) break;
  }
  leave.abort();
  return got;
}

async function append(dataset: string, id: number): Promise<number> {
  const answer = await fetch(`${url}/api/datasets/${dataset}/rows?mode=append`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `append-${id}` },
    body: JSON.stringify({ id }),
  });
  return ((await answer.json()) as { version: number }).version;
}

describe('changes', () => {
  it('greet first, then tell each version once and in order, across a reconnect', async () => {
    const dataset = await importSales(store.app, 1);
    const start = ((await (await fetch(`${url}/api/health`)).json()) as { version: number }).version;
    const hearing = listen(`/api/changes?since=${start}`, 4);
    for (const id of [10, 11, 12]) await append(dataset, id);
    const [hello, ...versions] = await hearing;
    expect(hello!.event).toBe('hello');
    expect(versions.map((one) => one.event)).toEqual(['version', 'version', 'version']);
    expect(versions.map((one) => one.data.version)).toEqual([start + 1, start + 2, start + 3]);
    expect(versions.map((one) => one.id)).toEqual(versions.map((one) => String(one.data.version)));

    await append(dataset, 13);
    const again = await listen('/api/changes', 3, { 'last-event-id': String(start + 2) });
    expect(again.map((one) => one.data.version)).toEqual([start + 4, start + 3, start + 4]);
  });

  it('say reset for a past they do not know', async () => {
    const [hello, reset] = await listen('/api/changes?since=999999', 2);
    expect([hello!.event, reset!.event]).toEqual(['hello', 'reset']);
  });

  it('end when the store stops', async () => {
    const answer = await fetch(`${url}/api/changes`);
    const reading = (async () => {
      for await (const _ of chunksOf(answer.body!));
    })();
    await store.app.close();
    await reading.catch(() => {});
  });
});
