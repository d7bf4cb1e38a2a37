import { computeHandlers } from './compute.ts';
import { serve, wireOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The page sends the port whose other end it lends to the coordinator. */
self.onmessage = (event: MessageEvent<{ readonly port: MessagePort }>) => {
  serve(wireOf(event.data.port), computeHandlers());
};
