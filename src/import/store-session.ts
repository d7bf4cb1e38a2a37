import type { ColumnData } from '../arrow/column-data.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import type { Receipt } from '../protocol/change.ts';
import { ExaError } from '../protocol/errors.ts';
import type { DatasetSummary, Head } from '../protocol/head.ts';
import type { ImportRequest } from '../protocol/import-columns.ts';
import { parseDatasetList, parseHead } from '../protocol/parse-head.ts';
import { parseProblem } from '../protocol/parse-problem.ts';
import type { Profile } from '../protocol/profile.ts';
import { randomKey } from '../protocol/random-key.ts';
import { sliceColumn, type TypedBatch } from './typed-batch.ts';

/** What an import needs of a running store. All promises reject with `ExaError`. */
export interface ImportStore {
  datasets(): Promise<readonly DatasetSummary[]>;
  head(dataset: string): Promise<Head>;
  saveProfile(dataset: string, profile: Profile): Promise<void>;
  /**
   * Sends the batches through one import session and commits it. On any failure, aborts too, the session is dropped
   * and the store holds nothing of it.
   */
  run(
    request: ImportRequest,
    batches: AsyncIterable<TypedBatch>,
    sent?: (rows: number) => void,
  ): Promise<Receipt & { readonly dataset: string }>;
}

/** Most bytes of one batch on the wire; larger ones are cut in two. */
const maxBatchBytes = 16 << 20;

/** The import routes of a store at `baseUrl`. */
export function importStore(
  baseUrl: string,
  options: {
    readonly fetch?: typeof globalThis.fetch;
    readonly newKey?: () => string;
    readonly signal?: AbortSignal;
    /** What to do when nothing answers, as the end of a sentence. */
    readonly advice?: string;
  } = {},
): ImportStore {
  const { fetch = (url, init) => globalThis.fetch(url, init), newKey = randomKey, signal } = options;
  const { advice = 'try again when it does' } = options;
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(new URL(`/api${path}`, baseUrl), { signal, ...init, method });
    } catch (cause) {
      if (signal?.aborted) throw new ExaError('cancelled', 'The import was cancelled.', { cause });
      throw new ExaError('offline', `No store answers at ${baseUrl}: ${advice}.`, { cause });
    }
    const text = await response.text();
    const body = text === '' ? undefined : parseJson(text);
    if (!response.ok) throw parseProblem(response.status, body);
    if (response.status !== 204 && body === undefined)
      throw new ExaError(
        'offline',
        `${baseUrl} answered something that is not a store's: check the address.`,
      );
    return body;
  };
  const json = (body: unknown): RequestInit => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  return {
    datasets: async () => parseDatasetList(await call('GET', '/datasets'), 'datasets').datasets,
    head: async (dataset) =>
      parseHead(await call('GET', `/datasets/${encodeURIComponent(dataset)}/head`), 'head'),
    async saveProfile(dataset, profile) {
      const init = json(profile);
      await call('PUT', `/datasets/${encodeURIComponent(dataset)}/profile`, {
        ...init,
        headers: { ...init.headers, 'idempotency-key': newKey() },
      });
    },
    async run(request, batches, sent) {
      const begun = (await call('POST', '/imports', json(request))) as { readonly id: string };
      const session = `/imports/${encodeURIComponent(begun.id)}`;
      try {
        let n = 0;
        let rows = 0;
        for await (const batch of batches) {
          for (const body of encoded(batch, request.columns))
            await call('POST', `${session}/batches/${n++}`, {
              headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
              body: body as RequestInit['body'],
            });
          rows += batch.rows;
          sent?.(rows);
        }
        signal?.throwIfAborted();
        return (await call('POST', `${session}/commit`)) as Receipt & { readonly dataset: string };
      } catch (error) {
        // A session that cannot be dropped now is dropped by the store once it has been idle.
        await call('DELETE', session, { signal: null }).catch(() => undefined);
        throw error;
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A batch as Arrow streams of at most {@link maxBatchBytes}, columns in the order of the request. */
function* encoded({ columns, rows }: TypedBatch, order: ImportRequest['columns']): Iterable<Uint8Array> {
  const named = Object.fromEntries(order.map(({ name }) => [name, columns[name]!]));
  const bytes = encodeColumns(named);
  if (bytes.byteLength <= maxBatchBytes || rows < 2) {
    yield bytes;
    return;
  }
  const middle = rows >> 1;
  for (const [start, end] of [
    [0, middle],
    [middle, rows],
  ] as const) {
    const part: Record<string, ColumnData> = {};
    for (const [name, data] of Object.entries(named)) part[name] = sliceColumn(data, start, end);
    yield* encoded({ columns: part, rows: end - start }, order);
  }
}
