import {
  Binary,
  type Data,
  Field,
  Float64,
  Int8,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { BatchPart } from '../protocol/batch.ts';
import { ExaError } from '../protocol/errors.ts';
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

function encodePart(part: BatchPart, schema: Schema): Uint8Array {
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
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, makeData({ type: rowType, ...one, children })));
  writer.finish();
  return writer.toUint8Array(true);
}

/** Bytes of the schema message a stream begins with: marker, length, then that many bytes and no body. */
function schemaBytes(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
}

/**
 * One Arrow IPC stream of one record batch a part, made as parts come; nothing is read ahead.
 * `request` names what it answers, so that an answer to something else is noticed.
 */
export async function* encodeBatch(
  parts: AsyncIterable<BatchPart> | Iterable<BatchPart>,
  { request }: { readonly request?: string } = {},
): AsyncGenerator<Uint8Array> {
  const schema = schemaFor(request);
  let begun = false;
  for await (const part of parts) {
    const stream = encodePart(part, schema);
    yield stream.subarray(begun ? schemaBytes(stream) : 0, stream.byteLength - endOfStream.byteLength);
    begun = true;
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

/**
 * Parts of a batch as they arrive; each body owns its buffer. Checksums are the caller's to verify.
 * Throws `corrupt` when the stream is not a batch, answers another request than `request` or was cut short; errors of
 * the source pass through.
 */
export async function* decodeBatch(
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  { request }: { readonly request?: string } = {},
): AsyncGenerator<BatchPart> {
  const source = new TailKeeper(chunks);
  try {
    const reader = await RecordBatchReader.from(source.read());
    await reader.open();
    if (
      reader.schema &&
      reader.schema.fields.map((field) => field.name).join() !== fields.map((f) => f.name).join()
    )
      throw new ExaError('corrupt', 'The store answered with something other than a batch.');
    if (request !== undefined && reader.schema?.metadata.get(requestKey) !== request)
      throw new ExaError('corrupt', 'An answer to another request came in place of the data asked for.');
    for await (const batch of reader) if (batch.numRows > 0) yield decodePart(batch);
  } catch (cause) {
    if (source.failure !== undefined) throw source.failure;
    if (cause instanceof ExaError) throw cause;
    throw new ExaError('corrupt', 'The batch received is not Arrow data.', { cause });
  }
  if (source.failure !== undefined) throw source.failure;
  if (!(await source.endedWith(endOfStream)))
    throw new ExaError('corrupt', 'The batch was cut short on its way.');
}

function decodePart(batch: RecordBatch): BatchPart {
  const column = (i: number) => batch.data.children[i]!;
  const number = (i: number) => column(i).values[0] as number;
  const kind = kinds[number(1)];
  const body = column(7);
  const [start, end] = body.valueOffsets as Int32Array;
  const text = column(6);
  if (batch.numRows !== 1 || !kind || start === undefined || end === undefined)
    throw new ExaError('corrupt', 'A part of the batch could not be read.');
  return {
    item: number(0),
    kind,
    version: number(2),
    block: number(3),
    level: number(4),
    revision: number(5),
    checksum: String.fromCharCode(
      ...(text.values as Uint8Array).subarray(text.valueOffsets[0], text.valueOffsets[1]),
    ),
    body: (body.values as Uint8Array).slice(start, end),
  };
}

/** Passes chunks on, remembering the last bytes and any failure of the source (the Arrow reader swallows both). */
class TailKeeper {
  failure: unknown;
  private tail = new Uint8Array();
  private readonly iterator: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>) {
    this.iterator = (Symbol.asyncIterator in chunks ? chunks : fromReader(chunks))[Symbol.asyncIterator]();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = await this.next();
        if (!chunk) return;
        yield chunk;
      }
    } finally {
      if (this.failure !== undefined) await this.iterator.return?.();
    }
  }

  async endedWith(bytes: Uint8Array): Promise<boolean> {
    while (await this.next());
    return this.tail.length >= bytes.length && bytes.every((b, i) => b === this.tail.at(i - bytes.length));
  }

  private async next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await this.iterator.next();
      if (done || !value) return undefined;
      const joined = new Uint8Array(Math.min(16, this.tail.length + value.length));
      const old = Math.max(0, joined.length - value.length);
      joined.set(this.tail.subarray(this.tail.length - old));
      joined.set(value.subarray(value.length - (joined.length - old)), old);
      this.tail = joined;
      return value;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
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
