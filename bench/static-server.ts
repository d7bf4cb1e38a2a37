import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Files and bodies on a free loopback port. */
export interface FileServer {
  readonly origin: string;
  /** Bodies served by path, before any file; as they are, never encoded. */
  readonly bodies: Map<string, Uint8Array>;
  close(): void;
}

/** Serves the files of a directory. */
export async function serveFiles(directory: string): Promise<FileServer> {
  const bodies = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const held = bodies.get(path);
    if (held) {
      response
        .writeHead(200, {
          'content-type': 'application/octet-stream',
          'content-length': held.byteLength,
          'cache-control': 'no-store',
        })
        .end(held);
      return;
    }
    const file = join(directory, path.endsWith('/') ? `${path}index.html` : path);
    readFile(file).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
          .end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page server has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    bodies,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
