import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseEncoding, encodeBody } from './encoding.ts';

/** Media type of Arrow IPC streams. */
export const arrowType = 'application/vnd.apache.arrow.stream';

/**
 * Sends a body in the encoding the caller takes, with a strong ETag of its contents; 304 when the caller has it.
 * `cache` is the Cache-Control, by default `no-cache`: kept, but always asked about.
 */
export async function sendBody(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Uint8Array,
  { type, cache = 'private, no-cache' }: { readonly type: string; readonly cache?: string },
): Promise<FastifyReply> {
  reply.header('cache-control', cache);
  reply.header('content-type', type);
  reply.header('vary', joinVary(reply, 'Accept-Encoding'));
  if (cache !== 'no-store') {
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', etag);
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  }
  const encoded = await encodeBody(body, chooseEncoding(request.headers['accept-encoding']));
  if (encoded.encoding !== 'identity') reply.header('content-encoding', encoded.encoding);
  return reply.send(Buffer.from(encoded.body.buffer, encoded.body.byteOffset, encoded.body.byteLength));
}

export function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  value: unknown,
  options: { readonly cache?: string } = {},
): Promise<FastifyReply> {
  return sendBody(request, reply, Buffer.from(JSON.stringify(value)), {
    ...options,
    type: 'application/json; charset=utf-8',
  });
}

/** Whether `If-None-Match` (RFC 9110 §13.1.2) names `etag`. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '');
    return tag === '*' || tag === etag;
  });
}

/** The `Vary` header with one more name. */
export function joinVary(reply: FastifyReply, name: string): string {
  const before = reply.getHeader('vary');
  return typeof before === 'string' && before !== name ? `${before}, ${name}` : name;
}
