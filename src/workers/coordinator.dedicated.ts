import { openCoordinator } from './open-coordinator.ts';
import { wireOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The worker's name is JSON `[storeUrl, generation]`. The page sends the port it will talk over. */
const [storeUrl] = JSON.parse(self.name) as [string, number];
const ready = openCoordinator(storeUrl);

self.onmessage = (event: MessageEvent<{ readonly port: MessagePort }>) => {
  const { port } = event.data;
  void ready.then((coordinator) => coordinator.attach(wireOf(port)));
};
