import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A store as a later version may be: it says more than is known today, and has no code of today's any more. */
export interface NewerStore {
  readonly url: string;
  /** How often it said more than today's store does. */
  readonly additions: number;
  /** From now on, scripts whose address matches are no longer there. */
  forget(scripts: RegExp): void;
  stop(): Promise<void>;
}

/** Forwards to the store at `target`; what it says in JSON has members more, its event stream an event more. */
export async function startNewerStore(target: string): Promise<NewerStore> {
  let gone: RegExp | undefined;
  let additions = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (gone?.test(path)) return void response.writeHead(404, allow(request)).end('{}');
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { host: _, connection: __, 'accept-encoding': ___, ...headers } = request.headers;
    const body = pieces.length > 0 ? Buffer.concat(pieces) : undefined;
    const found = await fetch(target + path, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(body && { body }),
    });
    const {
      'content-length': _length,
      'content-encoding': _encoding,
      ...kept
    } = Object.fromEntries(found.headers);
    response.writeHead(found.status, kept);
    const type = found.headers.get('content-type') ?? '';
    if (type.includes('json')) {
      additions++;
      return void response.end(JSON.stringify(withMore(await found.json())));
    }
    if (type.includes('event-stream')) {
      additions++;
      response.write('event: announcement\ndata: {"words":"of a later version"}\n\n');
    }
    if (found.body) for await (const piece of found.body) response.write(piece);
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get additions() {
      return additions;
    },
    forget(scripts) {
      gone = scripts;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What lets a page of another origin read that there is nothing. */
function allow({ headers }: IncomingMessage): Record<string, string> {
  return headers.origin ? { 'access-control-allow-origin': headers.origin } : {};
}

/** Objects within objects may be maps of anything by name: those stay, but for a profile. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(
    ([name, one]) => [name, Array.isArray(one) || name === 'profile' ? withMore(one) : one] as const,
  );
  return { ...Object.fromEntries(members), ofALaterVersion: { words: ['unknown today'] } };
}
