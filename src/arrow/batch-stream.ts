import {
  Binary,
  type Data,
  Field,
  Float64,
  Int8,
  Int32,
  Message,
  type MessageHeader,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { BatchPart } from '../protocol/batch.ts';
import { ExaError } from '../protocol/errors.ts';
import { type ByteSource, byteSource } from './byte-source.ts';
import { joined } from './joined.ts';
import { encodeTexts } from './utf8.ts';

const kinds = ['page', 'patch', 'partial'] as const;

const fields = [
  new Field('item', new Int32()),
  new Field('kind', new Int8()),
  new Field('version', new Float64()),
  new Field('block', new Int32()),
  new Field('level', new Int32()),
  new Field('revision', new Float64()),
  new Field('checksum', new Utf8()),
  new Field('body', new Binary()),
];
/** Key of the schema's metadata that names the request a batch answers. */
const requestKey = 'request';

function schemaFor(request: string | undefined): Schema {
  return new Schema(fields, request === undefined ? undefined : new Map([[requestKey, request]]));
}

const rowType = new Struct(fields);

/** End of an Arrow IPC stream: a continuation marker and a length of zero. */
const endOfStream = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

/** Keeps what is written as it came: a body of megabytes is not copied into one buffer with its envelope. */
class PieceWriter extends RecordBatchStreamWriter {
  readonly pieces: Uint8Array[] = [];

  protected override _write(chunk: unknown): this {
    if (ArrayBuffer.isView(chunk) && chunk.byteLength > 0)
      this.pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return this;
  }
}

/** A batch of one part, or of none. */
function batchOf(schema: Schema, part?: BatchPart): RecordBatch {
  const parts = part ? [part] : [];
  const size = { length: parts.length, nullCount: 0 };
  const checksums = encodeTexts(parts.map(({ checksum }) => checksum));
  const children: Data[] = [
    makeData({ type: new Int32(), ...size, data: Int32Array.from(parts.map(({ item }) => item)) }),
    makeData({
      type: new Int8(),
      ...size,
      data: Int8Array.from(parts.map(({ kind }) => kinds.indexOf(kind))),
    }),
    makeData({ type: new Float64(), ...size, data: Float64Array.from(parts.map(({ version }) => version)) }),
    makeData({ type: new Int32(), ...size, data: Int32Array.from(parts.map(({ block }) => block)) }),
    makeData({ type: new Int32(), ...size, data: Int32Array.from(parts.map(({ level }) => level)) }),
    makeData({
      type: new Float64(),
      ...size,
      data: Float64Array.from(parts.map(({ revision }) => revision)),
    }),
    makeData({ type: new Utf8(), ...size, valueOffsets: checksums.offsets, data: checksums.bytes }),
    makeData({
      type: new Binary(),
      ...size,
      valueOffsets: part ? Int32Array.of(0, part.body.byteLength) : new Int32Array(1),
      data: part?.body ?? new Uint8Array(),
    }),
  ];
  return new RecordBatch(schema, makeData({ type: rowType, ...size, children }));
}

/** A stream of one batch, in order: a large body by itself, all else joined; it begins and ends with a joined piece. */
function encodePart(part: BatchPart | undefined, schema: Schema): Uint8Array[] {
  const writer = new PieceWriter();
  writer.write(batchOf(schema, part));
  writer.finish();
  return joinSmall(writer.pieces);
}

/** Bytes from which on a piece is passed on as it is. */
const largePiece = 32 * 1024;

function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
  const passed: Uint8Array[] = [];
  for (let at = 0; at < pieces.length; ) {
    if (pieces[at]!.byteLength >= largePiece) {
      passed.push(pieces[at++]!);
      continue;
    }
    let end = at;
    while (end < pieces.length && pieces[end]!.byteLength < largePiece) end++;
    passed.push(joined(pieces.slice(at, end)));
    at = end;
  }
  return passed;
}

/** What surrounds bodies of one length: all but the fields of the part itself is the same, whoever made it. */
interface Envelope {
  readonly head: Uint8Array;
  readonly after: Uint8Array;
  /** Where each field's value lies in the head, by its name in {@link fields}. */
  readonly at: Readonly<
    Record<'item' | 'kind' | 'version' | 'block' | 'level' | 'revision' | 'checksum', number>
  >;
}

