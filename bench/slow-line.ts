import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line on which every request takes as long again as a round trip; workers' requests too. */
export interface SlowLine {
  readonly url: string;
  /** Requests that went over it. */
  readonly requests: number;
  close(): void;
}

/** Forwards to `target` from a free port of this machine, each request `roundTripMs` later. */
export async function slowLine(target: string, roundTripMs: number): Promise<SlowLine> {
  const { hostname, port } = new URL(target);
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests += 1;
    // Without its origin, which is this line's: the store answers its own pages only.
    const { method, url: path } = asked;
    const { origin: _, ...headers } = asked.headers;
    const onward = request({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, host: `${hostname}:${port}` },
    });
    onward.on('response', (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    setTimeout(() => asked.pipe(onward), roundTripMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
