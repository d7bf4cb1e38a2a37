import type { FastifyRequest } from 'fastify';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Caller, Callers } from '../http/caller.ts';
import { scopeOf } from '../scope/scope.ts';
import type { Access } from './access-file.ts';
import { notSignedIn } from './not-signed-in.ts';
import type { Revocations } from './revocations.ts';
import { openSession, type Seal, type SignedIn } from './session-cookie.ts';
import { tokenCallers } from './tokens.ts';
import { callerFor } from './user-rights.ts';

export const sessionCookie = 'exa_session';

export interface CallerOptions {
  readonly access: Access;
  /** What tokens must be for, unless the access file says. */
  readonly audience: string;
  readonly revocations: Revocations;
  readonly seal: Seal;
  /** A header in which these addresses, and no others, say who asks. */
  readonly proxy?: { readonly header: string; readonly addresses: readonly string[] };
}

/**
 * Who asks, in this order: a token in `Authorization`, a header of a named proxy, the cookie of somebody who signed in
 * (from this site's own pages only), else anybody, where the access file lets anybody.
 */
export function accessCallers({ access, audience, revocations, seal, proxy }: CallerOptions): Callers {
  const byToken = tokenCallers({
    keys: access.keys ?? [],
    audience: access.audience ?? audience,
    revocations,
  });
  const addresses = new Set(proxy?.addresses);
  const header = proxy?.header.toLowerCase();
  return async (request): Promise<Caller> => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      if (token === undefined)
        throw notSignedIn('invalid', 'The Authorization header must be “Bearer” and a token.');
      return await byToken(token);
    }
    const named = header === undefined ? undefined : request.headers[header];
    if (typeof named === 'string' && named !== '') {
      if (!addresses.has(request.ip.replace(/^::ffff:/, '')))
        throw new ExaError(
          'refused',
          `The header ${proxy?.header} counts only from the proxies this store was told of (--proxy).`,
        );
      return callerFor(access, { user: named, groups: [] });
    }
    const signedIn = await sessionOf(request, seal);
    if (signedIn) {
      const { jti, expires } = signedIn;
      const isRevoked = () => revocations.has(jti);
      if (!isRevoked()) return { ...callerFor(access, signedIn), expires, isRevoked };
    }
    if (access.anonymous) return { scope: scopeOf([[{ role: 'reader', ...access.anonymous }]]) };
    throw notSignedIn('none', 'Sign in to use this store.');
  };
}

/** The sealed session in the cookie, where a page of this site (or no page at all) sends it. */
export async function sessionOf(request: FastifyRequest, seal: Seal): Promise<SignedIn | undefined> {
  const text = cookieOf(request, sessionCookie);
  if (text === undefined) return undefined;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!isOwn || site === 'cross-site' || site === 'same-site') return undefined;
  return openSession(seal, text);
}

export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
