import type { FastifyRequest } from 'fastify';
import type { BatchSources } from '../batch.ts';
import { arrayTables } from '../drivers/array-tables.ts';
import type { ChunkDriver } from '../drivers/chunk-driver.ts';
import type { TableDriver } from '../drivers/table-driver.ts';
import type { RequestLog } from '../request-log.ts';
import type { Scope } from '../scope/scope.ts';
import { scopedArrays } from '../scope/scoped-arrays.ts';
import { type ScopedTables, scopedTables } from '../scope/scoped-driver.ts';
import { seenBook } from '../scope/seen-blocks.ts';
import type { VersionRing } from '../version-ring.ts';
import { type Caller, callerOf } from './caller.ts';

/** What a request may reach: tables and arrays as its caller sees them, for as long as the request takes. */
export interface Reach {
  readonly caller: Caller;
  readonly scope: Scope;
  readonly driver: ScopedTables;
  /** Throws `missing` where the store has no arrays. */
  readonly arrays: ChunkDriver;
}

/** What the routes work with. They have no other door to the data than {@link StoreContext.reach}. */
export interface StoreContext extends Omit<BatchSources, 'driver'> {
  reach(request: FastifyRequest): Reach;
  readonly ring: VersionRing;
  readonly log?: RequestLog;
  /** Release of the store, for people and `/api/health`. */
  readonly release: string;
  /** Reports what only the operator can mend. */
  warn(sentence: string): void;
}

/** The one way from a request to data: after the scope of whoever sent it. */
export function reachOf(driver: TableDriver, arrays: ChunkDriver | undefined): StoreContext['reach'] {
  const book = seenBook();
  const withArrayTables = arrayTables();
  return (request) => {
    const caller = callerOf(request);
    const { scope } = caller;
    const tables = scopedTables(driver, scope, book);
    return {
      caller,
      scope,
      driver: arrays
        ? withArrayTables({ tables, arrays: scopedArrays(arrays, scope), scope: scope.hash })
        : tables,
      get arrays(): ChunkDriver {
        if (!arrays) throw new Error('This store was made without arrays.');
        return scopedArrays(arrays, scope);
      },
    };
  };
}
