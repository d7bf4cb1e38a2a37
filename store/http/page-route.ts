import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ExaError } from '../../src/protocol/errors.ts';
import { pageText } from '../../src/protocol/page.ts';
import { checkBlock, checkColumn } from '../batch.ts';
import { byteLru } from '../byte-lru.ts';
import { publicScope } from '../scope/scope.ts';
import { chooseEncoding, type Encoding, encodeBody } from './encoding.ts';
import { identifier } from './schema-parts.ts';
import { arrowType, joinVary, matches } from './send.ts';
import type { StoreContext } from './store-context.ts';

interface PageParams {
  readonly dataset: string;
  readonly epoch: string;
  readonly scope: string;
  readonly level: string;
  readonly block: string;
  readonly column: string;
  readonly revision: string;
}

const number = Type.String({ pattern: '^\\d{1,16}$' });
const params = Type.Object({
  dataset: identifier,
  epoch: identifier,
  scope: identifier,
  level: number,
  block: number,
  column: identifier,
  revision: number,
});

/** Encoded pages kept, so that each is compressed once. */
const maxEncodedBytes = 64 * 2 ** 20;

/**
 * `GET /pages/:dataset/:epoch/:scope/:level/:block/:column/:revision`: one page, for ever the same bytes, so caches
 * keep it without asking. A revision that is no longer the block's is 410.
 */
export function pageRoute(app: FastifyInstance, { reach, pageBytes }: StoreContext): void {
  const encodedPages = byteLru<{ body: Uint8Array; encoding: Encoding; checksum: string }>(maxEncodedBytes);

  app.get<{ Params: PageParams }>(
    '/pages/:dataset/:epoch/:scope/:level/:block/:column/:revision',
    {
      schema: {
        operationId: 'page',
        tags: ['pages'],
        summary: 'One column of one block at one revision: an Arrow stream with the column “v”.',
        params,
        response: {
          200: {
            description: 'The page; Exa-Checksum is the xxHash64 of its bytes before encoding.',
            content: { [arrowType]: { schema: Type.Any() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { dataset, epoch, scope, level, column } = request.params;
      const block = Number(request.params.block);
      const revision = Number(request.params.revision);
      const { scope: rights, driver } = reach(request);
      if (level !== '0' || scope !== rights.hash)
        throw new ExaError(
          'missing',
          `There is no page at this address: tables have pages of level 0, and yours are of scope “${rights.hash}”.`,
        );
      const encoding = chooseEncoding(request.headers['accept-encoding']);
      const key = { dataset, epoch, scope, block, column, revision };

      const page = await driver.snapshot(async (snapshot) => {
        const head = snapshot.head(dataset);
        if (head.epoch !== epoch) throw gone(`The data set “${head.name}” was replaced`, dataset);
        checkColumn(head, column);
        checkBlock(head, block);
        if (head.revisions[block] !== revision)
          throw gone(`Block ${block} of “${head.name}” has moved on from revision ${revision}`, dataset);
        const place = `${encoding} ${pageText(key)}`;
        const kept = encodedPages.get(place);
        if (kept) return kept;
        const { bytes, checksum } = await pageBytes(snapshot, key);
        const made = { ...(await encodeBody(bytes, encoding)), checksum };
        encodedPages.set(place, made, made.body.byteLength);
        return made;
      });

      const etag = `"${page.checksum}"`;
      reply
        .header('content-type', arrowType)
        .header(
          'cache-control',
          `${scope === publicScope ? 'public' : 'private'}, max-age=31536000, immutable`,
        )
        .header('vary', joinVary(reply, 'Accept-Encoding'))
        .header('etag', etag)
        .header('exa-checksum', page.checksum);
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
      if (page.encoding !== 'identity') reply.header('content-encoding', page.encoding);
      return reply.send(Buffer.from(page.body.buffer, page.body.byteOffset, page.body.byteLength));
    },
  );
}

function gone(what: string, dataset: string): ExaError {
  return new ExaError('gone', `${what}: read its head again.`, { facts: { dataset } });
}
