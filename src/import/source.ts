import { ExaError } from '../protocol/errors.ts';

/** A file that can be read more than once: types are inferred in a first pass over all rows, values made in a second. */
export interface ImportSource {
  /** What people call it; used in sentences and as a hint. */
  readonly name: string;
  readonly byteLength: number;
  /** All bytes from the start. */
  open(options?: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /** Bytes `[start, end)`. */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** Bytes in memory as a source, handed out in pieces of `chunkBytes`. */
export function bytesSource(name: string, bytes: Uint8Array, chunkBytes = 1 << 20): ImportSource {
  return {
    name,
    byteLength: bytes.byteLength,
    async *open({ signal } = {}) {
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
        signal?.throwIfAborted();
        yield bytes.subarray(at, at + chunkBytes);
      }
    },
    slice: async (start, end) => bytes.slice(start, end),
  };
}

/** A `File` or `Blob` as a source. */
export function blobSource(name: string, blob: Blob): ImportSource {
  return {
    name,
    byteLength: blob.size,
    async *open({ signal } = {}) {
      const reader = blob.stream().getReader();
      try {
        for (;;) {
          signal?.throwIfAborted();
          const { done, value } = await reader.read();
          if (done) return;
          yield value;
        }
      } finally {
        await reader.cancel();
      }
    },
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** The first `maxBytes` of `chunks`, which are not read further. */
export async function firstBytes(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(maxBytes);
  let length = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, maxBytes - length);
    head.set(part, length);
    length += part.byteLength;
    if (length === maxBytes) break;
  }
  return head.subarray(0, length);
}

/** Inflates a gzip stream. Throws `invalid`, one sentence, when it is cut or damaged. */
export async function* gunzip(name: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const inflate = new DecompressionStream('gzip');
  const reader = inflate.readable.getReader();
  const writer = inflate.writable.getWriter();
  let failed: unknown;
  const pump = (async () => {
    for await (const chunk of chunks) await writer.write(new Uint8Array(chunk));
    await writer.close();
  })().catch((error: unknown) => {
    failed = error;
    return writer.abort(error).catch(() => undefined);
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await pump;
  } catch (cause) {
    if (cause instanceof ExaError || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
    if (failed instanceof Error && failed.name === 'AbortError') throw failed;
    throw new ExaError(
      'invalid',
      `The file ${name} is cut short or damaged: its gzip data cannot be read to the end. Get the file again.`,
      { cause },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
