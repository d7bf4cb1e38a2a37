import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { toProblem } from '../../src/protocol/errors.ts';
import { ndjsonType } from './body-parsers.ts';

/**
 * Answers a long run as NDJSON: `{"done": 0.25}` as it goes on, then `{"result": …}`, or `{"problem": …}` when it fails
 * after the answer began. A caller who leaves cancels it.
 */
export function activity(
  reply: FastifyReply,
  run: (options: { signal: AbortSignal; progress(done: number): void }) => Promise<unknown>,
): FastifyReply {
  const leaves = new AbortController();
  reply.raw.once('close', () => leaves.abort());
  const stream = new Readable({ read() {} });
  let said = 0;
  const progress = (done: number) => {
    // A line a hundredth is enough for any bar.
    if (done - said < 0.01) return;
    said = done;
    stream.push(`${JSON.stringify({ done })}\n`);
  };
  run({ signal: leaves.signal, progress }).then(
    (result) => {
      stream.push(`${JSON.stringify({ result: result ?? null })}\n`);
      stream.push(null);
    },
    (error: unknown) => {
      stream.push(`${JSON.stringify({ problem: toProblem(error) })}\n`);
      stream.push(null);
    },
  );
  return reply.header('content-type', ndjsonType).header('cache-control', 'no-store').send(stream);
}
