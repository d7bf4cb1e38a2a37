/** Bytes that arrive in chunks, taken in pieces of any size; each is copied once. */
export interface ByteSource {
  /** The next `length` bytes, in a buffer of their own; fewer when the source ends before. */
  take(length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of the source. */
  close(): Promise<void>;
}

/** Reads nothing before it is asked for. Failures of the source pass through. */
export function byteSource(chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): ByteSource {
  const iterator = (Symbol.asyncIterator in chunks ? chunks : fromReader(chunks))[Symbol.asyncIterator]();
  let chunk = new Uint8Array();
  let at = 0;
  return {
    async take(length) {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        if (at === chunk.length) {
          const { value, done } = await iterator.next();
          if (done) return bytes.slice(0, filled);
          chunk = value as Uint8Array<ArrayBuffer>;
          at = 0;
          continue;
        }
        const some = chunk.subarray(at, at + length - filled);
        bytes.set(some, filled);
        filled += some.length;
        at += some.length;
      }
      return bytes;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

async function* fromReader(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
