import { type ByteSource, byteSource } from '../arrow/byte-source.ts';
import { chunksOf, Exchange, type HttpCall } from './http-request.ts';

type Reader = ReadableStreamBYOBReader;

/** Bytes read ahead of a small piece: the next few pieces of an envelope come with it. */
const aheadBytes = 1024;

/**
 * The body of a successful answer in pieces of any size, read by the platform right into their buffers where it can. The request
 * is sent with the first piece asked for; fails as {@link Exchange} does.
 */
export function bodySource(call: HttpCall): ByteSource {
  let source: ByteSource | undefined;
  return {
    async take(length) {
      source ??= await open(call);
      return await source.take(length);
    },
    async close() {
      await source?.close();
    },
  };
}

async function open(call: HttpCall): Promise<ByteSource> {
  const exchange = new Exchange(call);
  try {
    const body = await exchange.open();
    const reader = body && byteReader(body);
    return reader ? straight(exchange, reader) : byteSource(chunksOf(exchange, body));
  } catch (error) {
    exchange.end();
    throw error;
  }
}

/** Undefined where bodies cannot be read into buffers. */
function byteReader(body: ReadableStream): Reader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

function straight(exchange: Exchange, reader: Reader): ByteSource {
  let ahead: Uint8Array<ArrayBufferLike> = new Uint8Array();
  let ended = false;

  /** Up to as many bytes as `into` has room for, at least `least` unless they end before. */
  const read = async (into: Uint8Array<ArrayBuffer>, least: number): Promise<Uint8Array<ArrayBuffer>> => {
    const { buffer, byteOffset, byteLength } = into;
    let room = buffer;
    let filled = 0;
    while (filled < least && !ended) {
      const view = new Uint8Array(room, byteOffset + filled, byteLength - filled);
      // Browsers that do not know `min` give what there is.
      const options = { min: least - filled } as ReadableStreamBYOBReaderReadOptions;
      const { value, done } = await exchange.step(() => reader.read(view, options));
      ended = done;
      if (!value) break;
      room = value.buffer as ArrayBuffer;
      filled += value.byteLength;
    }
    return new Uint8Array(room, byteOffset, filled);
  };

  return {
    async take(length) {
      const out = new Uint8Array(length);
      const held = ahead.subarray(0, length);
      out.set(held);
      ahead = ahead.subarray(held.length);
      const missing = length - held.length;
      if (missing === 0) return out;
      if (missing >= aheadBytes) {
        const more = await read(out.subarray(held.length), missing);
        return more.length === missing
          ? new Uint8Array(more.buffer)
          : new Uint8Array(more.buffer.slice(0, held.length + more.length));
      }
      ahead = await read(new Uint8Array(aheadBytes), missing);
      const rest = ahead.subarray(0, missing);
      out.set(rest, held.length);
      ahead = ahead.subarray(rest.length);
      return rest.length === missing ? out : out.slice(0, held.length + rest.length);
    },
    async close() {
      exchange.end();
    },
  };
}
