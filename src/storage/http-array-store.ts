import { loadChecksum } from '../arrow/checksum.ts';
import { decodeElements } from '../arrow/elements-page.ts';
import { decodeBatch } from '../arrow/read-batch.ts';
import { ExaError } from '../protocol/errors.ts';
import { parseArrayHead, parseArrayList } from '../protocol/parse-array.ts';
import { readCount, readList, readObject, readText } from '../protocol/parse-shape.ts';
import { randomKey } from '../protocol/random-key.ts';
import type { ActivityOptions, ArrayStoreClient } from './array-store-client.ts';
import { readBody, readJson } from './http-request.ts';
import { bodySource } from './http-source.ts';
import type { HttpStoreOptions } from './http-store.ts';
import { readActivity } from './ndjson.ts';

const arrowStream = 'application/vnd.apache.arrow.stream';

/** What the store says an expression came to: elements as an Arrow chunk, in base64. */
const parseResult = readObject<{ shape: number[]; chunk: string }>({
  shape: readList(readCount),
  chunk: readText,
});

/** The arrays of the store at `baseUrl`, over HTTP. */
export function httpArrayStore(
  baseUrl: string,
  options: Pick<HttpStoreOptions, 'fetch' | 'timeoutMs' | 'newName'> = {},
): ArrayStoreClient {
  const {
    fetch = (url, init) => globalThis.fetch(url, init),
    timeoutMs = 30_000,
    newName = randomKey,
  } = options;
  const api = `${baseUrl.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;
  const json = (path: string, signal?: AbortSignal) =>
    readJson({ fetch, url: api + path, init: { cache: 'no-cache' }, quietMs: timeoutMs, signal });
  const pathOf = (array: string) => `/arrays/${encodeURIComponent(array)}`;

  const post = (path: string, body: unknown, { signal, progress }: ActivityOptions) =>
    readActivity(
      readBody({
        fetch,
        url: api + path,
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        expects: 'application/x-ndjson',
        // An activity may have nothing to tell for long; aborting and a broken connection end it.
        quietMs: 2 ** 31 - 1,
        signal,
      }),
      progress,
    );

  return {
    async arrays({ signal } = {}) {
      return parseArrayList(await json('/arrays', signal), 'arrays');
    },
    async head(array, { signal } = {}) {
      const head = parseArrayHead(await json(`${pathOf(array)}/head`, signal), 'head');
      if (head.id !== array)
        throw new ExaError('corrupt', 'The store answered with the head of another array.', {
          facts: { array, came: head.id },
        });
      return head;
    },
    async *batch(array, request, { signal } = {}) {
      const checksum = await loadChecksum();
      const name = newName();
      const left = new AbortController();
      const count = request.items.reduce((sum, { chunks }) => sum + chunks.length, 0);
      const body = bodySource({
        fetch,
        url: `${api}${pathOf(array)}/batch`,
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'exa-request': name },
          body: JSON.stringify(request),
        },
        expects: arrowStream,
        quietMs: timeoutMs,
        signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
      });
      try {
        for await (const part of decodeBatch(body, { request: name })) {
          if (!(part.item >= 0 && part.item < count) || checksum(part.body) !== part.checksum)
            throw new ExaError('corrupt', 'A chunk was damaged on its way from the store.', {
              facts: { item: part.item, level: part.level },
            });
          yield part;
        }
      } finally {
        left.abort();
      }
    },
    async evaluate(expression, options = {}) {
      const { shape, chunk } = parseResult(await post('/arrays/evaluate', { expression }, options), 'result');
      return { shape, ...decodeElements(fromBase64(chunk)) };
    },
    async rechunk(array, chunk, options = {}) {
      await post(`${pathOf(array)}/rechunk`, { chunk }, options);
    },
  };
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new ExaError('corrupt', "The store's answer was cut short or damaged.", { cause });
  }
}
