import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ExaError } from '../../src/protocol/errors.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a host name or address is this machine itself. */
export function isLoopback(host: string): boolean {
  return loopback.has(host.toLowerCase()) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/**
 * What pages of other sites may not do: every request must name this machine, the store's own `url` or a host of
 * `allowOrigin` as its host (a page whose name was re-pointed at this machine does not), and an `Origin`
 * must be the host itself or in `allowOrigin` (exact origins, such as `https://portal.example`).
 * Answers the preflight requests of allowed origins.
 */
export function guard(
  app: FastifyInstance,
  { allowOrigin, url, accounts }: { allowOrigin: readonly string[]; url?: string; accounts: boolean },
): void {
  const allowed = new Set(allowOrigin);
  const own = url === undefined ? [] : [url];
  const named = [...allowOrigin, ...own].filter((origin) => origin !== 'null');
  const hosts = new Set(named.map((origin) => new URL(origin).host));

  app.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host ?? '';
    if (!isLoopback(nameOf(host)) && !hosts.has(host))
      throw new ExaError(
        'refused',
        accounts
          ? `The store does not answer to the name “${host}”: start it with --url and the address it is reached at.`
          : `The store has no accounts and answers this machine only, not “${host}”: start it with --allow-origin to let a site in.`,
        { facts: { host } },
      );
    const { origin } = request.headers;
    // Also where none was sent: what a browser keeps of our own page must not stand for what a portal asks.
    const isForeign = origin !== undefined && !isSame(origin, request);
    if (allowed.size > 0 || isForeign) reply.header('vary', 'Origin');
    if (!isForeign) return;
    if (!allowed.has(origin))
      throw new ExaError(
        'refused',
        `Pages of ${origin} may not use this store: start it with --allow-origin ${origin} to let them.`,
        { facts: { origin } },
      );
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', 'ETag, Exa-Checksum, Exa-Coverage, WWW-Authenticate');
    reply.header('cross-origin-resource-policy', 'cross-origin');
    // renderJS reads a gadget's page with the visitor's cookies; these pages are the same for everybody.
    if (request.url.startsWith('/embed/')) reply.header('access-control-allow-credentials', 'true');
    if (request.method !== 'OPTIONS') return;
    reply.header('access-control-allow-methods', 'GET, HEAD, POST, PUT, DELETE');
    reply.header(
      'access-control-allow-headers',
      'Accept, Authorization, Content-Type, Exa-Request, Idempotency-Key, If-None-Match, Last-Event-ID, Range',
    );
    reply.header('access-control-max-age', '600');
    return reply.code(204).send();
  });
}

/** Whether the caller is elsewhere: another machine, or behind a proxy that says so. */
export function isRemote({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): boolean {
  if (
    headers['x-forwarded-for'] !== undefined ||
    headers.forwarded !== undefined ||
    headers.via !== undefined
  )
    return true;
  return !isLoopback((ip ?? '').replace(/^::ffff:/, ''));
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

function isSame(origin: string, request: FastifyRequest): boolean {
  return origin === `http://${request.headers.host}` || origin === `https://${request.headers.host}`;
}

/**
 * The policy of the workbench's own pages: nothing from elsewhere. Plotly writes style elements, so styles may be
 * inline; workers may be blobs; WebAssembly may be compiled.
 */
const policy = (frameAncestors: string, scripts: readonly string[] = []): string =>
  [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scripts.map((hash) => `'${hash}'`)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');

export const contentSecurityPolicy: string = policy("'self'");

/** The same for a page that has scripts in itself: those and no others run. */
export function pagePolicy(html: string): string {
  const inside = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inside.map(([, code]) => `sha256-${createHash('sha256').update(code!).digest('base64')}`);
  return policy("'self'", hashes);
}

/** The policy of the pages that portals put in an iframe: the same, but allowed origins may hold them. */
export function framePolicy(allowOrigin: readonly string[]): string {
  const origins = allowOrigin.filter((origin) => origin !== 'null');
  return policy(["'self'", ...origins].join(' '));
}
