import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type HttpStoreOptions, httpStore } from './http-store.ts';

const names = new WeakMap<IncomingMessage, string>();

/** What a batch that was asked for is named. */
export function nameOf(asked: IncomingMessage): string {
  return names.get(asked)!;
}

/** A store on loopback that answers as `answer` does, until the test is over. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  options: HttpStoreOptions = {},
): Promise<ReturnType<typeof httpStore>> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    names.set(request, /"name":"([^"]*)"/.exec(body)?.[1] ?? '');
    answer(request, response, body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return httpStore(address, { random: () => 0, ...options });
}
