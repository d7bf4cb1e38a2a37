import { blobWorker } from './blob-worker.ts';
import workerUrl from './data.worker.ts?worker&url';
import type { EarlyWorker } from './early-worker.ts';

interface SharedWorkerLike {
  readonly port: MessagePort;
  onerror: ((event: Event) => void) | null;
}

declare const SharedWorker:
  | (new (
      url: URL | string,
      options: { type: 'module'; name: string },
    ) => SharedWorkerLike)
  | undefined;

/** A worker of all tabs that the head of `index.html` started beside the page's scripts. */
interface StartedAhead {
  readonly name: string;
  readonly worker: SharedWorkerLike;
  readonly hasFailed: boolean;
}

declare global {
  /** null: it was taken, or comes too late. */
  var exanalyticsCoordinator: StartedAhead | null | undefined;
}

/** One way to start data workers in this page. Either throws where the browser forbids it. */
export interface WorkerPlace {
  /** Whether tabs of this origin can share one. */
  readonly canShare: boolean;
  dedicated(): Worker;
  shared(name: string): SharedWorkerLike;
}

/** Where the script of every data worker is. */
const home = new URL(workerUrl, import.meta.url);

/** Whether a page at `page` may start workers from `script` itself: only from its own origin. */
export function isOwnScript(script: URL, page: string | undefined): boolean {
  return page === undefined || script.origin === page || script.protocol === 'blob:';
}

/**
 * Ways to start data workers in this page, best first. From another origin a browser starts none, but a copy under the page's own
 * may be (`copy`, the whole address of what serves our script or imports it), and a blob of the page may import the script, where its policy
 * lets it (`worker-src blob:`): the first of those may have started (`early`).
 */
export function workerPlaces(copy?: string, early?: EarlyWorker): readonly WorkerPlace[] {
  const page = globalThis.location;
  const places: WorkerPlace[] = [];
  if (copy !== undefined && isOwnScript(new URL(copy), page?.origin)) places.push(scriptPlace(new URL(copy)));
  places.push(isOwnScript(home, page?.origin) ? scriptPlace(home) : blobPlace(early));
  return places;
}

function scriptPlace(script: URL): WorkerPlace {
  return {
    canShare: typeof SharedWorker !== 'undefined',
    dedicated: () => new Worker(script, { type: 'module' }),
    shared(name) {
      if (typeof SharedWorker === 'undefined') throw new Error('This browser shares no workers.');
      return takeAhead(name) ?? new SharedWorker(script, { type: 'module', name });
    },
  };
}

/** The worker started ahead, once, if it has that name. */
function takeAhead(name: string): SharedWorkerLike | undefined {
  const ahead = globalThis.exanalyticsCoordinator;
  globalThis.exanalyticsCoordinator = null;
  if (ahead?.name === name && !ahead.hasFailed) return ahead.worker;
  ahead?.worker.port.close();
  return undefined;
}

function blobPlace(early: EarlyWorker | undefined): WorkerPlace {
  let started = early;
  return {
    canShare: false,
    dedicated() {
      const first = started?.take();
      started = undefined;
      return first ?? blobWorker(home.href);
    },
    shared() {
      throw new Error('A blob is of one page alone.');
    },
  };
}
