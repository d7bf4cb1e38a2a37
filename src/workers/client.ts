import { type AccountClient, publicAccount } from '../protocol/account.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Receipt } from '../protocol/change.ts';
import type { DataClient } from '../protocol/client.ts';
import { cancelled, ExaError, fromWireError, isExaError, toExaError } from '../protocol/errors.ts';
import type { PageCalls } from '../protocol/messages.ts';
import { randomKey } from '../protocol/random-key.ts';
import { accountBook, type TokenSource } from './account-book.ts';
import { accountClient, type PageParts } from './account-client.ts';
import { type CoordinatorPlace, placeOf } from './account-place.ts';
import { arrayClientOver } from './array-client.ts';
import { lifetime, watch } from './client-calls.ts';
import { withEarlyHeads } from './early-heads.ts';
import { fitClientOver } from './fits/fit-client.ts';
import { keepOver } from './keep-client.ts';
import { type Link, linkTo } from './link.ts';
import { type ClientMode, type PageWorkersOptions, pageWorkers } from './page-workers.ts';
import { type Caller, type Wire, wireOf } from './rpc.ts';

export interface ClientOptions extends PageWorkersOptions {
  /** The store's origin, or any address that `/api` follows. */
  readonly storeUrl: string;
  /** A token of the store's, or what gets one: asked again when one no longer holds. Without it a cookie says who asks. */
  readonly token?: TokenSource;
  /** The start that the page asked for, without a token, before its scripts were here, in JSON; undefined where the store has none. */
  readonly asked?: Promise<unknown>;
  /** The page that people sign in and out of; left out, it only has the token. */
  readonly page?: PageParts;
}

export interface WorkbenchClient extends DataClient {
  /** Who this page is to the store. */
  readonly account: AccountClient;
  /** For what else asks the store from this page: the account, and the token to send. */
  credentials(): Promise<{ readonly account: string; readonly token?: string }>;
  readonly mode: ClientMode;
  /** Ends every subscription and this tab's workers. */
  close(): void;
}

/** After this many ms compute workers run though nobody needed them so far: whoever asks much later need not wait for them. */
const restMs = 3000;

