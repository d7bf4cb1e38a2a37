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

/** A stream of one batch, in order: a large body by itself, all else joined; it begins and ends with a joined piece. */
function encodePart(part: BatchPart, schema: Schema): Uint8Array[] {
  const checksum = encodeTexts([part.checksum]);
  const one = { length: 1, nullCount: 0 };
  const children: Data[] = [
    makeData({ type: new Int32(), ...one, data: Int32Array.of(part.item) }),
    makeData({ type: new Int8(), ...one, data: Int8Array.of(kinds.indexOf(part.kind)) }),
    makeData({ type: new Float64(), ...one, data: Float64Array.of(part.version) }),
    makeData({ type: new Int32(), ...one, data: Int32Array.of(part.block) }),
    makeData({ type: new Int32(), ...one, data: Int32Array.of(part.level) }),
    makeData({ type: new Float64(), ...one, data: Float64Array.of(part.revision) }),
    makeData({ type: new Utf8(), ...one, valueOffsets: checksum.offsets, data: checksum.bytes }),
    makeData({
      type: new Binary(),
      ...one,
      valueOffsets: Int32Array.of(0, part.body.byteLength),
      data: part.body,
    }),
  ];
  const writer = new PieceWriter();
  writer.write(new RecordBatch(schema, makeData({ type: rowType, ...one, children })));
  writer.finish();
  return joinSmall(writer.pieces);
}

/** Bytes from which on a piece is passed on as it is. */
const largePiece = 32 * 1024;

function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  for (let at = 0; at < pieces.length; ) {
    if (pieces[at]!.byteLength >= largePiece) {
      joined.push(pieces[at++]!);
      continue;
    }
    let end = at;
    let length = 0;
    while (end < pieces.length && pieces[end]!.byteLength < largePiece) length += pieces[end++]!.byteLength;
    const run = new Uint8Array(length);
    for (let into = 0; at < end; at++) {
      run.set(pieces[at]!, into);
      into += pieces[at]!.byteLength;
    }
    joined.push(run);
  }
  return joined;
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
  let begun = false;
  for await (const part of withPauses(parts, aliveMs)) {
    const pieces = part === undefined ? [streamOf(schema, noRows(schema))] : encodePart(part, schema);
    const last = pieces.length - 1;
    for (const [i, piece] of pieces.entries())
      yield piece.subarray(
        i === 0 && begun ? schemaBytes(piece) : 0,
        i === last ? piece.byteLength - endOfStream.byteLength : piece.byteLength,
      );
    begun = true;
  }
  if (!begun) {
    const empty = streamOf(schema);
    yield empty.subarray(0, empty.byteLength - endOfStream.byteLength);
  }
  yield endOfStream;
}

function noRows(schema: Schema): RecordBatch {
  const none = { length: 0, nullCount: 0 };
  const offsets = { valueOffsets: new Int32Array(1), data: new Uint8Array() };
  const children: Data[] = [
    makeData({ type: new Int32(), ...none, data: new Int32Array() }),
    makeData({ type: new Int8(), ...none, data: new Int8Array() }),
    makeData({ type: new Float64(), ...none, data: new Float64Array() }),
    makeData({ type: new Int32(), ...none, data: new Int32Array() }),
    makeData({ type: new Int32(), ...none, data: new Int32Array() }),
    makeData({ type: new Float64(), ...none, data: new Float64Array() }),
    makeData({ type: new Utf8(), ...none, ...offsets }),
    makeData({ type: new Binary(), ...none, ...offsets }),
  ];
  return new RecordBatch(schema, makeData({ type: rowType, ...none, children }));
}

function streamOf(schema: Schema, batch?: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  if (batch) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
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
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  { request }: { readonly request?: string } = {},
): AsyncGenerator<BatchPart> {
  const source = byteSource(chunks);
  try {
    let begun = false;
    for (;;) {
      const prefix = new DataView((await exactly(source, 8)).buffer);
      const length = prefix.getInt32(4, true);
      if (prefix.getInt32(0, true) !== -1 || length < 0 || length > maxMetadataBytes) throw notArrow();
      if (length === 0) break;
      const message = messageOf(await exactly(source, length));
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
  await exactly(source, start);
  const body = await exactly(source, end - start);
  await exactly(source, bodyLength - last.offset - end);
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
