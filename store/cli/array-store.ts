import type { DenseArray } from '../../src/arrays/dense.ts';
import { encodeNpy, npyType } from '../../src/arrays/npy.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import type { Receipt } from '../../src/protocol/change.ts';
import { cancelled, ExaError } from '../../src/protocol/errors.ts';
import { parseProblem } from '../../src/protocol/parse-problem.ts';
import { UsageError } from './print.ts';

/** A new array, as JSON says it. */
export interface SpecJson {
  readonly name: string;
  readonly shape: readonly string[];
  readonly dtype: string;
  readonly chunk?: string | readonly number[];
  readonly order?: string;
  readonly fill?: string | number | boolean;
}

/** The arrays of a running store, over its HTTP. Every call throws `ExaError`. */
export interface ArrayStore {
  list(): Promise<readonly ArrayHead[]>;
  /** By id or name. Throws `missing`. */
  head(name: string): Promise<ArrayHead>;
  create(spec: SpecJson): Promise<Receipt & { readonly array: string }>;
  drop(id: string): Promise<void>;
  /** Elements at the end of the major axis, in one commit. */
  append(id: string, rows: DenseArray): Promise<Receipt>;
  resize(id: string, shape: readonly bigint[]): Promise<Receipt>;
  beginImport(spec: SpecJson): Promise<{ readonly id: string; readonly chunk: readonly number[] }>;
  sendValues(id: string, at: string, values: DenseArray): Promise<void>;
  commitImport(id: string): Promise<Receipt & { readonly array: string }>;
  abortImport(id: string): Promise<void>;
  /** Runs an activity to its end; `body` is its JSON, if it takes any. */
  run(id: string, what: string, body: unknown, progress: (done: number) => void): Promise<unknown>;
  /** Any other address of the store, for reading tables. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export function arrayStore(
  base: string,
  { fetch = globalThis.fetch, signal }: { fetch?: typeof globalThis.fetch; signal?: AbortSignal },
): ArrayStore {
  if (!URL.canParse(base))
    throw new UsageError(`--store must be an address such as http://127.0.0.1:8090; “${base}” is none.`);

  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(`/api${path}`, base), { ...init, signal }).catch(
      (cause: unknown) => {
        if (signal?.aborted) throw cancelled(cause);
        throw new ExaError(
          'offline',
          `No store answers at ${base}: start it with npm start, or give --store URL.`,
          {
            cause,
          },
        );
      },
    );
    if (response.ok) return response;
    throw parseProblem(response.status, await response.json().catch(() => undefined));
  }
  const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const list = async () => ((await (await call('/arrays')).json()) as { arrays: ArrayHead[] }).arrays;

  return {
    list,
    fetch: call,
    async head(name) {
      const found = (await list()).find((one) => one.id === name || one.name === name);
      if (found) return found;
      throw new ExaError(
        'missing',
        `There is no array called ${name}: exanalytics array list tells which there are.`,
      );
    },
    async create(spec) {
      const key = { 'idempotency-key': crypto.randomUUID() };
      return (await (await call('/arrays', json('POST', spec, key))).json()) as Receipt & { array: string };
    },
    async drop(id) {
      await call(`/arrays/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
    async append(id, rows) {
      const response = await call(`/arrays/${encodeURIComponent(id)}/append`, {
        method: 'POST',
        headers: { 'idempotency-key': crypto.randomUUID(), 'content-type': npyType },
        body: encodeNpy(rows),
      });
      return (await response.json()) as Receipt;
    },
    async resize(id, shape) {
      const body = { shape: shape.map(String) };
      const key = { 'idempotency-key': crypto.randomUUID() };
      const response = await call(`/arrays/${encodeURIComponent(id)}/shape`, json('PUT', body, key));
      return (await response.json()) as Receipt;
    },
    async beginImport(spec) {
      return (await (await call('/array-imports', json('POST', spec))).json()) as {
        id: string;
        chunk: number[];
      };
    },
    async sendValues(id, at, values) {
      await call(`/array-imports/${id}/values?at=${encodeURIComponent(at)}`, {
        method: 'PUT',
        headers: { 'content-type': npyType },
        body: encodeNpy(values),
      });
    },
    async commitImport(id) {
      return (await (await call(`/array-imports/${id}/commit`, { method: 'POST' })).json()) as Receipt & {
        array: string;
      };
    },
    async abortImport(id) {
      await fetch(new URL(`/api/array-imports/${id}`, base), { method: 'DELETE' }).catch(() => undefined);
    },
    async run(id, what, body, progress) {
      const init = body === undefined ? { method: 'POST' } : json('POST', body);
      const response = await call(`/arrays/${encodeURIComponent(id)}/${what}`, init);
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          const line = JSON.parse(text.slice(0, end)) as {
            done?: number;
            result?: unknown;
            problem?: unknown;
          };
          text = text.slice(end + 1);
          if (line.problem !== undefined) throw parseProblem(500, line.problem);
          if ('result' in line) return line.result;
          progress(line.done ?? 0);
        }
      }
      throw new ExaError('offline', 'The store stopped before it was done: start it and try again.');
    },
  };
}
