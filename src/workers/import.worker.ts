import { openLocalStore } from '../storage/local-store.ts';
import { localName } from './account-place.ts';
import { importHandlers } from './import-handlers.ts';
import { serve, wireOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(wireOf(self), importHandlers({ openLocal: (account) => openLocalStore({ name: localName(account) }) }));