const checksumLength = 16;
/** Lengths of bodies whose envelopes are kept; chunks of an array have one. */
const mostEnvelopes = 32;

/** The envelope of a part just encoded, for the next of its length; undefined where it does not lie as expected. */
function envelopeOf(part: BatchPart, pieces: readonly Uint8Array[]): Envelope | undefined {
  const place = pieces.findIndex(
    ({ buffer, byteOffset, byteLength }) =>
      byteLength === part.body.byteLength &&
      buffer === part.body.buffer &&
      byteOffset === part.body.byteOffset,
  );
  if (place !== 1 || part.checksum.length !== checksumLength) return undefined;
  const head = pieces[0]!.slice(schemaBytes(pieces[0]!));
  const metadata = new DataView(head.buffer).getInt32(4, true);
  const message = messageOf(head.subarray(8, 8 + metadata));
  if (!message.isRecordBatch()) return undefined;
  const { buffers } = message.header();
  const at = (buffer: number) => 8 + metadata + buffers[buffer]!.offset;
  const rest = pieces.slice(2).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    head,
    // Padding is all there is behind a body but the stream's end.
    after: new Uint8Array(rest - endOfStream.byteLength),
    at: {
      item: at(1),
      kind: at(3),
      version: at(5),
      block: at(7),
      level: at(9),
      revision: at(11),
      checksum: at(14),
    },
  };
}

/** A part in an envelope made before: the same bytes as Arrow's writer makes. */
function enclose(part: BatchPart, { head, after, at }: Envelope): Uint8Array[] {
  const bytes = head.slice();
  const view = new DataView(bytes.buffer);
  view.setInt32(at.item, part.item, true);
  view.setInt8(at.kind, kinds.indexOf(part.kind));
  view.setFloat64(at.version, part.version, true);
  view.setInt32(at.block, part.block, true);
  view.setInt32(at.level, part.level, true);
  view.setFloat64(at.revision, part.revision, true);
  for (let i = 0; i < checksumLength; i++) bytes[at.checksum + i] = part.checksum.charCodeAt(i);
  return after.byteLength > 0 ? [bytes, part.body, after] : [bytes, part.body];
}

/** Bytes of the schema message a stream begins with: marker, length, then that many bytes and no body. */
function schemaBytes(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
}

/** Milliseconds without a part after which a stream says that it is alive, well within a reader's patience. */
const defaultAliveMs = 10_000;

/**
 * One Arrow IPC stream of one record batch a part, made as parts come; nothing is read ahead. While a part takes longer
 * than `aliveMs` to come, batches of no rows say that it is being made. `request` names what it answers, so that an answer
 * to something else is noticed.
 */
export async function* encodeBatch(
  parts: AsyncIterable<BatchPart> | Iterable<BatchPart>,
  { request, aliveMs = defaultAliveMs }: { readonly request?: string; readonly aliveMs?: number } = {},
): AsyncGenerator<Uint8Array> {
  const schema = schemaFor(request);
  const envelopes = new Map<number, Envelope>();
  let begun = false;
  for await (const part of withPauses(parts, aliveMs)) {
    const known = begun && part?.checksum.length === checksumLength && envelopes.get(part.body.byteLength);
    if (part && known) {
      yield* enclose(part, known);
      continue;
    }
    const pieces = encodePart(part, schema);
    const last = pieces.length - 1;
    for (const [i, piece] of pieces.entries())
      yield piece.subarray(
        i === 0 && begun ? schemaBytes(piece) : 0,
        i === last ? piece.byteLength - endOfStream.byteLength : piece.byteLength,
      );
    begun = true;
    const envelope = part && envelopeOf(part, pieces);
    if (!envelope) continue;
    if (envelopes.size >= mostEnvelopes) envelopes.clear();
    envelopes.set(part.body.byteLength, envelope);
  }
  if (!begun) {
    const writer = new RecordBatchStreamWriter();
    writer.reset(undefined, schema);
    writer.finish();
    const empty = writer.toUint8Array(true);
    yield empty.subarray(0, empty.byteLength - endOfStream.byteLength);
  }
  yield endOfStream;
}

