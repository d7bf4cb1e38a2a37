/** What the page is told of the kept shell. */
export interface ShellListener {
  /** A new release is ready; `activate` puts it in place and then the page is loaded again. */
  updated(activate: () => void): void;
  /** The shell could not be kept: everything works, but not without the network. */
  failed?(error: unknown): void;
}

/** Parts of the browser's service workers that are used; undefined where a page may have none. */
type Container = Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener'>;

/** Keeps the workbench's own files in this browser. Does nothing where service workers are missing or forbidden. */
export async function registerShell(
  listener: ShellListener,
  container: Container | undefined = globalThis.navigator?.serviceWorker,
  reload: () => void = reloadPage,
): Promise<void> {
  if (!container) return;
  try {
    const registration = await container.register('/sw.js', { updateViaCache: 'none' });
    let isAsked = false;
    const offer = (worker: ServiceWorker) =>
      listener.updated(() => {
        isAsked = true;
        worker.postMessage('activate');
      });
    container.addEventListener('controllerchange', () => {
      if (isAsked) reload();
    });
    if (registration.waiting && container.controller) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        // The very first shell has no page to replace: nobody is told.
        if (worker.state === 'installed' && container.controller) offer(worker);
      });
    });
  } catch (error) {
    listener.failed?.(error);
  }
}

/** This folder compiles without the DOM, where a location cannot reload. */
function reloadPage(): void {
  (globalThis.location as unknown as { reload(): void }).reload();
}
