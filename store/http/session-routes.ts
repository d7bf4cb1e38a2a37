import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountSession } from '../../src/protocol/account.ts';
import { publicAccount } from '../../src/protocol/account.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import { cookieOf, sessionCookie, sessionOf } from '../access/callers.ts';
import type { Departure, SignIn } from '../access/oidc.ts';
import type { Revocations } from '../access/revocations.ts';
import { type Seal, sealSession } from '../access/session-cookie.ts';
import { publicScope } from '../scope/scope.ts';
import type { Caller } from './caller.ts';
import { strict } from './schema-parts.ts';
import { sendJson } from './send.ts';
import type { StoreContext } from './store-context.ts';

/** What a store with accounts has for people. */
export interface Accounts {
  readonly seal: Seal;
  readonly revocations: Revocations;
  readonly signIn?: SignIn;
  /** Hours a sign-in lasts. */
  readonly hours: number;
  /** Address under which browsers reach the store; else the request's own. */
  readonly url?: string;
}

const departureCookie = 'exa_sign_in';
const departureMs = 10 * 60_000;
const hourMs = 3_600_000;

const names = Type.Union([Type.Literal('*'), Type.Array(Type.String())]);
export const sessionSchema = Type.Object({
  user: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  account: Type.String(),
  scope: Type.String(),
  open: Type.Boolean(),
  role: Type.String(),
  cache: Type.String(),
  gadgets: names,
  workspaces: names,
  expires: Type.Optional(Type.Number()),
  signIn: Type.Optional(Type.String()),
  canSignOut: Type.Boolean(),
});

