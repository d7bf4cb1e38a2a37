import { pipeline, type Readable, Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Below this many bytes a body goes as it is. */
const minBytes = 1024;

/** What an `Accept-Encoding` header (RFC 9110 §12.5.3) takes, brotli before gzip; no header takes identity only. */
export function chooseEncoding(header: string | undefined): Encoding {
  const quality = new Map<string, number>();
  for (const part of (header ?? '').split(',')) {
    const [name, ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((one) => one.trim());
    const q = parameters.find((one) => one.startsWith('q='));
    if (name) quality.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const of = (name: string) => quality.get(name) ?? quality.get('*') ?? 0;
  if (of('br') > 0 && of('br') >= of('gzip')) return 'br';
  return of('gzip') > 0 ? 'gzip' : 'identity';
}

/**
 * `body` in `encoding`, or as it is where that saves less than a tenth or the body is small.
 * Brotli at quality 4: on Arrow pages about the size of gzip's best, at a fraction of the time.
 */
export async function encodeBody(
  body: Uint8Array,
  encoding: Encoding,
): Promise<{ readonly body: Uint8Array; readonly encoding: Encoding }> {
  if (encoding === 'identity' || body.byteLength < minBytes) return { body, encoding: 'identity' };
  const encoded =
    encoding === 'br'
      ? await brotli(body, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 4,
            [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength,
          },
        })
      : await deflate(body, { level: 6 });
  return encoded.byteLength < 0.9 * body.byteLength
    ? { body: encoded, encoding }
    : { body, encoding: 'identity' };
}

/** Bytes from which on pieces are encoded without waiting for more. */
const mostGathered = 64 * 1024;

/**
 * Pieces that are there together, as one: an encoder works on another thread, and each piece by itself would wait for its
 * turn there, which takes longer than a small answer.
 */
function gathered(): Transform {
  let held: Buffer[] = [];
  let bytes = 0;
  let waiting: NodeJS.Immediate | undefined;
  const pass = (stream: Transform): void => {
    clearImmediate(waiting);
    waiting = undefined;
    if (held.length === 0) return;
    const whole = held.length === 1 ? held[0] : Buffer.concat(held);
    held = [];
    bytes = 0;
    stream.push(whole);
  };
  return new Transform({
    transform(piece: Buffer, _, done) {
      held.push(piece);
      bytes += piece.byteLength;
      if (bytes >= mostGathered) pass(this);
      else waiting ??= setImmediate(pass, this);
      done();
    },
    flush(done) {
      pass(this);
      done();
    },
    destroy(error, done) {
      clearImmediate(waiting);
      done(error);
    },
  });
}

/** A stream in `encoding`; what was written is passed on at once, so that each part can be used when it arrives. */
export function encodeStream(stream: Readable, encoding: Encoding): Readable {
  if (encoding === 'identity') return stream;
  const encoder =
    encoding === 'br'
      ? createBrotliCompress({
          flush: constants.BROTLI_OPERATION_FLUSH,
          params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
        })
      : createGzip({ flush: constants.Z_SYNC_FLUSH, level: 6 });
  return pipeline(stream, gathered(), encoder, () => {});
}
