import { publicAccount } from '../protocol/account.ts';
import { ExaError } from '../protocol/errors.ts';
import type { ImportClient, ImportJob, ImportOptions, ImportProgress } from '../protocol/import.ts';
import type { ImportCalls } from '../protocol/import-messages.ts';
import { type Caller, type CallOptions, callerOver, type Wire, wireOf } from './rpc.ts';

/** Effects of {@link openImportClient}. */
export interface ImportClientOptions {
  /** The store's origin, or any address that `/api` follows. */
  readonly storeUrl: string;
  /** Whose imports these are, and the token they carry; everybody's, with none, unless given. */
  readonly account?: () => Promise<{ readonly account: string; readonly token?: string }>;
  /** Asks the browser not to evict what is kept here; told once, before the first import into it. */
  readonly persist?: () => Promise<unknown>;
  /** Starts what parses a file: a worker, unless this browser forbids it. */
  readonly start?: () => Wire;
}

/** Time a worker has to drop what a cancelled import left, in ms. */
const tidyMs = 10_000;

/** Brings files in, each in a worker of its own. */
export function openImportClient(options: ImportClientOptions): ImportClient {
  const {
    storeUrl,
    account = async () => ({ account: publicAccount }),
    start = startWorker,
    persist = async () => {},
  } = options;
  let asked = false;
  return {
    open(file, name): ImportJob {
      let caller: Caller<ImportCalls> | undefined;
      let isClosed = false;
      /** A store that was begun and did not end well may still be tidying up. */
      let mayTidy = false;
      const connect = async (): Promise<Caller<ImportCalls>> => {
        if (isClosed) throw closed();
        if (!caller) {
          const made: Caller<ImportCalls> = callerOver<ImportCalls>(start(), () => {
            if (caller === made) caller = undefined;
          });
          caller = made;
          // Should the worker break, the next call starts another.
          const whose = await account();
          await made.call('open', { file, name, storeUrl, ...whose }).catch((error: unknown) => {
            if (caller === made) caller = undefined;
            throw error;
          });
        }
        return caller;
      };
      const told = ({ signal, progress }: ImportOptions = {}): CallOptions<ImportProgress> => ({
        signal,
        next: progress,
      });
      return {
        preview: async (decisions, options) =>
          (await connect()).call('preview', { decisions }, told(options)),
        difference: async (plan, options) => (await connect()).call('difference', { plan }, told(options)),
        async store(plan, options) {
          if (plan.place === 'here' && !asked) {
            asked = true;
            await persist().catch(() => {});
          }
          const calling = await connect();
          mayTidy = true;
          const done = await calling.call('store', { plan }, told(options));
          mayTidy = false;
          return done;
        },
        close() {
          isClosed = true;
          const ending = caller;
          caller = undefined;
          if (mayTidy) setTimeout(() => ending?.close(closed()), tidyMs);
          else ending?.close(closed());
        },
      };
    },
  };
}

function startWorker(): Wire {
  try {
    return wireOf(new Worker(new URL('./import.worker.ts', import.meta.url), { type: 'module' }));
  } catch {
    return startHere();
  }
}

/** Where workers are forbidden, the page's own thread reads the file. */
function startHere(): Wire {
  const { port1, port2 } = new MessageChannel();
  void Promise.all([
    import('./import-handlers.ts'),
    import('../storage/local-store.ts'),
    import('./account-place.ts'),
    import('./rpc.ts'),
  ]).then(([{ importHandlers }, { openLocalStore }, { localName }, { serve }]) =>
    serve(
      wireOf(port2),
      importHandlers({ openLocal: (account) => openLocalStore({ name: localName(account) }) }),
    ),
  );
  return wireOf(port1);
}

function closed(): ExaError {
  return new ExaError('cancelled', 'The import was closed: nothing of it is stored.');
}
