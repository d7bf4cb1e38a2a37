import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { ByteBuffer } from 'flatbuffers';
import type { BatchPart } from '../protocol/batch.ts';
import { ExaError } from '../protocol/errors.ts';
import { type ByteSource, byteSource } from './byte-source.ts';
import { sameBytes } from './same-bytes.ts';
import { listed } from './stream-messages.ts';

export const partKinds = ['page', 'patch', 'partial'] as const;
/** Columns of a batch's stream, in order. */
export const partFields = [
  'item',
  'kind',
  'version',
  'block',
  'level',
  'revision',
  'checksum',
  'body',
] as const;
/** Key of the schema's metadata that names the request a batch answers. */
export const requestKey = 'request';

/** What a message of a batch says before its body. */
type BatchMessage =
  | { readonly kind: 'schema'; readonly names: readonly string[]; readonly request: string | undefined }
  | {
      readonly kind: 'rows';
      readonly rows: number;
      readonly bodyLength: number;
      /** Where each buffer begins in the body. */
      readonly buffers: readonly number[];
    }
  | { readonly kind: 'other' };

/** Buffers of a record batch of {@link partFields}: validity and values each, with offsets between for the last two. */
const bufferCount = 18;
/** Longer metadata, or a longer body, than any part has. */
const maxMetadataBytes = 2 ** 20;
const maxBodyBytes = 2 ** 30;

/**
 * Parts of a batch as they arrive; each body owns its buffer, filled straight from the wire. Checksums are the
 * caller's to verify. Throws `corrupt` when the stream is not a batch, answers another request than `request` or was
 * cut short; errors of the source pass through.
 */
export async function* decodeBatch(
  bytes: ByteSource | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  { request }: { readonly request?: string } = {},
): AsyncGenerator<BatchPart> {
  const source = 'take' in bytes ? bytes : byteSource(bytes);
  try {
    let begun = false;
    let known: { readonly metadata: Uint8Array; readonly message: BatchMessage } | undefined;
    for (;;) {
      const prefix = new DataView((await exactly(source, 8)).buffer);
      const length = prefix.getInt32(4, true);
      if (prefix.getInt32(0, true) !== -1 || length < 0 || length > maxMetadataBytes) throw notArrow();
      if (length === 0) break;
      const metadata = await exactly(source, length);
      // Parts of one length say the same of themselves.
      if (!known || !sameBytes(known.metadata, metadata)) known = { metadata, message: messageOf(metadata) };
      const { message } = known;
      if (message.kind === 'schema') {
        if (request !== undefined && message.request !== request)
          throw new ExaError('corrupt', 'An answer to another request came in place of the data asked for.');
        if (begun || message.names.join() !== partFields.join()) throw notBatch();
        begun = true;
      } else if (begun && message.kind === 'rows') {
        const part = await readPart(source, message);
        if (part) yield part;
      } else throw notBatch();
    }
    if (!begun || (await source.take(1)).length > 0) throw notBatch();
  } finally {
    await source.close();
  }
}

/** Undefined for a batch of no rows: the store is at work. */
async function readPart(
  source: ByteSource,
  { rows, bodyLength, buffers }: Extract<BatchMessage, { kind: 'rows' }>,
): Promise<BatchPart | undefined> {
  if (rows === 0 && bodyLength <= maxMetadataBytes) {
    await exactly(source, bodyLength);
    return undefined;
  }
  const last = buffers[bufferCount - 1];
  if (last === undefined || rows !== 1 || buffers.length !== bufferCount || !(bodyLength <= maxBodyBytes))
    throw notBatch();
  // All but the body: a few numbers and the checksum.
  const head = await exactly(source, last);
  const view = new DataView(head.buffer);
  const at = (buffer: number, index = 0, bytes = 4) => {
    const place = buffers[buffer]! + index * bytes;
    if (!(place >= 0 && place + bytes <= head.length)) throw notBatch();
    return place;
  };
  const int = (buffer: number, index = 0) => view.getInt32(at(buffer, index), true);
  const double = (buffer: number) => view.getFloat64(at(buffer, 0, 8), true);
  const kind = partKinds[view.getInt8(at(3, 0, 1))];
  const [start, end] = [int(16), int(16, 1)];
  if (!kind || start < 0 || end < start || last + end > bodyLength) throw notBatch();
  const checksum = head.subarray(buffers[14]! + int(13), buffers[14]! + int(13, 1));
  if (start > 0) await exactly(source, start);
  const body = await exactly(source, end - start);
  const padding = bodyLength - last - end;
  if (padding > 0) await exactly(source, padding);
  return {
    item: int(1),
    kind,
    version: double(5),
    block: int(7),
    level: int(9),
    revision: double(11),
    checksum: String.fromCharCode(...checksum),
    body,
  };
}

async function exactly(source: ByteSource, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.take(length);
  if (bytes.length < length) throw new ExaError('corrupt', 'The batch was cut short on its way.');
  return bytes;
}

function messageOf(metadata: Uint8Array): BatchMessage {
  try {
    return readMessage(Message.getRootAsMessage(new ByteBuffer(metadata)));
  } catch (cause) {
    throw notArrow(cause);
  }
}

function readMessage(message: Message): BatchMessage {
  switch (message.headerType()) {
    case MessageHeader.Schema: {
      const schema: Schema = message.header(new Schema());
      const names = listed(schema.fieldsLength(), (i) => schema.fields(i)?.name() ?? '');
      const pairs = listed(schema.customMetadataLength(), (i) => schema.customMetadata(i));
      const request = pairs.find((pair) => pair?.key() === requestKey)?.value() ?? undefined;
      return { kind: 'schema', names, request };
    }
    case MessageHeader.RecordBatch: {
      const batch: RecordBatch = message.header(new RecordBatch());
      const buffers = listed(batch.buffersLength(), (i) => Number(batch.buffers(i)!.offset()));
      return {
        kind: 'rows',
        rows: Number(batch.length()),
        bodyLength: Number(message.bodyLength()),
        buffers,
      };
    }
    default:
      return { kind: 'other' };
  }
}

function notArrow(cause?: unknown): ExaError {
  return new ExaError('corrupt', 'The batch received is not Arrow data.', { cause });
}

function notBatch(): ExaError {
  return new ExaError('corrupt', 'The store answered with something other than a batch.');
}
