import { loadChecksum } from '../arrow/checksum.ts';
import type { CoordinatorPlace } from './account-place.ts';
import { build } from './build.ts';
import { computeHandlers } from './compute.ts';
import { openCoordinator } from './open-coordinator.ts';
import { serve, wireOf } from './rpc.ts';
import { readSharedName, type WorkerOrder } from './worker-order.ts';

/**
 * The script of every data worker, fetched once for all of them. A SharedWorker coordinates for all tabs, at the place that its
 * name is; a dedicated worker coordinates for its tab or computes, as the first message says.
 */
declare const self: SharedWorkerGlobalScope | DedicatedWorkerGlobalScope;

/** A coordinator's place in JSON: one a store and account, and another when one falls silent. */
function coordinate(place: string): (port: MessagePort) => void {
  const coordinator = openCoordinator(JSON.parse(place) as CoordinatorPlace);
  return (port) => coordinator.attach(wireOf(port));
}

if ('onconnect' in self) {
  const { build: wanted, place } = readSharedName(self.name);
  // A copy of this script under a page's own origin may be newer than the page: then the page does without.
  if (wanted !== build) throw new Error('This worker is of another build than the page that asks for it.');
  const attach = coordinate(place);
  self.onconnect = (event) => attach(event.ports[0]!);
  // A browser takes long to find its locales the first time in a process, and pages need them to draw: while storage opens, it
  // is done here, beside the page's own work.
  Intl.NumberFormat.supportedLocalesOf('en');
} else {
  self.onmessage = ({ data: { port, place } }: MessageEvent<WorkerOrder>) => {
    if (place === undefined) serve(wireOf(port), computeHandlers());
    else coordinate(place)(port);
  };
  // From here on, what goes wrong is no matter of how it was started.
  self.postMessage(build);
  // Every page is checked: the code for it is there when the first one is read.
  loadChecksum().catch(() => {});
}
