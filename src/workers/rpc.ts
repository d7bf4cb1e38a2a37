import { cancelled, ExaError, fromWireError, toExaError, toWireError } from '../protocol/errors.ts';
import type { CallMessage, CallShape, ReplyMessage } from '../protocol/messages.ts';

/** What a MessagePort, a Worker and a worker's own scope have in common. */
export interface Wire {
  /** An array is several messages, each heard by itself. */
  post(message: unknown, transfer: Transferable[]): void;
  /** One listener; told every message, and of messages that could not be read. */
  listen(on: (message: unknown) => void, broken: (error: ExaError) => void): void;
  close(): void;
}

type Endpoint = MessagePort | Worker | DedicatedWorkerGlobalScope;

/** A wire over anything with `postMessage`. A worker that throws or sends what cannot be cloned breaks the wire. */
export function wireOf(endpoint: Endpoint): Wire {
  return {
    post: (message, transfer) => endpoint.postMessage(message, transfer),
    listen(on, broken) {
      endpoint.onmessage = ({ data }: MessageEvent<unknown>) => {
        for (const message of Array.isArray(data) ? data : [data]) on(message);
      };
      endpoint.onmessageerror = () =>
        broken(new ExaError('broken', 'A message between threads could not be read.'));
      if ('terminate' in endpoint)
        endpoint.onerror = (event) => {
          event.preventDefault();
          broken(new ExaError('broken', `A worker stopped: ${event.message || 'it could not be started'}.`));
        };
    },
    close() {
      if ('terminate' in endpoint) endpoint.terminate();
      else endpoint.close();
    },
  };
}

const transferLists = new WeakMap<object, Transferable[]>();

/** Marks buffers inside `value` to be moved, not copied, when a handler returns or announces it. */
export function transferring<T extends object>(value: T, buffers: readonly Transferable[]): T {
  transferLists.set(value, [...new Set(buffers)]);
  return value;
}

function transferOf(value: unknown): Transferable[] {
  return typeof value === 'object' && value !== null ? (transferLists.get(value) ?? []) : [];
}

export interface CallOptions<N> {
  readonly signal?: AbortSignal;
  /** Told each value announced before the call ends. */
  readonly next?: (value: N) => void;
  readonly transfer?: readonly Transferable[];
}

type Shapes<C> = { [K in keyof C]: CallShape };

/** The asking side of a wire. */
export interface Caller<C extends Shapes<C>> {
  /** Settles exactly once; an aborted call rejects with `cancelled` at once and its later answers are dropped. */
  call<K extends keyof C & string>(
    name: K,
    ask: C[K]['ask'],
    options?: CallOptions<C[K]['next']>,
  ): Promise<C[K]['done']>;
  /** Calls not yet answered. */
  readonly pending: number;
  /** Messages received so far: a watchdog's sign of life. */
  readonly received: number;
  /** Rejects every open call with `error`, and all later ones. */
  close(error: ExaError): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: ExaError): void;
  next?: (value: unknown) => void;
}

/** Calls over `wire`. A broken wire rejects every open call and is told to `broken`. */
export function callerOver<C extends Shapes<C>>(
  wire: Wire,
  broken: (error: ExaError) => void = () => {},
): Caller<C> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let received = 0;
  let closed: ExaError | undefined;
  /** Sent together once the task that made them is done: what is asked does not run beside it, and wakes others once. */
  let gathered: CallMessage[] = [];
  const flush = () => {
    const [first, ...others] = gathered;
    gathered = [];
    if (!first || closed) return;
    try {
      wire.post(others.length > 0 ? [first, ...others] : first, []);
    } catch {
      for (const message of [first, ...others]) send(message, []);
    }
  };
  const post = (message: CallMessage, transfer: Transferable[]) => {
    if (transfer.length > 0) {
      flush();
      send(message, transfer);
    } else if (gathered.push(message) === 1) queueMicrotask(flush);
  };
  /** One by itself, so that what can not be sent fails alone. */
  const send = (message: CallMessage, transfer: Transferable[]) => {
    try {
      wire.post(message, transfer);
    } catch (error) {
      const call = pending.get(message.id);
      pending.delete(message.id);
      call?.reject(toExaError(error));
    }
  };
  const drain = (error: ExaError) => {
    closed ??= error;
    const open = [...pending.values()];
    pending.clear();
    for (const call of open) call.reject(error);
  };
  wire.listen(
    (message) => {
      received++;
      const reply = message as ReplyMessage;
      const call = pending.get(reply.id);
      if (!call) return;
      if (reply.kind === 'next') {
        call.next?.(reply.value);
        return;
      }
      pending.delete(reply.id);
      if (reply.kind === 'done') call.resolve(reply.value);
      else call.reject(fromWireError(reply.error));
    },
    (error) => {
      drain(error);
      broken(error);
    },
  );
  return {
    call(name, ask, options = {}) {
      const { signal, next } = options;
      if (closed) return Promise.reject(closed);
      if (signal?.aborted) return Promise.reject(cancelled());
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          if (!pending.delete(id)) return;
          post({ kind: 'cancel', id }, []);
          reject(cancelled());
        };
        const settle =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            signal?.removeEventListener('abort', onAbort);
            then(value);
          };
        pending.set(id, {
          resolve: settle(resolve as (value: unknown) => void),
          reject: settle(reject),
          next: next as ((value: unknown) => void) | undefined,
        });
        signal?.addEventListener('abort', onAbort, { once: true });
        post({ kind: 'call', id, name, ask }, [...(options.transfer ?? [])]);
      });
    },
    get pending() {
      return pending.size;
    },
    get received() {
      return received;
    },
    close(error) {
      drain(error);
      wire.close();
    },
  };
}

/** What a handler is given beside its argument. */
export interface Serving<N> {
  readonly signal: AbortSignal;
  next(value: N): void;
}

/** One handler a call; whatever it throws crosses as a {@link WireError}. */
export type Handlers<C extends Shapes<C>> = {
  readonly [K in keyof C]: (
    ask: C[K]['ask'],
    serving: Serving<C[K]['next']>,
  ) => Promise<C[K]['done']> | C[K]['done'];
};

/** The answering side of a wire: every call is answered once, unless its asker went away. The returned function aborts what is open. */
export function serve<C extends Shapes<C>>(wire: Wire, handlers: Handlers<C>): () => void {
  const open = new Map<number, AbortController>();
  let closed = false;
  const post = (message: ReplyMessage, value: unknown) => {
    if (!closed) wire.post(message, transferOf(value));
  };
  const answer = async (id: number, name: string, ask: unknown) => {
    const controller = new AbortController();
    open.set(id, controller);
    try {
      const handler = Object.hasOwn(handlers, name) ? handlers[name as keyof C] : undefined;
      if (!handler) throw new ExaError('broken', `There is no call named ${name}.`);
      const value = await handler(ask as never, {
        signal: controller.signal,
        next: (next) => {
          if (open.has(id)) post({ kind: 'next', id, value: next }, next);
        },
      });
      if (open.has(id)) post({ kind: 'done', id, value }, value);
    } catch (error) {
      if (open.has(id)) post({ kind: 'failed', id, error: toWireError(error) }, undefined);
    } finally {
      open.delete(id);
    }
  };
  wire.listen(
    (message) => {
      const call = message as CallMessage;
      if (call.kind === 'call') void answer(call.id, call.name, call.ask);
      else {
        const controller = open.get(call.id);
        open.delete(call.id);
        controller?.abort();
      }
    },
    () => {},
  );
  return () => {
    closed = true;
    for (const controller of open.values()) controller.abort();
    open.clear();
  };
}
