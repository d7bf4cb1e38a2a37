import { isRecord } from '../protocol/is-record.ts';
/** How a channel's texts reach the other window. */
export interface TextPort {
  post(text: string): void;
  listen(told: (text: string) => void): () => void;
}

/** Answers to what the other side asks; a rejection goes back as an error of that kind. */
export interface ChannelHandlers {
  /** A request `method` with `params`; `signal` aborts when it is cancelled. */
  request(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
}

/** An error of the other side, with its kind (renderJS: 0 plain, "1" not acquired, "2" cancelled). */
export class ChannelError extends Error {
  readonly kind: unknown;
  constructor(message: string, kind: unknown) {
    super(message);
    this.kind = kind;
  }
}

export interface Channel {
  /** Resolves with the answer; rejects {@link ChannelError}. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** Resolves once the other side has shown that it is there. */
  readonly ready: Promise<void>;
  close(): void;
}

/**
 * A channel as renderJS builds between a page and a gadget in an iframe (jschannel over postMessage, renderJS 0.29):
 * every message a JSON text; methods begin with the scope; a `__ready` ping is answered by a pong; a request that was
 * cancelled (`cancelMethodCall` with its id) is answered no more. What is no such message is passed over.
 */
export function openChannel(scope: string, port: TextPort, handlers: ChannelHandlers): Channel {
  const prefix = `${scope}::`;
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const running = new Map<unknown, AbortController>();
  let last = 0;
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const send = (message: object): void => port.post(JSON.stringify(message));

  const onRequest = async (id: unknown, method: string, params: unknown): Promise<void> => {
    const own = new AbortController();
    running.set(id, own);
    try {
      const result = await handlers.request(method, params, own.signal);
      if (!own.signal.aborted) send({ id, result: result === undefined ? null : result });
    } catch (error) {
      if (own.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      send({ id, error: { type: error instanceof ChannelError ? error.kind : 0, msg: message }, message });
    } finally {
      if (running.get(id) === own) running.delete(id);
    }
  };

  const onNotice = (method: string, params: unknown): void => {
    if (method === '__ready') {
      if (params === 'ping') send({ method: `${prefix}__ready`, params: 'pong' });
      isReady();
    } else if (method === 'cancelMethodCall' && Array.isArray(params)) running.get(params[0])?.abort();
  };

  const onAnswer = (id: unknown, message: Record<string, unknown>): void => {
    const waiting = typeof id === 'number' ? asked.get(id) : undefined;
    if (!waiting) return;
    asked.delete(id as number);
    if (!('error' in message)) {
      waiting.resolve(message.result);
      return;
    }
    const { error } = message;
    const [kind, text] = isRecord(error) ? [error.type, error.msg] : [0, error];
    waiting.reject(new ChannelError(String(text ?? message.message ?? ''), kind));
  };

  const end = port.listen((text) => {
    const message = parse(text);
    if (!message) return;
    const { id, method, params } = message;
    if (typeof method === 'string') {
      if (!method.startsWith(prefix)) return;
      const name = method.slice(prefix.length);
      if (id) void onRequest(id, name, params);
      else onNotice(name, params);
    } else if (id) onAnswer(id, message);
  });
  send({ method: `${prefix}__ready`, params: 'ping' });

  return {
    ready,
    request(method, params) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        send({ id, method: prefix + method, params });
      });
    },
    notify: (method, params) => send({ method: prefix + method, params }),
    close() {
      end();
      for (const { reject } of asked.values()) reject(new ChannelError('The channel was closed.', '2'));
      asked.clear();
      for (const own of running.values()) own.abort();
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
