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
 * A request under way. Every failure is one `ExaError`: `cancelled` when `signal` aborts, `offline` for no connection,
 * silence, a broken connection or a web page in place of data, `corrupt` for another content type, and what the store says
 * where it answers with a problem.
 */
export class Exchange {
  readonly #call: HttpCall;
  readonly #ending = new AbortController();
  readonly #cancel = () => this.#ending.abort();
  #answered = false;
  #silent = false;
  /** When the step under way began. */
  #since: number | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  /** Throws `cancelled`. */
  constructor(call: HttpCall) {
    this.#call = call;
    if (call.signal?.aborted) throw cancelled();
    call.signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Asks; gives the body of a successful answer. */
  async open(): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
    const { fetch, url, init, expects } = this.#call;
    const headers = { accept: expects, ...init.headers };
    const response = await this.step(() => fetch(url, { ...init, headers, signal: this.#ending.signal }));
    this.#answered = true;
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok) throw parseProblem(response.status, await this.step(() => readProblem(response, type)));
    if (!type.startsWith(expects)) throw unexpectedType(type, expects);
    return response.body;
  }

  /** What brings the next bytes, for which `quietMs` are waited. */
  async step<T>(body: () => Promise<T>): Promise<T> {
    const { signal, quietMs } = this.#call;
    this.#since = performance.now();
    this.#watch ??= setTimeout(this.#look, quietMs);
    try {
      return await body();
    } catch (error) {
      if (signal?.aborted) throw cancelled(error);
      if (this.#silent)
        throw new ExaError('offline', `The store did not answer within ${quietMs / 1000} seconds.`, {
          cause: error,
        });
      if (isExaError(error)) throw error;
      throw new ExaError(
        'offline',
        this.#answered
          ? 'The connection to the store broke while its answer was arriving.'
          : 'The store cannot be reached.',
        { cause: error },
      );
    } finally {
      this.#since = undefined;
    }
  }

  /** One timer for all steps: it looks how long the one under way has taken. */
  readonly #look = () => {
    const { quietMs } = this.#call;
    const taken = this.#since === undefined ? 0 : performance.now() - this.#since;
    if (taken >= quietMs) {
      this.#silent = true;
      this.#ending.abort();
    } else this.#watch = setTimeout(this.#look, quietMs - taken);
  };

  /** Lets go of the request and of what it waits for. */
  end(): void {
    clearTimeout(this.#watch);
    this.#call.signal?.removeEventListener('abort', this.#cancel);
    this.#ending.abort();
  }
}

/** The body of a successful answer, chunk by chunk; fails as {@link Exchange} does. Leaving the loop early ends the request. */
export async function* readBody(call: HttpCall): AsyncGenerator<Uint8Array, void, undefined> {
  const exchange = new Exchange(call);
  try {
    yield* chunksOf(exchange, await exchange.open());
  } finally {
    exchange.end();
  }
}

/** An answer's chunks as they come; ends the exchange with them. */
export async function* chunksOf(
  exchange: Exchange,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const reader = body?.getReader();
    if (!reader) return;
    for (;;) {
      const { done, value } = await exchange.step(() => reader.read());
      if (done) return;
      if (value.byteLength > 0) yield value;
    }
  } finally {
    exchange.end();
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
