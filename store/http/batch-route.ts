import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { encodeBatch } from '../../src/arrow/batch-stream.ts';
import type { BatchPart, BatchRequest } from '../../src/protocol/batch.ts';
import { batchParts } from '../batch.ts';
import { noteOf } from '../request-log.ts';
import { simpleJson } from './body-parsers.ts';
import { chooseEncoding, encodeStream } from './encoding.ts';
import { isRemote } from './guard.ts';
import { logged } from './log-hook.ts';
import { refer } from './schema-parts.ts';
import { arrowType, joinVary } from './send.ts';
import type { StoreContext } from './store-context.ts';

/** A client that takes nothing for this long is let go: its snapshot holds old rows in the store. */
const stallMs = 30_000;

/**
 * `POST /batch`: parts in the order asked, as they are made and as the socket drains. It ends at 16 MiB; parts that did
 * not fit are absent and asked for again. Compressed part by part for callers elsewhere, through a proxy; on this
 * machine the processor's time is worth more than bytes. For a plugin of its own.
 */
export async function batchRoute(app: FastifyInstance, context: StoreContext): Promise<void> {
  simpleJson(app);
  app.post<{ Body: BatchRequest }>(
    '/batch',
    {
      schema: {
        operationId: 'batch',
        tags: ['pages'],
        summary: 'Pages, patches and partials, all as of one version.',
        description:
          'Answers an Arrow stream with one record batch a part: item, kind (0 page, 1 patch, 2 partial), version, block, level, revision, checksum, body. The schema’s metadata repeats the request’s name, if any. Parts come in the order asked, at most 16 MiB a batch: what is absent is asked for again.',
        consumes: ['application/json', 'text/plain'],
        body: refer<BatchRequest>('BatchRequest'),
        response: { 200: { description: 'The parts.', content: { [arrowType]: { schema: Type.Any() } } } },
      },
      bodyLimit: 4 * 2 ** 20,
    },
    async (request, reply) => {
      const { driver } = context.reach(request);
      const note = logged(request);
      note.items = request.body.items.map(noteOf);
      const leaves = new AbortController();
      reply.raw.once('close', () => leaves.abort());
      const parts = batchParts({ ...context, driver }, request.body, { signal: leaves.signal });
      // What is refused is refused at once; what takes long begins its answer before there is a part of it.
      const pending = parts.next();
      const first = (await soon(pending)) ?? pending;
      const sent = stallGuard(counted(first, parts, note), () => reply.raw.destroy());
      const { name } = request.body;
      const named = name === undefined ? {} : { request: name };
      const stream = Readable.from(encodeBatch(sent, named), {
        objectMode: false,
        highWaterMark: 256 * 1024,
      });
      reply.raw.once('close', () => stream.destroy());
      const encoding = isRemote(request) ? chooseEncoding(request.headers['accept-encoding']) : 'identity';
      reply.header('vary', joinVary(reply, 'Accept-Encoding'));
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
      return reply
        .header('content-type', arrowType)
        .header('cache-control', 'no-store')
        .send(encodeStream(stream, encoding));
    },
  );
}

type Counts = Record<string, { count: number; bytes: number }>;

/** Counts the parts of a batch, and their bytes, into its request's line of the log. */
export async function* counted(
  first: IteratorResult<BatchPart> | Promise<IteratorResult<BatchPart>>,
  rest: AsyncGenerator<BatchPart>,
  note: { parts?: Counts },
): AsyncGenerator<BatchPart> {
  note.parts = {};
  const count = (part: BatchPart) => {
    note.parts![part.kind] ??= { count: 0, bytes: 0 };
    const counts = note.parts![part.kind]!;
    counts.count++;
    counts.bytes += part.body.byteLength;
    return part;
  };
  try {
    const begun = await first;
    if (begun.done) return;
    yield count(begun.value);
    for await (const part of rest) yield count(part);
  } finally {
    await rest.return(undefined);
  }
}

/** Longest wait for the first part before the answer begins without it: then no status can tell what is wrong with it. */
const firstMs = 5_000;

async function soon<T>(pending: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, firstMs, undefined);
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `drop` when a value has not been followed by the next demand within {@link stallMs}. */
async function* stallGuard<T>(values: AsyncGenerator<T>, drop: () => void): AsyncGenerator<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const value of values) {
      timer = setTimeout(drop, stallMs);
      yield value;
      clearTimeout(timer);
    }
  } finally {
    clearTimeout(timer);
  }
}
