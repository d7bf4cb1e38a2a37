import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { encodeBatch } from '../../src/arrow/batch-stream.ts';
import type { ArrayBatchRequest } from '../../src/protocol/array.ts';
import type { BatchPart } from '../../src/protocol/batch.ts';
import { isExaError } from '../../src/protocol/errors.ts';
import type { BatchOptions, ChunkDriver } from '../drivers/chunk-driver.ts';
import type { ArrayContext } from './array-routes.ts';
import { arrayParams } from './array-schema.ts';
import { counted } from './batch-route.ts';
import { BodySlots, onSent } from './body-slots.ts';
import { chooseEncoding, encodeStream } from './encoding.ts';
import { isRemote } from './guard.ts';
import { logged } from './log-hook.ts';
import { refer } from './schema-parts.ts';
import { arrowType, joinVary } from './send.ts';

/** Bytes after which a batch ends; what is left is asked for again. */
const maxBatchBytes = 16 * 2 ** 20;
/** Bytes of an answer made before the socket takes them. */
const aheadBytes = 2 ** 20;

/** `POST /arrays/{id}/batch`: chunks as they are read and as the socket drains. */
export function arrayBatchRoute(app: FastifyInstance, { reach, checksum }: ArrayContext): void {
  const slots = new BodySlots();

  app.post<{ Params: { id: string }; Body: ArrayBatchRequest }>(
    '/arrays/:id/batch',
    {
      schema: {
        operationId: 'arrayBatch',
        tags: ['arrays'],
        summary: 'Chunks of data and of levels, all as of one version.',
        description:
          'An Arrow stream with one record batch a chunk, as of /batch: item is its position among the chunks asked for, an empty body a hole. It ends at 16 MiB, and before a chunk that is damaged: what is absent is asked for again.',
        params: arrayParams,
        body: refer<ArrayBatchRequest>('ArrayBatchRequest'),
        response: { 200: { description: 'The chunks.', content: { [arrowType]: { schema: Type.Any() } } } },
      },
      bodyLimit: 16 * 2 ** 20,
    },
    async (request, reply) => {
      const note = logged(request);
      note.items = request.body.items.map(({ chunks }) => ({
        kind: 'chunks',
        dataset: request.params.id,
        columns: [],
        blocks: chunks.length,
      }));
      const leaves = new AbortController();
      const encoding = isRemote(request) ? chooseEncoding(request.headers['accept-encoding']) : 'identity';
      const lease = slots.lease();
      const closed = new Promise<void>((resolve) => reply.raw.once('close', resolve));
      closed.then(() => leaves.abort());
      let made = () => {};
      const allMade = new Promise<void>((resolve) => {
        made = resolve;
      });
      // What is still being read would otherwise be read into another answer's slot.
      Promise.all([closed, allMade]).then(() => lease.end());
      // An encoder does not tell when it has done with a piece.
      const lend = encoding === 'identity' ? lease.lend : undefined;
      if (lend) onSent(reply.raw, lease.sent);
      const options = { signal: leaves.signal, lend };
      const parts = pagesOf(reach(request).arrays, request.params.id, request.body, options, made);
      // The first part tells whether there is an answer at all.
      const first = await parts.next();
      const named = request.headers['exa-request'];
      const name = typeof named === 'string' ? { request: named.slice(0, 64) } : {};
      const stream = Readable.from(encodeBatch(counted(first, parts, note), name), {
        objectMode: false,
        highWaterMark: aheadBytes,
      });
      reply.raw.once('close', () => stream.destroy());
      reply.header('vary', joinVary(reply, 'Accept-Encoding'));
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
      return reply
        .header('content-type', arrowType)
        .header('cache-control', 'no-store')
        .send(encodeStream(stream, encoding));
    },
  );

  /** `ended`: called when nothing is read any more. */
  async function* pagesOf(
    arrays: ChunkDriver,
    id: string,
    request: ArrayBatchRequest,
    options: BatchOptions,
    ended: () => void,
  ): AsyncGenerator<BatchPart> {
    let bytes = 0;
    let given = 0;
    try {
      for await (const { item, level, version, revision, same, body } of arrays.batch(id, request, options)) {
        if (bytes > 0 && bytes + body.length > maxBatchBytes) return;
        bytes += body.length;
        const kind = same ? 'patch' : 'page';
        yield { item, kind, version, block: 0, level, revision, checksum: checksum(body), body };
        given++;
      }
    } catch (error) {
      // An answer that is under way has no words left: the reader asks for the rest again, and is told then.
      if (given === 0 || !isExaError(error, 'corrupt')) throw error;
    } finally {
      ended();
    }
  }
}
