import { openCoordinator } from './open-coordinator.ts';
import { wireOf } from './rpc.ts';

declare const self: SharedWorkerGlobalScope;

/** The worker's name is JSON `[storeUrl, generation]`: one coordinator a store, and another when one falls silent. */
const [storeUrl] = JSON.parse(self.name) as [string, number];
const ready = openCoordinator(storeUrl);

// A port keeps its messages until somebody listens.
self.onconnect = (event) => {
  const port = event.ports[0]!;
  void ready.then((coordinator) => coordinator.attach(wireOf(port)));
};
