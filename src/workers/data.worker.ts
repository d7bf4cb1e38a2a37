import type { CoordinatorPlace } from './account-place.ts';
import { computeHandlers } from './compute.ts';
import { openCoordinator } from './open-coordinator.ts';
import { serve, wireOf } from './rpc.ts';

/**
 * The script of every data worker, fetched once for all of them. A SharedWorker coordinates for all tabs; a dedicated
 * worker with a name coordinates for its tab; one without computes.
 */
declare const self: SharedWorkerGlobalScope | DedicatedWorkerGlobalScope;

/** A coordinator's name is its place in JSON: one a store and account, and another when one falls silent. */
function coordinate(name: string): (port: MessagePort) => void {
  const ready = openCoordinator(JSON.parse(name) as CoordinatorPlace);
  // A port keeps its messages until somebody listens.
  return (port) => void ready.then((coordinator) => coordinator.attach(wireOf(port)));
}

if ('onconnect' in self) {
  const attach = coordinate(self.name);
  self.onconnect = (event) => attach(event.ports[0]!);
} else {
  // The page sends the port to be listened to: its own, or one whose other end it lends to the coordinator.
  const attach = self.name
    ? coordinate(self.name)
    : (port: MessagePort) => void serve(wireOf(port), computeHandlers());
  self.onmessage = (event: MessageEvent<{ readonly port: MessagePort }>) => attach(event.data.port);
}
