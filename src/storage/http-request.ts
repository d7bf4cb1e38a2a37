import { cancelled, ExaError, isExaError } from '../protocol/errors.ts';
import { parseProblem } from '../protocol/parse-problem.ts';

/** The platform's `fetch`, or what stands for it in a test. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a request is made of, but for its signal. */
export type RequestSettings = Pick<RequestInit, 'method' | 'body' | 'cache'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** One request. `quietMs`: longest wait for the first or the next byte; time the reader takes does not count. */
export interface HttpCall {
  readonly fetch: Fetch;
  readonly url: string;
  readonly init: RequestSettings;
  /** Content type the answer must have, e.g. `application/json`. */
  readonly expects: string;
  readonly quietMs: number;
  readonly signal?: AbortSignal;
}

/**
 * The body of a successful answer, chunk by chunk. Every failure is one `ExaError`: `cancelled` when `signal` aborts,
 * `offline` for no connection, silence, a broken connection or a web page in place of data, `corrupt` for another
 * content type, and what the store says where it answers with a problem. Leaving the loop early ends the request.
 */
export async function* readBody(call: HttpCall): AsyncGenerator<Uint8Array, void, undefined> {
  const { fetch, url, init, expects, quietMs, signal } = call;
  const ending = new AbortController();
  const cancel = () => ending.abort();
  if (signal?.aborted) throw cancelled();
  signal?.addEventListener('abort', cancel, { once: true });
  let silent = false;
  let answered = false;

  async function patiently<T>(step: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      silent = true;
      ending.abort();
    }, quietMs);
    try {
      return await step();
    } finally {
      clearTimeout(timer);
    }
  }

  try {
    const headers = { accept: expects, ...init.headers };
    const response = await patiently(() => fetch(url, { ...init, headers, signal: ending.signal }));
    answered = true;
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok) throw parseProblem(response.status, await patiently(() => readProblem(response, type)));
    if (!type.startsWith(expects)) throw unexpectedType(type, expects);
    const reader = response.body?.getReader();
    if (!reader) return;
    for (;;) {
      const { done, value } = await patiently(() => reader.read());
      if (done) return;
      if (value.byteLength > 0) yield value;
    }
  } catch (error) {
    if (signal?.aborted) throw cancelled(error);
    if (silent)
      throw new ExaError('offline', `The store did not answer within ${quietMs / 1000} seconds.`, {
        cause: error,
      });
    if (isExaError(error)) throw error;
    throw new ExaError(
      'offline',
      answered
        ? 'The connection to the store broke while its answer was arriving.'
        : 'The store cannot be reached.',
      { cause: error },
    );
  } finally {
    signal?.removeEventListener('abort', cancel);
    ending.abort();
  }
}

/** The whole of a JSON answer, unparsed into any type. Fails as {@link readBody} does; `corrupt` when it is not JSON. */
export async function readJson(call: Omit<HttpCall, 'expects'>): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of readBody({ ...call, expects: 'application/json' }))
    text += decoder.decode(chunk, { stream: true });
  text += decoder.decode();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExaError('corrupt', "The store's answer was cut short or damaged.", { cause });
  }
}

async function readProblem(response: Response, type: string): Promise<unknown> {
  if (!type.includes('json')) return undefined;
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unexpectedType(type: string, expected: string): ExaError {
  if (type.startsWith('text/html'))
    return new ExaError(
      'offline',
      'A web page came in place of data: sign in to the network or the portal, then try again.',
      { facts: { type } },
    );
  return new ExaError('corrupt', 'The store answered in a form this workbench does not read.', {
    facts: { type, expected },
  });
}
