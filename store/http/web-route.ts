import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ExaError } from '../../src/protocol/errors.ts';
import { byteLru } from '../byte-lru.ts';
import { chooseEncoding, type Encoding, encodeBody } from './encoding.ts';
import { contentSecurityPolicy, framePolicy, pagePolicy } from './guard.ts';
import { joinVary, matches } from './send.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** What is compressed already. */
const packed = new Set(['.png', '.ico', '.woff2']);

interface WebFile {
  readonly path: string;
  readonly etag: string;
}

/**
 * Serves the built workbench: files under `assets/` carry a hash in their name and never change; the rest (`index.html`,
 * the service worker, the manifest) is asked about each time. Any other address a browser navigates to is the workbench,
 * which knows its own routes. A missing asset is 404: a page must never be taken for a script.
 */
export function webRoute(app: FastifyInstance, webRoot: string, allowOrigin: readonly string[] = []): void {
  const embedded = framePolicy(allowOrigin);
  const embedRoot = join(webRoot, 'embed') + sep;
  const policies = new Map<string, string>();
  const encodedFiles = byteLru<{ body: Uint8Array; encoding: Encoding }>(64 * 2 ** 20);

  /** What the file may do; a page with scripts in itself names them. */
  async function policyOf({ path, etag }: WebFile): Promise<string> {
    if (path.startsWith(embedRoot)) return embedded;
    if (extname(path) !== '.html') return contentSecurityPolicy;
    const key = `${etag} ${path}`;
    const known = policies.get(key) ?? pagePolicy(await readFile(path, 'utf8'));
    policies.set(key, known);
    return known;
  }

  async function send(request: FastifyRequest, reply: FastifyReply, file: WebFile): Promise<FastifyReply> {
    const extension = extname(file.path);
    const immutable = file.path.startsWith(join(webRoot, 'assets') + sep);
    reply
      .header('content-type', types[extension] ?? 'application/octet-stream')
      .header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('vary', joinVary(reply, 'Accept-Encoding'))
      .header('content-security-policy', await policyOf(file))
      .header('etag', file.etag);
    if (matches(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
    const encoding = packed.has(extension) ? 'identity' : chooseEncoding(request.headers['accept-encoding']);
    const key = `${encoding} ${file.etag} ${file.path}`;
    let encoded = encodedFiles.get(key);
    if (!encoded) {
      encoded = await encodeBody(await readFile(file.path), encoding);
      encodedFiles.set(key, encoded, encoded.body.byteLength);
    }
    if (encoded.encoding !== 'identity') reply.header('content-encoding', encoded.encoding);
    return reply.send(Buffer.from(encoded.body.buffer, encoded.body.byteOffset, encoded.body.byteLength));
  }

  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = readPath(request.url);
    if (path === '/api' || path.startsWith('/api/'))
      throw new ExaError(
        'missing',
        `The store has no address ${path}; /api/openapi.json lists those it has.`,
      );
    const file = await find(webRoot, path === '/' ? '/index.html' : path);
    if (file) return send(request, reply, file);
    const navigates = (request.headers.accept ?? '').includes('text/html');
    const page = navigates && extname(path) === '' && !path.startsWith('/assets/');
    const index = page ? await find(webRoot, '/index.html') : undefined;
    if (index) return send(request, reply, index);
    if (page)
      throw new ExaError(
        'missing',
        'The workbench is not built yet: run npm run build, then reload this page.',
      );
    throw new ExaError('missing', `There is nothing at ${path}.`);
  });
}

/** The path of an address, decoded. Throws `missing` for one that cannot be a file's. */
function readPath(url: string): string {
  try {
    const path = decodeURIComponent(url.split(/[?#]/)[0]!);
    if (!path.includes('\0') && !path.includes('\\')) return path;
  } catch {
    // Not decodable: falls through to the same answer.
  }
  throw new ExaError('missing', 'There is nothing at this address.');
}

/** The file at `path` under `root`, or undefined; never one outside of it. */
async function find(root: string, path: string): Promise<WebFile | undefined> {
  const full = normalize(join(root, path));
  if (!full.startsWith(root + sep)) return undefined;
  const found = await stat(full).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { path: full, etag: `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"` };
}
