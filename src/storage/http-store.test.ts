import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { encodeBatch } from '../arrow/batch-stream.ts';
import { loadChecksum } from '../arrow/checksum.ts';
import type { BatchPart } from '../protocol/batch.ts';
import { type ErrorTag, ExaError, isExaError, toProblem } from '../protocol/errors.ts';
import { type HttpStoreOptions, httpStore } from './http-store.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What each batch asked for was named. */
const names = new WeakMap<IncomingMessage, string>();

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  options: HttpStoreOptions = {},
) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    names.set(request, /"name":"([^"]*)"/.exec(body)?.[1] ?? '');
    answer(request, response, body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return httpStore(address, { random: () => 0, ...options });
}

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
  change = (b: Uint8Array) => b,
) {
  response.writeHead(200, { 'content-type': 'application/vnd.apache.arrow.stream' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeBatch(parts, nameOf(asked))) chunks.push(chunk);
  response.end(change(Buffer.concat(chunks)));
}

function nameOf(asked: IncomingMessage): { request: string } {
  return { request: names.get(asked)! };
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
      void sendBatch(asked, response, parts, (bytes) => bytes.subarray(0, bytes.length - 100)),
  );
  expect((await failure(collect(store.batch(request)))).tag).toBe('corrupt');
});

test('an answer to another request is corrupt, however whole', async () => {
  const parts = await Promise.all([makePart(0), makePart(1), makePart(2)]);
  const store = await serve((asked, response) => {
    names.set(asked, 'another');
    void sendBatch(asked, response, parts);
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
      for await (const chunk of encodeBatch(endless(), nameOf(asked))) {
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

/** A version event of no data sets. */
const version = (n: number) =>
  `id: ${n}\nevent: version\ndata: ${JSON.stringify({ version: n, previous: n - 1, asOf: '', datasets: [] })}\n\n`;
const hello = (n: number) => `event: hello\ndata: ${JSON.stringify({ version: n, asOf: '' })}\n\n`;

test('changes: in order, once each, over broken connections, with one lost an outage', async () => {
  const since: string[] = [];
  const scripts: ((response: ServerResponse) => void)[] = [
    (r) => r.write(hello(5) + version(4) + version(5), () => setTimeout(() => r.destroy(), 20)),
    (r) => r.destroy(),
    (r) => r.destroy(),
    (r) => r.end(`: beat\n\n${hello(7)}${version(5)}${version(6)}${version(7).slice(0, 20)}`),
    (r) => r.write(`${hello(7)}${version(7)}`),
  ];
  const store = await serve(
    (request, response) => {
      since.push(request.url?.split('=')[1] ?? '');
      const script = scripts.shift();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      script?.(response);
    },
    { retryMs: { first: 2, max: 8 } },
  );
  const heard: string[] = [];
  await new Promise<void>((done) => {
    const stop = store.changes(3, {
      event: (event) => {
        heard.push(`v${event.version}`);
        if (event.version === 7) {
          stop();
          done();
        }
      },
      open: (at) => heard.push(`open ${at.version}`),
      reset: () => heard.push('reset'),
      lost: (error) => heard.push(`lost ${error.tag}`),
    });
  });
  expect(heard).toEqual([
    'open 5',
    'v4',
    'v5',
    'lost offline',
    'open 7',
    'v6',
    'lost offline',
    'open 7',
    'v7',
  ]);
  expect(since).toEqual(['3', '5', '5', '5', '6']);
});

test('changes: a reset, and a store whose clock went back', async () => {
  const scripts = [
    `${hello(90)}event: reset\ndata: {"version":90,"asOf":""}\n\n${version(91)}`,
    `${hello(10)}${version(11)}`,
  ];
  const store = await serve(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(scripts.shift());
    },
    { retryMs: { first: 2, max: 2 } },
  );
  const heard: string[] = [];
  await new Promise<void>((done) => {
    const stop = store.changes(3, {
      event: (event) => {
        heard.push(`v${event.version}`);
        if (event.version !== 11) return;
        stop();
        done();
      },
      open: (at) => heard.push(`open ${at.version}`),
      reset: () => heard.push('reset'),
      lost: () => {},
    });
  });
  expect(heard).toEqual(['open 90', 'reset', 'v91', 'open 10', 'reset', 'v11']);
});

test('changes: silence longer than the heartbeats is an outage', async () => {
  const store = await serve(
    (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(hello(1)),
    { heartbeatMs: 60, retryMs: { first: 2, max: 2 } },
  );
  const error = await new Promise<ExaError>((lost) => {
    const stop = store.changes(0, {
      event: () => {},
      open: () => {},
      reset: () => {},
      lost: (error) => {
        stop();
        lost(error);
      },
    });
  });
  expect(error).toMatchObject({ tag: 'offline' });
});