/** The values as they come, and `undefined` whenever the next one has not come for `pauseMs`. */
async function* withPauses<T>(
  values: AsyncIterable<T> | Iterable<T>,
  pauseMs: number,
): AsyncGenerator<T | undefined> {
  const iterator = passOn(values);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = () =>
    new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, pauseMs, undefined);
    });
  try {
    for (;;) {
      const next = iterator.next();
      for (;;) {
        const step = await Promise.race([next, pause()]);
        clearTimeout(timer);
        if (step?.done) return;
        yield step?.value;
        if (step) break;
      }
    }
  } finally {
    clearTimeout(timer);
    await iterator.return(undefined);
  }
}

async function* passOn<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

/** Buffers of a record batch of {@link fields}: validity and values each, with offsets between for the last two. */
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
    let known: { readonly metadata: Uint8Array; readonly message: Message } | undefined;
    for (;;) {
      const prefix = new DataView((await exactly(source, 8)).buffer);
      const length = prefix.getInt32(4, true);
      if (prefix.getInt32(0, true) !== -1 || length < 0 || length > maxMetadataBytes) throw notArrow();
      if (length === 0) break;
      const metadata = await exactly(source, length);
      // Parts of one length say the same of themselves.
      if (!known || !isSame(known.metadata, metadata)) known = { metadata, message: messageOf(metadata) };
      const { message } = known;
      if (message.isSchema()) {
        const { fields: found, metadata } = message.header();
        const names = found.map((field) => field.name);
        if (request !== undefined && metadata.get(requestKey) !== request)
          throw new ExaError('corrupt', 'An answer to another request came in place of the data asked for.');
        if (begun || names.join() !== fields.map((field) => field.name).join()) throw notBatch();
        begun = true;
      } else if (begun && message.isRecordBatch()) {
        const part = await readPart(source, message);
        if (part) yield part;
      } else throw notBatch();
    }
    if (!begun || (await source.take(1)).length > 0) throw notBatch();
  } finally {
    await source.close();
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** Undefined for a batch of no rows: the store is at work. */
async function readPart(
  source: ByteSource,
  message: Message<MessageHeader.RecordBatch>,
): Promise<BatchPart | undefined> {
  const { bodyLength } = message;
  const { buffers, length } = message.header();
  if (length === 0 && bodyLength <= maxMetadataBytes) {
    await exactly(source, bodyLength);
    return undefined;
  }
  const last = buffers[bufferCount - 1];
  if (!last || length !== 1 || buffers.length !== bufferCount || !(bodyLength <= maxBodyBytes))
    throw notBatch();
  // All but the body: a few numbers and the checksum.
  const head = await exactly(source, last.offset);
  const view = new DataView(head.buffer);
  const at = (buffer: number, index = 0, bytes = 4) => {
    const place = buffers[buffer]!.offset + index * bytes;
    if (place + bytes > head.length) throw notBatch();
    return place;
  };
  const int = (buffer: number, index = 0) => view.getInt32(at(buffer, index), true);
  const double = (buffer: number) => view.getFloat64(at(buffer, 0, 8), true);
  const kind = kinds[view.getInt8(at(3, 0, 1))];
  const [start, end] = [int(16), int(16, 1)];
  if (!kind || start < 0 || end < start || last.offset + end > bodyLength) throw notBatch();
  const checksum = head.subarray(buffers[14]!.offset + int(13), buffers[14]!.offset + int(13, 1));
  if (start > 0) await exactly(source, start);
  const body = await exactly(source, end - start);
  const padding = bodyLength - last.offset - end;
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

function messageOf(metadata: Uint8Array): Message {
  try {
    return Message.decode(metadata);
  } catch (cause) {
    throw notArrow(cause);
  }
}

function notArrow(cause?: unknown): ExaError {
  return new ExaError('corrupt', 'The batch received is not Arrow data.', { cause });
}

function notBatch(): ExaError {
  return new ExaError('corrupt', 'The store answered with something other than a batch.');
}
