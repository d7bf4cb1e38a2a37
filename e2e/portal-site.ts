import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A portal on an origin of its own: its pages by path, under a policy. */
export interface PortalSite {
  readonly url: string;
  /** Puts a page there. */
  page(path: string, html: string, policy?: string): void;
  /** Puts a script there. */
  script(path: string, text: string): void;
  /** Passes on what is below `path` to `target`, without its policy. */
  pass(path: string, target: string): void;
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

/** The lines of a policy as docs/embed.md gives them, for a store, and nothing else let in. */
export async function documentedPolicy(store: string): Promise<string> {
  const text = await readFile('docs/embed.md', 'utf8');
  const [, lines] = /## Content-Security-Policy[\s\S]*?```\n([\s\S]*?)```/.exec(text) ?? [];
  if (!lines) throw new Error('docs/embed.md gives no policy.');
  return `default-src 'none'; ${lines.replaceAll('STORE', store).replaceAll('\n', ' ')}`;
}

/** Code of docs/embed.md by language, with this store for theirs. */
export async function documentedCode(language: string, store: string): Promise<string[]> {
  const text = await readFile('docs/embed.md', 'utf8');
  const blocks = [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(
    ([, code]) => code!,
  );
  return blocks.map((code) => code.replaceAll('http://127.0.0.1:8090', store));
}

/** Starts a portal on a free port of this machine, under the name `localhost` or its number. */
export async function startPortal(host = '127.0.0.1'): Promise<PortalSite> {
  const pages = new Map<string, { body: string; type: string; policy?: string | undefined }>();
  const passed = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://portal');
    const found = pages.get(pathname);
    const below = [...passed.keys()].find((path) => pathname.startsWith(path));
    if (!found && below !== undefined) {
      const answer = await fetch(passed.get(below) + pathname.slice(below.length));
      const type = answer.headers.get('content-type') ?? 'text/plain';
      response.writeHead(answer.status, { 'content-type': type });
      return response.end(Buffer.from(await answer.arrayBuffer()));
    }
    if (!found) return response.writeHead(404).end();
    const policy = found.policy === undefined ? {} : { 'content-security-policy': found.policy };
    return response
      .writeHead(200, { 'content-type': `${found.type}; charset=utf-8`, ...policy })
      .end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    page(path, html, policy) {
      pages.set(path, { body: html, type: 'text/html', policy });
    },
    script(path, text) {
      pages.set(path, { body: text, type: 'text/javascript' });
    },
    pass(path, target) {
      passed.set(path, target);
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
