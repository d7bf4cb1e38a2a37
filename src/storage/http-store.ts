import { loadChecksum } from '../arrow/checksum.ts';
import { decodeBatch } from '../arrow/read-batch.ts';
import type { BatchPart, BatchRequest } from '../protocol/batch.ts';
import type { Change } from '../protocol/change.ts';
import { ExaError } from '../protocol/errors.ts';
import { parseFitLine } from '../protocol/fit-wire.ts';
import { parseClock, parseReceipt } from '../protocol/parse-change.ts';
import { parseDatasetList, parseHead } from '../protocol/parse-head.ts';
import { randomKey } from '../protocol/random-key.ts';
import { parseStart } from '../protocol/start.ts';
import { followChanges } from './follow-changes.ts';
import { type Fetch, type RequestSettings, readBody, readJson } from './http-request.ts';
import { bodySource } from './http-source.ts';
import type { CallOptions, StoreClient } from './store-client.ts';

/** Effects and limits of {@link httpStore}. */
export interface HttpStoreOptions {
  readonly fetch?: Fetch;
  /** Longest silence before a request is given up, in milliseconds; 30 000. Bytes arriving start it again. */
  readonly timeoutMs?: number;
  /** Longest silence of the stream of changes; 45 000, three of the store's heartbeats. */
  readonly heartbeatMs?: number;
  /** Pauses before connecting again to the stream of changes, first and longest; 500 and 30 000. */
  readonly retryMs?: { readonly first: number; readonly max: number };
  readonly random?: () => number;
  /** A name for a request, that its answer repeats; unlike every other. */
  readonly newName?: () => string;
}

const arrowStream = 'application/vnd.apache.arrow.stream';

/** The store at `baseUrl` (its origin, or any address that `/api` follows), over HTTP. */
export function httpStore(baseUrl: string, options: HttpStoreOptions = {}): StoreClient {
  const {
    fetch = (url, init) => globalThis.fetch(url, init),
    timeoutMs = 30_000,
    heartbeatMs = 45_000,
    retryMs = { first: 500, max: 30_000 },
    random = Math.random,
    newName = randomKey,
  } = options;
  const api = `${baseUrl.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;

  function json(path: string, init: RequestSettings, { signal }: CallOptions = {}): Promise<unknown> {
    return readJson({ fetch, url: api + path, init, quietMs: timeoutMs, signal });
  }

  return {
    async datasets(options) {
      return parseDatasetList(await json('/datasets', { cache: 'no-cache' }, options), 'datasets');
    },
    async head(dataset, options) {
      const path = `/datasets/${encodeURIComponent(dataset)}/head`;
      const head = parseHead(await json(path, { cache: 'no-cache' }, options), 'head');
      if (head.id !== dataset)
        throw new ExaError('corrupt', 'The store answered with the head of another data set.', {
          facts: { dataset, came: head.id },
        });
      return head;
    },
    async health(options) {
      return parseClock(await json('/health', { cache: 'no-store' }, options), 'health');
    },
    async start({ asked = false, ...options } = {}) {
      const init = { cache: asked ? 'default' : 'no-cache' } as const;
      return parseStart(await json('/start', init, options), 'start');
    },
    async write(change, idempotencyKey, options) {
      const { path, init } = writeRequest(change);
      const headers = { ...init.headers, 'idempotency-key': idempotencyKey };
      return parseReceipt(await json(path, { ...init, headers }, options), 'receipt');
    },
    async *batch(request: BatchRequest, { signal }: CallOptions = {}): AsyncGenerator<BatchPart> {
      const checksum = await loadChecksum();
      const name = newName();
      const init = {
        method: 'POST',
        // JSON as what browsers send to other origins without asking first.
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify({ ...request, name }),
      };
      const left = new AbortController();
      const body = bodySource({
        fetch,
        url: `${api}/batch`,
        init,
        expects: arrowStream,
        quietMs: timeoutMs,
        signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
      });
      try {
        for await (const part of decodeBatch(body, { request: name })) {
          const { item, block, level } = part;
          if (request.items[item] === undefined || checksum(part.body) !== part.checksum)
            throw new ExaError('corrupt', 'A page was damaged on its way from the store.', {
              facts: { item, block, level },
            });
          yield part;
        }
      } finally {
        left.abort();
      }
    },
    async fit(request, told, { signal } = {}) {
      const body = readBody({
        fetch,
        url: `${api}/fits`,
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        },
        expects: 'application/x-ndjson',
        quietMs: fitQuietMs,
        signal,
      });
      const decoder = new TextDecoder();
      let text = '';
      for await (const bytes of body) {
        const lines = (text + decoder.decode(bytes, { stream: true })).split('\n');
        text = lines.pop()!;
        for (const line of lines) {
          const event = parseFitLine(line);
          if (event === 'end') return;
          told(event);
        }
      }
      throw new ExaError('offline', 'The store ended before the fit did: try again when it answers.');
    },
    changes(since, listener) {
      return followChanges({
        since,
        listener,
        random,
        firstMs: retryMs.first,
        maxMs: retryMs.max,
        connect: (after, signal) =>
          readBody({
            fetch,
            url: `${api}/changes?since=${after}`,
            init: { cache: 'no-store' },
            expects: 'text/event-stream',
            quietMs: heartbeatMs,
            signal,
          }),
      });
    },
  };
}

/** Longest silence of a fit in the store, in ms: a step in memory may take a while. */
const fitQuietMs = 600_000;

function writeRequest(change: Change): { path: string; init: RequestSettings } {
  if (change.kind === 'assign')
    return {
      path: `/arrays/${encodeURIComponent(change.dataset)}/values?at=${encodeURIComponent(change.at)}`,
      init: {
        method: 'PUT',
        headers: { 'content-type': 'application/x-npy' },
        body: change.npy as Uint8Array<ArrayBuffer>,
      },
    };
  const dataset = `/datasets/${encodeURIComponent(change.dataset)}`;
  if (change.kind === 'profile')
    return {
      path: `${dataset}/profile`,
      init: {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change.profile),
      },
    };
  return {
    path: `${dataset}/rows?mode=${change.kind}`,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: change.rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    },
  };
}
