import { openLocalStore } from '../storage/local-store.ts';
import { importHandlers } from './import-handlers.ts';
import { localDatabaseName } from './local-database-name.ts';
import { serve, wireOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(wireOf(self), importHandlers({ openLocal: () => openLocalStore({ name: localDatabaseName }) }));
