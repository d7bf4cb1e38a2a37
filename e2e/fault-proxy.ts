import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What goes wrong between the browser and the store. */
export type Fault =
  /** A bare answer of this status. */
  | { readonly kind: 'status'; readonly status: number }
  /** No byte, ever. */
  | { readonly kind: 'hang' }
  /** Half of the body, then the connection breaks. */
  | { readonly kind: 'cut' }
  /** Half of the body, and a clean end. */
  | { readonly kind: 'half' }
  /** One bit of the body's middle is another. */
  | { readonly kind: 'flip' }
  /** The answer to an earlier, different request to the same path. */
  | { readonly kind: 'wrong' }
  /** A portal's login page, with status 200. */
  | { readonly kind: 'login' }
  /** The body in pieces, `pauseMs` apart. */
  | { readonly kind: 'slow'; readonly pauseMs: number };

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Chooses what becomes of a request; undefined passes it on as it is. */
export type FaultChooser = (request: ProxiedRequest) => Fault | undefined;

/** A man in the middle of a browser and a store. */
export interface FaultProxy {
  readonly url: string;
  /** Replaces the chooser; none: all is well. */
  faults(choose?: FaultChooser): void;
  /** From now on answers `path` with this, whatever the store has. */
  answer(path: string, answer: { readonly type: string; readonly body: string }): void;
  /** How often a fault of this kind was made. */
  made(kind: Fault['kind']): number;
  close(): Promise<void>;
}

interface Kept {
  readonly request: string;
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

const loginPage =
  '<!doctype html><title>Sign in</title><form method="post"><input name="user"><input name="password" type="password"></form>';

/** Listens on a free port of this machine and forwards to the store at `target()`, which may come and go. */
export async function startFaultProxy(target: () => string): Promise<FaultProxy> {
  let choose: FaultChooser = () => undefined;
  const instead = new Map<string, { readonly type: string; readonly body: string }>();
  const counts = new Map<Fault['kind'], number>();
  const answers = new Map<string, Kept[]>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const body = await readAll(request);
    const other = instead.get(path);
    if (other) {
      response.writeHead(200, { 'content-type': other.type, 'cache-control': 'no-cache' }).end(other.body);
      return;
    }
    const fault = choose({ method, path, body: body.toString() });
    if (fault) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'status') {
      response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('No.');
      return;
    }
    if (fault?.kind === 'login') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(loginPage);
      return;
    }
    await forward({ method, path, body, fault }, request, response);
  }

  async function forward(
    { method, path, body, fault }: { method: string; path: string; body: Buffer; fault: Fault | undefined },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const leaves = new AbortController();
    response.once('close', () => leaves.abort());
    const answer = await fetch(new URL(path, target()), {
      method,
      headers: passedOn(request),
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
      redirect: 'manual',
      signal: leaves.signal,
    });
    const headers = Object.fromEntries(answer.headers);
    delete headers['content-encoding'];
    delete headers['content-length'];
    delete headers['transfer-encoding'];
    delete headers.connection;
    if (headers['content-type']?.startsWith('text/event-stream')) {
      response.writeHead(answer.status, headers);
      response.flushHeaders();
      const reader = answer.body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        response.write(part.value);
      response.end();
      return;
    }
    const whole = Buffer.from(await answer.arrayBuffer());
    const type = headers['content-type'] ?? '';
    const known = answers.get(path) ?? [];
    const other = known.find((kept) => kept.request !== body.toString());
    if (answer.ok && known.length < 64)
      answers.set(path, [...known, { request: body.toString(), status: answer.status, type, body: whole }]);
    await send(response, fault, { status: answer.status, headers, whole, other });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults(chooser = () => undefined) {
      choose = chooser;
    },
    answer(path, answer) {
      instead.set(path, answer);
    },
    made: (kind) => counts.get(kind) ?? 0,
    close: () => closeServer(server, sockets),
  };
}

async function send(
  response: ServerResponse,
  fault: Fault | undefined,
  answer: {
    status: number;
    headers: Record<string, string>;
    whole: Buffer;
    other: Kept | undefined;
  },
): Promise<void> {
  const { status, headers, whole, other } = answer;
  switch (fault?.kind) {
    case 'cut': {
      response.writeHead(status, { ...headers, 'content-length': String(whole.length) });
      response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
      return;
    }
    case 'half': {
      response.writeHead(status, headers).end(whole.subarray(0, whole.length >> 1));
      return;
    }
    case 'flip': {
      const damaged = Buffer.from(whole);
      const middle = damaged.length >> 1;
      if (damaged.length > 0) damaged[middle] = damaged[middle]! ^ 0x10;
      response.writeHead(status, headers).end(damaged);
      return;
    }
    case 'wrong': {
      response.writeHead(other?.status ?? status, {
        ...headers,
        ...(other ? { 'content-type': other.type } : {}),
      });
      response.end(other?.body ?? whole);
      return;
    }
    case 'slow': {
      response.writeHead(status, headers);
      const piece = Math.max(1, Math.ceil(whole.length / 8));
      for (let at = 0; at < whole.length; at += piece) {
        response.write(whole.subarray(at, at + piece));
        await new Promise((resolve) => setTimeout(resolve, fault.pauseMs));
      }
      response.end();
      return;
    }
    default:
      response.writeHead(status, headers).end(whole);
  }
}

/** The browser's headers but those of the connection; the store sends plain bytes, so that a fault hits the data. */
function passedOn({ headers }: IncomingMessage): Record<string, string> {
  const dropped = ['host', 'connection', 'accept-encoding', 'content-length', 'transfer-encoding', 'origin'];
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      dropped.includes(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function closeServer(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
