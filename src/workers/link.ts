import { ExaError, isExaError } from '../protocol/errors.ts';
import type { PageCalls } from '../protocol/messages.ts';
import { type Caller, type CallOptions, callerOver, type Wire } from './rpc.ts';

/** A page's end of a coordinator, which it replaces when it falls silent: open calls are sent again. */
export interface Link {
  call<K extends keyof PageCalls & string>(
    name: K,
    ask: PageCalls[K]['ask'],
    options?: CallOptions<PageCalls[K]['next']>,
  ): Promise<PageCalls[K]['done']>;
  /** Starts over with another coordinator, or the same without what broke. */
  replace(): void;
  close(): void;
}

export interface LinkOptions {
  /** Connects to the coordinator of a generation; called again, with the next one, when that falls silent. */
  readonly connect: (generation: number) => Wire;
  /** Says hello and lends workers; before anything else is sent. */
  readonly greet: (caller: Caller<PageCalls>) => void;
  /** Silence after which a coordinator is asked whether it is there, and how long it may take to say so, in ms. */
  readonly silenceMs?: number;
  readonly every?: (ms: number, task: () => void) => () => void;
  readonly after?: (ms: number, task: () => void) => () => void;
}

interface OpenCall {
  send(caller: Caller<PageCalls>): void;
  fail(error: ExaError): void;
}

/** What tells that a call's coordinator was replaced. */
const replacedMessage = 'The coordinator was replaced.';

export function linkTo(options: LinkOptions): Link {
  const { connect, greet, silenceMs = 8000, every = repeat, after = later } = options;
  const open = new Set<OpenCall>();
  let generation = 0;
  let closed = false;
  let caller = start();
  let heard = 0;
  let isProbing = false;

  function start(): Caller<PageCalls> {
    const made: Caller<PageCalls> = callerOver<PageCalls>(connect(generation), () => {
      if (caller === made) replace();
    });
    greet(made);
    return made;
  }

  function replace(): void {
    if (closed) return;
    generation++;
    heard = 0;
    isProbing = false;
    const before = caller;
    caller = start();
    before.close(new ExaError('gone', replacedMessage));
    for (const call of [...open]) call.send(caller);
  }

  const stopWatch = every(silenceMs, () => {
    if (open.size === 0 || isProbing) return;
    if (caller.received !== heard) {
      heard = caller.received;
      return;
    }
    isProbing = true;
    const probed = caller;
    const cancel = after(silenceMs, () => {
      if (probed === caller) replace();
    });
    probed.call('ping', undefined).then(
      () => {
        cancel();
        if (probed === caller) isProbing = false;
      },
      () => cancel(),
    );
  });

  return {
    call(name, ask, callOptions) {
      if (closed) return Promise.reject(new ExaError('cancelled', 'The client was closed.'));
      return new Promise((resolve, reject) => {
        const call: OpenCall = {
          send(over) {
            over.call(name, ask, callOptions).then(
              (value) => {
                open.delete(call);
                resolve(value);
              },
              (error: unknown) => {
                if (
                  over !== caller &&
                  !closed &&
                  isExaError(error, 'gone') &&
                  error.message === replacedMessage
                )
                  return;
                open.delete(call);
                reject(error);
              },
            );
          },
          fail: reject,
        };
        open.add(call);
        call.send(caller);
      });
    },
    replace,
    close() {
      if (closed) return;
      closed = true;
      stopWatch();
      const error = new ExaError('cancelled', 'The client was closed.');
      caller.close(error);
      for (const call of [...open]) call.fail(error);
      open.clear();
    },
  };
}

function repeat(ms: number, task: () => void): () => void {
  const timer = setInterval(task, ms);
  return () => clearInterval(timer);
}

function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