/** `GET /session`, `GET /sign-in`, `GET /sign-in/callback`, `POST /sign-out`, `POST /revocations`. */
export function sessionRoutes(
  app: FastifyInstance,
  { reach, accounts }: Pick<StoreContext, 'reach'> & { readonly accounts: Accounts | undefined },
): void {
  const open = { open: true };

  app.get(
    '/session',
    {
      config: open,
      schema: {
        operationId: 'session',
        tags: ['accounts'],
        summary: 'Who the store takes the asker for, and how to sign in.',
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const session = await sessionSeen(request, reach(request).caller, accounts);
      return sendJson(request, reply, session, { cache: 'no-store' });
    },
  );
  if (!accounts) return;
  const { seal, revocations, signIn } = accounts;

  app.get<{ Querystring: { to?: string } }>(
    '/sign-in',
    {
      config: open,
      schema: {
        operationId: 'signIn',
        tags: ['accounts'],
        summary: 'Sends a browser to the sign-in service.',
        querystring: Type.Object({ to: Type.Optional(Type.String({ maxLength: 2000 })) }),
        response: { 302: Type.Null({ description: 'To the sign-in service.' }) },
      },
    },
    async (request, reply) => {
      if (!signIn)
        throw new ExaError('missing', 'This store has no sign-in: a proxy or a portal says who asks.');
      const { url, departure } = await signIn.begin(callbackOf(request, accounts));
      const claims = { ...departure, to: ownPath(request.query.to) };
      const sealed = await seal.seal(claims, 'sign-in', Date.now() + departureMs);
      setCookie(request, reply, accounts, departureCookie, sealed, departureMs);
      return reply.header('cache-control', 'no-store').redirect(url, 302);
    },
  );

  app.get(
    '/sign-in/callback',
    {
      config: open,
      schema: {
        operationId: 'signedIn',
        tags: ['accounts'],
        summary: 'Where the sign-in service sends a browser back.',
        response: { 302: Type.Null({ description: 'To where the person was.' }) },
      },
    },
    async (request, reply) => {
      const begun = await seal.open(cookieOf(request, departureCookie) ?? '', 'sign-in');
      if (!signIn || !begun)
        throw new ExaError(
          'refused',
          'This sign-in was not begun in this browser, or too long ago: begin again.',
        );
      const url = new URL(callbackOf(request, accounts));
      url.search = new URL(request.url, url).search;
      const person = await signIn.finish(url, begun as unknown as Departure);
      const session = await sealSession(seal, person, Date.now() + accounts.hours * hourMs);
      setCookie(request, reply, accounts, departureCookie, '', 0);
      setCookie(request, reply, accounts, sessionCookie, session, accounts.hours * hourMs);
      return reply.header('cache-control', 'no-store').redirect(ownPath(begun.to), 302);
    },
  );

  app.post(
    '/sign-out',
    {
      config: open,
      schema: {
        operationId: 'signOut',
        tags: ['accounts'],
        summary: 'Ends the session of this browser.',
        response: { 204: Type.Null({ description: 'It has ended.' }) },
      },
    },
    async (request, reply) => {
      const signedIn = await sessionOf(request, seal);
      if (signedIn) await revocations.revoke(signedIn.jti, signedIn.expires);
      setCookie(request, reply, accounts, sessionCookie, '', 0);
      return reply.header('clear-site-data', '"cache"').header('cache-control', 'no-store').code(204).send();
    },
  );

  app.post<{ Body: { jti: string; until?: number } }>(
    '/revocations',
    {
      schema: {
        operationId: 'revoke',
        tags: ['accounts'],
        summary: 'Takes a token back before its time.',
        body: Type.Object(
          {
            jti: Type.String({ minLength: 1, maxLength: 200 }),
            until: Type.Optional(
              Type.Integer({
                minimum: 0,
                description: 'When it ends anyway, in seconds since 1970; a day from now.',
              }),
            ),
          },
          strict,
        ),
        response: { 204: Type.Null({ description: 'It counts no more, also where it is in use.' }) },
      },
    },
    async (request, reply) => {
      reach(request).scope.mustAdminister('take tokens back');
      const { jti, until } = request.body;
      await revocations.revoke(jti, until === undefined ? Date.now() + 24 * hourMs : until * 1000);
      return reply.code(204).send();
    },
  );
}

/** Whom the store takes the asker for. */
export async function sessionSeen(
  request: FastifyRequest,
  caller: Caller,
  accounts: Accounts | undefined,
): Promise<AccountSession> {
  const signedIn = accounts && (await sessionOf(request, accounts.seal));
  return {
    ...(caller.user !== undefined && { user: caller.user }),
    ...(caller.name !== undefined && { name: caller.name }),
    account: accountOf(caller),
    scope: caller.scope.hash,
    open: !caller.isNobody,
    role: caller.scope.role,
    cache: caller.scope.cache,
    gadgets: caller.scope.gadgets,
    workspaces: caller.scope.workspaces,
    ...(caller.expires !== undefined && { expires: caller.expires }),
    ...(accounts?.signIn && { signIn: '/api/sign-in' }),
    canSignOut: signedIn !== undefined && caller.user === signedIn.user,
  };
}

/**
 * One name for what a browser keeps of this person. Tokens of one person may differ in what they let see, and be used on
 * one page: each is kept apart.
 */
function accountOf({ user, scope, isNobody, hasToken }: Caller): string {
  if (scope.hash === publicScope) return publicAccount;
  if (isNobody) return 'nobody';
  return createHash('sha256')
    .update(JSON.stringify([user ?? null, ...(hasToken ? [scope.hash, scope.cache] : [])]))
    .digest('base64url')
    .slice(0, 22);
}

function callbackOf(request: FastifyRequest, { url }: Accounts): string {
  return `${url ?? `http://${request.headers.host}`}/api/sign-in/callback`;
}

/** A path of this site: never another site's, however it is written. */
export function ownPath(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(to) ? to : '/';
}

function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { url }: Accounts,
  name: string,
  value: string,
  ms: number,
): void {
  const secure = (url ?? '').startsWith('https:') || request.protocol === 'https' ? '; Secure' : '';
  const cookie = `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(ms / 1000)}${secure}`;
  const before = reply.getHeader('set-cookie');
  const all = before === undefined ? [] : Array.isArray(before) ? before : [String(before)];
  reply.header('set-cookie', [...all, cookie].length === 1 ? cookie : [...all, cookie]);
}
