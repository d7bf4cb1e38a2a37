// A portal's tiny server: files of a folder under a policy, and /token, which its own key signs for its own user.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.properties': 'text/plain; charset=utf-8',
};

/** What a portal's policy must let through, and no more: see docs/embed.md. */
export function policyFor(store) {
  return [
    "default-src 'none'",
    `script-src 'self' ${store} 'wasm-unsafe-eval'`,
    `connect-src 'self' ${store}`,
    `worker-src blob: ${store}`,
    `style-src 'self' 'unsafe-inline' ${store}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `frame-src ${store}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * Serves `folder` (a file: URL) on 127.0.0.1. Options of the command line: --port, --store, --key FILE (what `exanalytics token
 * --new-key FILE` made), --audience, --minutes. `rights`: the claim `exa` of its tokens. `find(path)`: further files, as
 * `{ type, body }`. In pages STORE stands for the store's origin.
 */
export function servePortal({ folder, rights = {}, policy = policyFor, find }) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8091' },
      store: { type: 'string', default: 'http://127.0.0.1:8090' },
      key: { type: 'string' },
      audience: { type: 'string', default: 'exanalytics' },
      minutes: { type: 'string', default: '10' },
    },
  });
  const store = new URL(values.store).origin;
  const root = fileURLToPath(folder);
  const secret = values.key && Buffer.from(readFileSync(values.key, 'utf8').trim(), 'base64url');

  const answer = async (path) => {
    // Who asks: here always Eve; a portal looks at its own session.
    if (path === '/token' && secret) return { type: 'text/plain', body: await tokenFor('eve') };
    if (path === '/token') return { type: 'text/plain', body: '' };
    const name = normalize(path === '/' ? '/index.html' : path);
    const file = join(root, name);
    const type = types[extname(file)];
    if (type && existsSync(file) && statSync(file).isFile() && !name.includes('node_modules'))
      return { type, body: readFileSync(file, 'utf8').replaceAll('STORE', store) };
    return find?.(name);
  };

  const tokenFor = (user) =>
    new SignJWT({ exa: rights })
      .setProtectedHeader({ alg: 'HS256', kid: 'portal' })
      .setSubject(user)
      .setAudience(values.audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000 + 60 * Number(values.minutes)))
      .sign(secret);

  createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://portal').pathname).then(
      (found) => {
        if (!found) return response.writeHead(404).end();
        const headers = { 'content-type': found.type, 'cache-control': 'no-store' };
        if (found.type.startsWith('text/html')) headers['content-security-policy'] = policy(store);
        return response.writeHead(200, headers).end(found.body);
      },
      (error) => response.writeHead(500).end(String(error)),
    );
  }).listen(Number(values.port), '127.0.0.1', function () {
    console.log(`The portal is at http://127.0.0.1:${this.address().port}`);
  });
}
