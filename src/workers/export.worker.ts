import { exportHandlers } from './export-handlers.ts';
import { serve, wireOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(wireOf(self), exportHandlers());
