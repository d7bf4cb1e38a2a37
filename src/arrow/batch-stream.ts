import {
  Binary,
  type Data,
  Field,
  Float64,
  Int8,
  Int32,
  Message,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { BatchPart } from '../protocol/batch.ts';
import { joined } from './joined.ts';
import { partFields, partKinds, requestKey } from './read-batch.ts';
import { encodeTexts } from './utf8.ts';

const types = [
  new Int32(),
  new Int8(),
  new Float64(),
  new Int32(),
  new Int32(),
  new Float64(),
  new Utf8(),
  new Binary(),
];
const fields = partFields.map((name, i) => new Field(name, types[i]!));

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
      data: Int8Array.from(parts.map(({ kind }) => partKinds.indexOf(kind))),
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
  /** Where each field's value lies in the head, by its name in {@link partFields}. */
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
  const message = Message.decode(head.subarray(8, 8 + metadata));
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
  view.setInt8(at.kind, partKinds.indexOf(part.kind));
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