/** Opens the one door to data of a page. Returns at once; questions asked meanwhile wait. */
export function openWorkbenchClient(options: ClientOptions): WorkbenchClient {
  const { storeUrl, token, asked, page } = options;
  const book = accountBook({ storeUrl, token, kept: page?.kept, asked });
  const hasToken = token !== undefined;
  let place: CoordinatorPlace | undefined;
  let link: Link | undefined;
  let starting: ReturnType<typeof setTimeout> | undefined;
  const workers = pageWorkers(options, () => link?.replace());
  const lock = holdTabLock();

  const connect = (generation: number): Wire => {
    workers.dismiss();
    const at: CoordinatorPlace = { ...place!, generation };
    return workers.coordinator(JSON.stringify(at)) ?? coordinatorHere(at);
  };

  const greet = (caller: Caller<PageCalls>) => {
    const hello = (name: string | undefined) => caller.call('hello', { lock: name }).catch(() => {});
    void lock.then(hello);
    const hand = (token: string | undefined) => {
      if (token !== undefined) caller.call('token', { token }).catch(() => {});
    };
    if (hasToken) void book.token().then(hand, () => {});
    caller
      .call('spent', undefined, {
        next: ({ token }) =>
          void book
            .renew(token)
            .then(hand, () => {})
            .then(() => book.refresh()),
      })
      .catch(() => {});
    const lend = () => {
      for (const port of workers.lend()) caller.call('lend', { port }, { transfer: [port] }).catch(() => {});
    };
    const isEnough = () => {
      caller.call('lent', undefined).catch(() => {});
    };
    const isLentAhead = workers.mode !== 'dedicated';
    if (isLentAhead) lend();
    caller
      .call('lending', undefined, {
        next() {
          if (isLentAhead) workers.begin();
          else lend();
          isEnough();
        },
      })
      .catch(() => {});
    if (isLentAhead) {
      isEnough();
      clearTimeout(starting);
      starting = setTimeout(() => workers.begin(), restMs);
    }
  };

  const waiting = new Set<{ go(link: Link): void; fail(error: ExaError): void }>();
  let refusal: ExaError | undefined;
  const stopFailed = book.failed((error) => {
    refusal = error;
  });
  const stopWatching = book.watch((session) => {
    if (!session.open) {
      for (const { fail } of [...waiting]) fail(refusal ?? signedOut());
      return;
    }
    const next = placeOf(storeUrl, session, { generation: 0, hasToken });
    if (link && JSON.stringify(next) === JSON.stringify(place)) return;
    place = next;
    // Another person, or other rights: nothing of the coordinator before is asked any more.
    if (link) link.replace();
    else {
      link = linkTo({ connect, greet });
      for (const { go } of [...waiting]) go(link);
    }
  });

  /** Waits until it is known whose data this page may open. */
  const call: Link['call'] = (name, ask, callOptions) => {
    if (link) return link.call(name, ask, callOptions);
    if (book.session && !book.session.open) return Promise.reject(refusal ?? signedOut());
    return new Promise((resolve, reject) => {
      const signal = callOptions?.signal;
      const leave = () => {
        waiting.delete(entry);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => entry.fail(cancelled());
      const entry = {
        go(opened: Link) {
          leave();
          opened.call(name, ask, callOptions).then(resolve, reject);
        },
        fail(error: ExaError) {
          leave();
          reject(error);
        },
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.add(entry);
    });
  };

  /** A store that lets this page in no longer looks away to whoever asks it: why it does not says more. */
  const explained = (error: ExaError): ExaError =>
    book.session?.open === false && isExaError(error, 'offline') ? (refusal ?? signedOut()) : error;

  const close = () => {
    globalThis.removeEventListener?.('pagehide', onHide);
    link?.call('bye', undefined).catch(() => {});
    link?.close();
    for (const { fail } of [...waiting]) fail(new ExaError('cancelled', 'The client was closed.'));
    stopWatching();
    stopFailed();
    book.close();
    clearTimeout(starting);
    workers.close();
  };

  const onHide = (event: Event) => {
    if ('persisted' in event && event.persisted) return;
    link?.call('bye', undefined).catch(() => {});
  };
  globalThis.addEventListener?.('pagehide', onHide);

  const client = clientOver({ call }, explained);
  return {
    ...client,
    head: withEarlyHeads(client.head, asked),
    account: accountClient({ book, link: () => link, place: () => place, page }),
    async credentials() {
      // Until it is known whose data this page may open, there are none.
      await call('ping', undefined);
      const token = await book.token();
      return { account: place?.account ?? publicAccount, ...(token !== undefined && { token }) };
    },
    get mode() {
      return workers.mode;
    },
    close,
  };
}

function signedOut(): ExaError {
  return new ExaError('refused', 'Sign in to see this.', { facts: { status: 401 } });
}

/** The client's verbs over a link. `explained` words the failures of questions. */
export function clientOver(
  link: Pick<Link, 'call'>,
  explained: (error: ExaError) => ExaError = (error) => error,
): DataClient {
  const client: Omit<DataClient, 'arrays'> = {
    fits: fitClientOver(link),
    status(observer) {
      const { signal, stop } = lifetime();
      link.call('status', undefined, { signal, next: (value) => observer.next(value) }).catch(() => {});
      return stop;
    },
    datasets: (observer) => watch(observer, (options) => link.call('datasets', undefined, options)),
    head: (dataset, observer) => watch(observer, (options) => link.call('head', { dataset }, options)),
    subscribe(question, observer) {
      const { signal, stop } = lifetime();
      link
        .call(
          'subscribe',
          { question },
          {
            signal,
            next(event) {
              if (signal.aborted) return;
              if (event.kind === 'answer') observer.next({ bytes: event.bytes, coverage: event.coverage });
              else if (event.kind === 'progress') observer.progress?.(event.done);
              else observer.failed?.(explained(fromWireError(event.error)));
            },
          },
        )
        .catch((error: unknown) => {
          if (!signal.aborted) observer.failed?.(explained(toExaError(error)));
        });
      return stop;
    },
    ask(question, { signal } = {}) {
      return new Promise<Answer>((resolve, reject) => {
        const life = new AbortController();
        let best: Answer | undefined;
        const settle = (act: () => void) => {
          if (life.signal.aborted) return;
          signal?.removeEventListener('abort', onAbort);
          life.abort();
          act();
        };
        const onAbort = () => settle(() => reject(cancelled()));
        if (signal?.aborted) return onAbort();
        signal?.addEventListener('abort', onAbort, { once: true });
        const fail = (error: ExaError) => {
          const answer = best;
          if (answer && isExaError(error, 'offline')) settle(() => resolve(answer));
          else settle(() => reject(error));
        };
        link
          .call(
            'subscribe',
            { question },
            {
              signal: life.signal,
              next(event) {
                if (event.kind === 'failed') fail(fromWireError(event.error));
                if (event.kind !== 'answer') return;
                const answer: Answer = { bytes: event.bytes, coverage: event.coverage };
                best = answer;
                if (event.final) settle(() => resolve(answer));
              },
            },
          )
          .catch((error: unknown) => fail(toExaError(error)));
      });
    },
    async brush(request, options = {}) {
      const [parts, { openBrush }] = await Promise.all([
        link.call('brush', { request }, { signal: options.signal }),
        import('./brush.ts'),
      ]);
      return openBrush(request, parts);
    },
    keep: keepOver(link, () => client),
    async exportOutlook({ what }, { signal } = {}) {
      if (what.kind === 'rows') {
        const { outlookOfRows } = await import('./export-client.ts');
        return outlookOfRows(link, what, (question) => client.ask(question, { signal }), signal);
      }
      const { coverage, bytes } = what.kind === 'table' ? what : await client.ask(what, { signal });
      const { blocks, blocksTotal } = coverage;
      return { rows: 0, bytes: bytes.byteLength, blocks, blocksTotal, order: 'asked' };
    },
    async export({ what, columns }, options) {
      const { exportRows, exportTable } = await import('./export-client.ts');
      if (what.kind === 'rows') return exportRows(link, { what, columns }, options);
      if (what.kind === 'table') return exportTable({ what, columns }, options);
      const answer = await client.ask(what, { signal: options.signal });
      return exportTable({ what: { kind: 'table', ...answer }, columns }, options);
    },
    write(change) {
      let onKept = () => {};
      let onLost = (_: unknown) => {};
      const kept = new Promise<void>((resolve, reject) => {
        onKept = resolve;
        onLost = reject;
      });
      const stored: Promise<Receipt> = link.call(
        'write',
        { change, key: randomKey() },
        { next: () => onKept() },
      );
      stored.then(onKept, onLost);
      kept.catch(() => {});
      stored.catch(() => {});
      return { kept, stored };
    },
    bringAlong(dataset, whole, observer) {
      const { signal, stop } = lifetime();
      link
        .call('bringAlong', { dataset, whole }, { signal, next: (share) => observer.next(share) })
        .catch((error: unknown) => {
          if (!signal.aborted) observer.failed?.(explained(toExaError(error)));
        });
      return stop;
    },
    storage: () => link.call('storage', undefined),
    forget: (dataset) => link.call('forget', { dataset }),
    drop: (dataset) => link.call('drop', { dataset }),
    retry() {
      link.call('retry', undefined).catch(() => {});
    },
  };
  return { ...client, arrays: arrayClientOver(link, client.write) };
}

/** A coordinator on this thread. */
function coordinatorHere(place: CoordinatorPlace): Wire {
  const { port1, port2 } = new MessageChannel();
  const opened = import('./open-coordinator.ts').then(({ openCoordinator }) => openCoordinator(place));
  opened.then(
    (coordinator) => coordinator.attach(wireOf(port2)),
    () => {},
  );
  const wire = wireOf(port1);
  return {
    ...wire,
    close() {
      wire.close();
      opened.then(
        (coordinator) => coordinator.close(),
        () => {},
      );
    },
  };
}

/** Takes a lock for as long as this page lives: when it is free, the page is gone, however it went. */
async function holdTabLock(): Promise<string | undefined> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const name = `exanalytics tab ${randomKey()}`;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise<void>(() => {});
      })
      .catch(() => resolve(undefined));
  });
}
