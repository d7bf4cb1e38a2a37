import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A portal on an origin of its own: its pages by path, under a policy. */
export interface PortalSite {
  readonly url: string;
  /** Puts a page there. */
  page(path: string, html: string, policy?: string): void;
  stop(): Promise<void>;
}

/** The policy that docs/embed.md gives, for a store. */
export function strictPolicy(store: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${store} 'unsafe-inline' 'wasm-unsafe-eval'`,
    `connect-src 'self' ${store}`,
    `worker-src blob: ${store}`,
    `style-src 'self' 'unsafe-inline' ${store}`,
    "img-src 'self' data: blob:",
    `frame-src ${store} data:`,
  ].join('; ');
}

/** Starts a portal on a free port of this machine, under the name `localhost` or its number. */
export async function startPortal(host = '127.0.0.1'): Promise<PortalSite> {
  const pages = new Map<string, { html: string; policy: string | undefined }>();
  const server = createServer((request, response) => {
    const found = pages.get(new URL(request.url ?? '/', 'http://portal').pathname);
    if (!found) return response.writeHead(404).end();
    const policy = found.policy === undefined ? {} : { 'content-security-policy': found.policy };
    return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...policy }).end(found.html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    page(path, html, policy) {
      pages.set(path, { html, policy });
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
