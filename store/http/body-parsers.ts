import type { FastifyInstance } from 'fastify';
import { npyType } from '../../src/arrays/npy.ts';
import { parseJsonBody } from './json-body.ts';
import { arrowType } from './send.ts';

/** Media type of newline-delimited JSON. */
export const ndjsonType = 'application/x-ndjson';

const json = async (_: unknown, body: Buffer): Promise<unknown> => parseJsonBody(body);

/**
 * JSON is parsed; NDJSON and Arrow stay bytes; anything else is refused. Without a parser for `text/plain`, no page of
 * another site can send a body here without asking first (preflight).
 */
export function bodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, json);
  app.addContentTypeParser(
    [ndjsonType, 'application/jsonl', arrowType, npyType],
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => body,
  );
}

/**
 * Takes JSON as `text/plain` too, in a plugin whose routes only read: an allowed site's page then asks without a preflight
 * request, and others are refused by their origin, which a browser always names.
 */
export function simpleJson(app: FastifyInstance): void {
  app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, json);
}
