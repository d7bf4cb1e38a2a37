import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line on which what comes back is counted, workers' requests too. */
export interface CountedLine {
  readonly url: string;
  /** Bytes of bodies, as they were sent. */
  readonly bytes: number;
  /** Addresses asked for, in order. */
  readonly paths: readonly string[];
  close(): void;
}

/** Forwards to `target` from a free port of this machine, as a proxy does: answers come compressed, as they do from afar. */
export async function countedLine(target: string): Promise<CountedLine> {
  const { hostname, port } = new URL(target);
  let bytes = 0;
  const paths: string[] = [];
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    paths.push(path ?? '');
    const onward = request({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, 'x-forwarded-for': '192.0.2.1' },
    });
    onward.on('response', (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.on('data', (piece: Buffer) => {
        bytes += piece.byteLength;
      });
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bytes() {
      return bytes;
    },
    paths,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
