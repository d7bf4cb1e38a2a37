import workerUrl from './data.worker.ts?worker&url';

declare const SharedWorker:
  | (new (
      url: URL,
      options: { type: 'module'; name: string },
    ) => {
      readonly port: MessagePort;
      onerror: ((event: Event) => void) | null;
    })
  | undefined;

/** Where the script of every data worker is, and whether this page may start workers from there. */
const home = new URL(workerUrl, import.meta.url);

/** Whether a page at `page` may start workers from `script` itself: only from its own origin. */
export function isOwnScript(script: URL, page: string | undefined): boolean {
  return page === undefined || script.origin === page || script.protocol === 'blob:';
}

const own = isOwnScript(home, globalThis.location?.origin);

/** A SharedWorker, which a page of another origin cannot have. Throws where the browser forbids it. */
export function sharedDataWorker(name: string): InstanceType<NonNullable<typeof SharedWorker>> {
  if (!own || typeof SharedWorker === 'undefined')
    throw new Error('This page cannot share a worker with the others of its origin.');
  return new SharedWorker(home, { type: 'module', name });
}

/**
 * A worker of this page; with a name it coordinates. From another origin a browser starts none, but a blob of this page
 * may import the script, where its policy lets it (`worker-src blob:`). Throws where the browser forbids it.
 */
export function dataWorker(name?: string): Worker {
  const options: WorkerOptions = { type: 'module', ...(name === undefined ? {} : { name }) };
  if (own) return new Worker(home, options);
  const blob = new Blob([`import ${JSON.stringify(home.href)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, options);
  // Its script is read by then, or never.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}
