import type { FastifyRequest } from 'fastify';
import { type Scope, scopeOf } from '../scope/scope.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether somebody who is not signed in may ask, too. */
    readonly open?: boolean;
  }
}

/** Who asks, as far as the store knows, and what they may see. */
export interface Caller {
  readonly scope: Scope;
  /** Undefined for somebody without an account. */
  readonly user?: string;
  readonly name?: string;
  /** When their rights end, in ms since 1970. */
  readonly expires?: number;
  /** Let in by a token, which may let see less than the person may. */
  readonly hasToken?: boolean;
  /** Somebody who must sign in first: only routes that are open to everybody let them through. */
  readonly isNobody?: boolean;
  /** Whether those rights were taken back since. */
  isRevoked?(): boolean;
}

/** Finds out who asks. Throws `refused` (with `facts.status` 401) for credentials that are missing or do not hold. */
export type Callers = (request: FastifyRequest) => Caller | Promise<Caller>;

/** Where there are no accounts everybody (on this machine) is the same, and may do everything. */
export const everybody: Caller = { scope: scopeOf([], { open: true }) };

/** Somebody of whom nothing is known: they see nothing. */
export const nobody: Caller = {
  scope: scopeOf([[{ datasets: {}, arrays: [], gadgets: [], workspaces: [], role: 'reader' }]]),
  isNobody: true,
};

const known = new WeakMap<FastifyRequest, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  known.set(request, caller);
}

/** Who asks, as far as it is known yet. */
export function callerIfKnown(request: FastifyRequest): Caller | undefined {
  return known.get(request);
}

/** Who asks, found out before the route began. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = known.get(request);
  if (!caller) throw new Error(`Nobody asked who sent ${request.url}.`);
  return caller;
}
