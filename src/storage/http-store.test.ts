import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { encodeBatch } from '../arrow/batch-stream.ts';
import { loadChecksum } from '../arrow/checksum.ts';
import type { BatchPart } from '../protocol/batch.ts';
import { type ErrorTag, ExaError, isExaError, toProblem } from '../protocol/errors.ts';
import { httpStore } from './http-store.ts';
import { nameOf, serve } from './served-store.testing.ts';

const profile = {
  part: 'table',
  label: 'T',
  grain: 'row',
  keys: [],
  roles: {},
  labels: {},
  links: [],
  calculated: [],
  measures: [],
  zone: 'UTC',
  dimensions: [],
};
const head = {
  id: 't',
  name: 'T',
  epoch: 'e',
  scope: 'public',
  version: 3,
  asOf: '2026-01-01T00:00:00Z',
  allocated: 5,
  columns: [{ id: 'c1', name: 'a', type: { kind: 'decimal', precision: 10, scale: 2 } }],
  profile,
  revisions: [3],
  live: [5],
  zones: { UTC: { from: [-8.64e15], offsetMs: [0] } },
};
const receipt = { version: 4, asOf: '2026-01-01T00:00:00Z', appended: 1, updated: 0, deleted: 0 };

function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  type = 'application/json; charset=utf-8',
) {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value));
}

async function failure(work: Promise<unknown>): Promise<ExaError> {
  const error = await work.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  );
  if (!isExaError(error)) throw error;
  return error;
}

test('reads heads, and asks for them by encoded id', async () => {
  const asked: string[] = [];
  const store = await serve((request, response) => {
    asked.push(request.url ?? '');
    json(response, { ...head, id: 'a/b c', addedLater: true });
  });
  expect(await store.head('a/b c')).toEqual({ ...head, id: 'a/b c' });
  expect(asked).toEqual(['/api/datasets/a%2Fb%20c/head']);
});

test('writes rows as lines, profiles as JSON, with their key', async () => {
  const seen: unknown[] = [];
  const store = await serve((request, response, body) => {
    seen.push([request.method, request.url, request.headers['idempotency-key'], body]);
    json(response, receipt);
  });
  expect(await store.write({ kind: 'upsert', dataset: 't', rows: [{ a: 1 }, { a: 'x' }] }, 'k1')).toEqual(
    receipt,
  );
  await store.write({ kind: 'profile', dataset: 't', profile }, 'k2');
  expect(seen).toEqual([
    ['POST', '/api/datasets/t/rows?mode=upsert', 'k1', '{"a":1}\n{"a":"x"}\n'],
    ['PUT', '/api/datasets/t/profile', 'k2', JSON.stringify(profile)],
  ]);
});

const bad: [string, ErrorTag, RegExp, (response: ServerResponse) => void][] = [
  [
    'a sign-in page with status 200',
    'offline',
    /web page/,
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
  ],
  [
    'a problem',
    'gone',
    /read the head/,
    (r) => json(r, toProblem(new ExaError('gone', 'Please read the head.')), 410, 'application/problem+json'),
  ],
  ['a bare 500', 'broken', /failed to answer/, (response) => response.writeHead(500).end('Oops')],
  ['a bare 503', 'offline', /not available/, (response) => response.writeHead(503).end()],
  ['a bare 401', 'refused', /sign in/, (response) => response.writeHead(401).end()],
  [
    'a problem that is no JSON',
    'missing',
    /does not have/,
    (r) => r.writeHead(404, { 'content-type': 'application/problem+json' }).end('{'),
  ],
  [
    'plain text',
    'corrupt',
    /form/,
    (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hi'),
  ],
  [
    'JSON cut short',
    'corrupt',
    /cut short/,
    (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"id":'),
  ],
  ['JSON of another shape', 'corrupt', /head\.epoch should be text/, (r) => json(r, { ...head, epoch: 4 })],
  ['blocks that do not match', 'corrupt', /head\.live/, (r) => json(r, { ...head, live: [] })],
  [
    'half a body',
    'offline',
    /broke while/,
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":', () => response.socket?.destroy());
    },
  ],
  ['silence', 'offline', /did not answer within 0\.3 seconds/, () => {}],
  [
    'silence in the middle',
    'offline',
    /did not answer within/,
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":'),
  ],
];

test.each(bad)('%s is %s', async (name, tag, sentence, answer) => {
  // Only silence is waited for.
  const patience = name.startsWith('silence') ? { timeoutMs: 300 } : {};
  const store = await serve((_, response) => answer(response), patience);
  const error = await failure(store.head('t'));
  expect(error.message).toMatch(sentence);
  expect(error.tag).toBe(tag);
});

test('no store at all is offline', async () => {
  expect(await failure(httpStore('http://127.0.0.1:9').head('t'))).toMatchObject({
    tag: 'offline',
    message: 'The store cannot be reached.',
  });
});

test('bytes that keep flowing are waited for beyond the timeout', async () => {
  const text = JSON.stringify(head);
  const store = await serve(async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let at = 0; at < text.length; at += Math.ceil(text.length / 6)) {
      response.write(text.slice(at, at + Math.ceil(text.length / 6)));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.end();
  });
  expect(await store.head('t')).toEqual(head);
});

