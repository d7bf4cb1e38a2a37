import type { BatchSources } from '../batch.ts';
import type { RequestLog } from '../request-log.ts';
import type { VersionRing } from '../version-ring.ts';

/** What the routes work with. */
export interface StoreContext extends BatchSources {
  readonly ring: VersionRing;
  readonly log?: RequestLog;
  /** Release of the store, for people and `/api/health`. */
  readonly release: string;
  /** Reports what only the operator can mend. */
  warn(sentence: string): void;
}

/** What a caller without an account may see; part of every page and partial key. */
export const publicScope = 'public';
