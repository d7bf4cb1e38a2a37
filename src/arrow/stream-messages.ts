import { Type } from 'apache-arrow/enum';
import { Date as DateType } from 'apache-arrow/fb/date';
import { Decimal } from 'apache-arrow/fb/decimal';
import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import type { Field } from 'apache-arrow/fb/field';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Int } from 'apache-arrow/fb/int';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { Timestamp } from 'apache-arrow/fb/timestamp';
import { ByteBuffer } from 'flatbuffers';
import { ExaError } from '../protocol/errors.ts';
import type { ArrowField, ArrowType } from './from-arrow.ts';

/** A column of a stream; of texts `type` is that of their codes, and `dictionary` the number of their texts' batch. */
export interface StreamField extends ArrowField {
  readonly typeId: Type;
  readonly dictionary?: number;
}

/** Rows as they lie in the stream: a node a column, and its buffers one after the other. */
export interface StreamBatch {
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  readonly buffers: readonly Uint8Array[];
}

export type StreamMessage =
  | { readonly kind: 'schema'; readonly fields: readonly StreamField[] }
  | { readonly kind: 'dictionary'; readonly id: number; readonly batch: StreamBatch }
  | { readonly kind: 'rows'; readonly batch: StreamBatch };

/** Messages of an Arrow IPC stream, by the library's own accessors. Throws `corrupt` when it is none, or has no end. */
export function* streamMessages(bytes: Uint8Array): Generator<StreamMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; ; ) {
    if (at + 8 > bytes.length || view.getInt32(at, true) !== -1) throw notArrow();
    const start = at + 8;
    const length = view.getInt32(at + 4, true);
    if (length === 0) return;
    const body = start + length;
    if (length < 0 || body > bytes.length) throw notArrow();
    const message = Message.getRootAsMessage(new ByteBuffer(bytes.subarray(start, body)));
    const end = body + Number(message.bodyLength());
    if (!(end >= body && end <= bytes.length)) throw notArrow();
    yield read(message, bytes.subarray(body, end));
    at = end;
  }
}

function read(message: Message, body: Uint8Array): StreamMessage {
  switch (message.headerType()) {
    case MessageHeader.Schema: {
      const schema: Schema = message.header(new Schema());
      const count = schema.fieldsLength();
      const fields = listed(count, (i) => fieldOf(schema.fields(i)!));
      return { kind: 'schema', fields };
    }
    case MessageHeader.DictionaryBatch: {
      const batch: DictionaryBatch = message.header(new DictionaryBatch());
      if (batch.isDelta()) throw notArrow();
      return { kind: 'dictionary', id: Number(batch.id()), batch: batchOf(batch.data()!, body) };
    }
    case MessageHeader.RecordBatch:
      return { kind: 'rows', batch: batchOf(message.header(new RecordBatch()), body) };
    default:
      throw notArrow();
  }
}

function fieldOf(field: Field): StreamField {
  const metadata = new Map(
    listed(field.customMetadataLength(), (i) => {
      const pair = field.customMetadata(i)!;
      return [pair.key() ?? '', pair.value() ?? ''] as const;
    }),
  );
  const name = field.name() ?? '';
  const encoding = field.dictionary();
  if (encoding)
    return {
      name,
      metadata,
      typeId: Type.Dictionary,
      dictionary: Number(encoding.id()),
      type: { bitWidth: encoding.indexType()?.bitWidth() ?? 32 },
    };
  const typeId = field.typeType() as number as Type;
  return { name, metadata, typeId, type: typeOf(field, typeId) };
}

function typeOf(field: Field, typeId: Type): ArrowType {
  switch (typeId) {
    case Type.Int:
      return { bitWidth: (field.type(new Int()) as Int).bitWidth() };
    case Type.Float:
      // Precision 0, 1, 2 is of 16, 32, 64 bits.
      return { bitWidth: 16 << (field.type(new FloatingPoint()) as FloatingPoint).precision() };
    case Type.Date:
      return { unit: (field.type(new DateType()) as DateType).unit() };
    case Type.Timestamp:
      return { unit: (field.type(new Timestamp()) as Timestamp).unit() };
    case Type.Decimal: {
      const decimal: Decimal = field.type(new Decimal());
      return { precision: decimal.precision(), scale: decimal.scale(), bitWidth: decimal.bitWidth() };
    }
    default:
      return {};
  }
}

function batchOf(batch: RecordBatch, body: Uint8Array): StreamBatch {
  if (batch.compression()) throw notArrow();
  return {
    nodes: listed(batch.nodesLength(), (i) => {
      const node = batch.nodes(i)!;
      return { length: Number(node.length()), nullCount: Number(node.nullCount()) };
    }),
    buffers: listed(batch.buffersLength(), (i) => {
      const buffer = batch.buffers(i)!;
      const [start, length] = [Number(buffer.offset()), Number(buffer.length())];
      if (!(start >= 0 && length >= 0 && start + length <= body.length)) throw notArrow();
      return body.subarray(start, start + length);
    }),
  };
}

/** Longer lists than any of our streams has. */
const mostListed = 2 ** 16;

/** What `at` gives for each of `count`. Throws `corrupt` where they are too many. */
export function listed<T>(count: number, at: (index: number) => T): T[] {
  if (!(count >= 0 && count <= mostListed)) throw notArrow();
  return Array.from({ length: count }, (_, i) => at(i));
}

export function notArrow(cause?: unknown): ExaError {
  return new ExaError('corrupt', 'The bytes received are not Arrow data.', { cause });
}
