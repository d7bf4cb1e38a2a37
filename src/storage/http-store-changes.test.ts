import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { ExaError } from '../protocol/errors.ts';
import { serve } from './served-store.testing.ts';

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
