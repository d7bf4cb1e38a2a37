import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'web');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** The built workbench on a web server that knows nothing of stores. */
export interface StaticSite {
  readonly url: string;
  /** Addresses asked for that are no file of the workbench. */
  readonly missed: readonly string[];
  /** Bytes of request bodies it was sent. */
  readonly received: number;
  stop(): Promise<void>;
}

/** Serves the built workbench on a free port of this machine. */
export async function startSite(directory = process.env.EXANALYTICS_WEB ?? built): Promise<StaticSite> {
  const missed: string[] = [];
  let received = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.byteLength;
    });
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const file = normalize(path === '/' ? '/index.html' : path);
    readFile(join(directory, file)).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
          .end(body),
      () => {
        missed.push(path);
        response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not found</p>');
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    missed,
    get received() {
      return received;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
