import type { FastifyInstance } from 'fastify';
import { npyType } from '../../src/arrays/npy.ts';
import { parseJsonBody } from './json-body.ts';
import { arrowType } from './send.ts';

/** Media type of newline-delimited JSON. */
export const ndjsonType = 'application/x-ndjson';

/**
 * JSON is parsed; NDJSON and Arrow stay bytes; anything else is refused. Without a parser for `text/plain`, no page of
 * another site can send a body here without asking first (preflight).
 */
export function bodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    parseJsonBody(body),
  );
  app.addContentTypeParser(
    [ndjsonType, 'application/jsonl', arrowType, npyType],
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => body,
  );
}