test('an abort ends the request at the store', async () => {
  let ended = () => {};
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const asker = new AbortController();
  const store = await serve(
    (_, response) => {
      response.on('close', ended);
      asker.abort();
    },
    { timeoutMs: 60_000 },
  );
  expect((await failure(store.head('t', { signal: asker.signal }))).tag).toBe('cancelled');
  await gone;
  expect((await failure(store.head('t', { signal: asker.signal }))).tag).toBe('cancelled');
});

async function makePart(block: number, length = 1000): Promise<BatchPart> {
  const body = Uint8Array.from({ length }, (_, i) => (i * 7 + block) & 255);
  const checksum = (await loadChecksum())(body);
  return { item: 0, kind: 'page', version: 3, block, level: 0, revision: 2, checksum, body };
}

const request = {
  items: [{ kind: 'pages' as const, dataset: 't', epoch: 'e', column: 'c1', blocks: [0, 1, 2] }],
};

/** Answers `asked`, by its name. */
async function sendBatch(
  asked: IncomingMessage,
  response: ServerResponse,
  parts: BatchPart[],
  {
    named = nameOf(asked),
    change = (bytes) => bytes,
  }: { readonly named?: string; readonly change?: (bytes: Uint8Array) => Uint8Array } = {},
) {
  response.writeHead(200, { 'content-type': 'application/vnd.apache.arrow.stream' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeBatch(parts, { request: named })) chunks.push(chunk);
  response.end(change(Buffer.concat(chunks)));
}

async function collect(parts: AsyncIterable<BatchPart>, into: BatchPart[] = []): Promise<BatchPart[]> {
  for await (const part of parts) into.push(part);
  return into;
}

test('a batch: each part verified, each buffer its own', async () => {
  const parts = await Promise.all([makePart(0), makePart(1), makePart(2)]);
  const store = await serve((asked, response, body) => {
    expect(JSON.parse(body)).toEqual({ ...request, name: expect.any(String) });
    void sendBatch(asked, response, parts);
  });
  const got = await collect(store.batch(request));
  expect(got).toEqual(parts);
  for (const { body } of got) expect(body.buffer.byteLength).toBe(body.byteLength);
});

test('a flipped bit is corrupt, names the block, and the parts before it stand', async () => {
  const parts = await Promise.all([makePart(0), makePart(1), makePart(2)]);
  const spoiled = {
    ...parts[1]!,
    body: Uint8Array.from(parts[1]!.body, (byte, i) => (i === 500 ? byte ^ 4 : byte)),
  };
  const store = await serve(
    (asked, response) => void sendBatch(asked, response, [parts[0]!, spoiled, parts[2]!]),
  );
  const got: BatchPart[] = [];
  const error = await failure(collect(store.batch(request), got));
  expect(error).toMatchObject({ tag: 'corrupt', facts: { item: 0, block: 1, level: 0 } });
  expect(got).toEqual([parts[0]]);
});

test('a batch cut short is corrupt', async () => {
  const parts = await Promise.all([makePart(0), makePart(1)]);
  const store = await serve(
    (asked, response) =>
      void sendBatch(asked, response, parts, { change: (bytes) => bytes.subarray(0, bytes.length - 100) }),
  );
  expect((await failure(collect(store.batch(request)))).tag).toBe('corrupt');
});

test('an answer to another request is corrupt, however whole', async () => {
  const parts = await Promise.all([makePart(0), makePart(1), makePart(2)]);
  const store = await serve((asked, response) => {
    void sendBatch(asked, response, parts, { named: 'another' });
  });
  const got: BatchPart[] = [];
  expect((await failure(collect(store.batch(request), got))).tag).toBe('corrupt');
  expect(got).toEqual([]);
});

test('the head of another data set is corrupt', async () => {
  const store = await serve((_, response) => json(response, head));
  expect((await failure(store.head('other'))).tag).toBe('corrupt');
});

test('leaving a batch early ends the request at the store', async () => {
  let ended = () => {};
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const first = await makePart(0, 100_000);
  const store = await serve(
    async (asked, response) => {
      response.on('close', ended);
      response.writeHead(200, { 'content-type': 'application/vnd.apache.arrow.stream' });
      const endless = async function* () {
        for (;;) {
          yield first;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      for await (const chunk of encodeBatch(endless(), { request: nameOf(asked) })) {
        if (response.destroyed) return;
        response.write(chunk);
      }
    },
    { timeoutMs: 60_000 },
  );
  for await (const part of store.batch(request)) {
    expect(part.block).toBe(0);
    break;
  }
  await gone;
});
