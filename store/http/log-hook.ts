import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ItemNote, RequestLog, RequestNote } from '../request-log.ts';

/** What a route adds to its request's line. */
export interface LogNotes {
  items?: readonly ItemNote[];
  parts?: Record<string, { count: number; bytes: number }>;
}

const notes = new WeakMap<FastifyRequest, LogNotes>();

/** The notes of a request; anything put there stands in its line of the log. */
export function logged(request: FastifyRequest): LogNotes {
  let note = notes.get(request);
  if (!note) {
    note = {};
    notes.set(request, note);
  }
  return note;
}

/** Writes a line a request to `log`, when its last byte is sent or its caller has gone. */
export function logRequests(app: FastifyInstance, log: RequestLog, now: () => number = Date.now): void {
  app.addHook('onRequest', async (request, reply) => {
    const started = now();
    let bytes = 0;
    const { raw } = reply;
    const write = raw.write.bind(raw);
    const end = raw.end.bind(raw);
    raw.write = ((chunk: unknown, ...rest: never[]) => {
      bytes += sizeOf(chunk);
      return write(chunk, ...rest);
    }) as typeof raw.write;
    raw.end = ((chunk: unknown, ...rest: never[]) => {
      bytes += sizeOf(chunk);
      return end(chunk as never, ...rest);
    }) as typeof raw.end;
    raw.once('close', () => {
      const line: RequestNote = {
        time: new Date(started).toISOString(),
        method: request.method,
        path: request.url,
        status: raw.statusCode,
        bytes,
        ms: now() - started,
        ...notes.get(request),
      };
      log.write(line);
    });
  });
}

function sizeOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
