import { Type } from 'apache-arrow/enum';
import { isExaError } from '../protocol/errors.ts';
import { concatColumns } from './build-column.ts';
import type { ColumnData } from './column-data.ts';
import { type ArrowData, type ArrowField, fromArrow } from './from-arrow.ts';
import { notArrow, type StreamBatch, type StreamField, streamMessages } from './stream-messages.ts';

/**
 * Columns of an Arrow IPC stream as `encodeColumns` makes it; several record batches are joined. Values are views of
 * `bytes` where possible. Pages that show a gadget load this: it reads our own forms alone, with a tenth of the library's code;
 * `foreignColumns` reads what other programs send.
 * Throws `corrupt` when the bytes are not such a stream or end before it does.
 */
export function decodeColumns(bytes: Uint8Array): Record<string, ColumnData> {
  return Object.fromEntries(openColumns(bytes).map((column) => [column.name, columnOf(column)]));
}

/** A column of a stream as it lies there: a part a record batch, at least one. */
export interface OpenColumn {
  readonly name: string;
  readonly parts: readonly { readonly field: ArrowField; readonly data: ArrowData }[];
}

/** The columns of a stream as they lie there, views of `bytes`; throws as {@link decodeColumns} does. */
export function openColumns(bytes: Uint8Array): OpenColumn[] {
  return reading(() => readColumns(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()));
}

/** An open column as kernels read it; throws as {@link decodeColumns} does. */
export function columnOf({ parts }: OpenColumn): ColumnData {
  return reading(() => {
    const columns = parts.map(({ field, data }) => fromArrow(field, data));
    return columns.length === 1 ? columns[0]! : concatColumns(columns);
  });
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw isExaError(cause) ? cause : notArrow(cause);
  }
}

function readColumns(bytes: Uint8Array): OpenColumn[] {
  let fields: readonly StreamField[] | undefined;
  const texts = new Map<number, ArrowData>();
  const batches: (readonly ArrowData[])[] = [];
  for (const message of streamMessages(bytes)) {
    if (message.kind === 'schema') fields = message.fields;
    else if (message.kind === 'dictionary') texts.set(message.id, textsOf(message.batch));
    else if (fields) batches.push(partsOf(fields, message.batch, texts));
  }
  if (!fields) throw notArrow();
  if (batches.length === 0) batches.push(partsOf(fields, noRows(fields), texts));
  return fields.map((field, i) => ({
    name: field.name,
    parts: batches.map((columns) => ({ field, data: columns[i]! })),
  }));
}

function partsOf(
  fields: readonly StreamField[],
  { nodes, buffers }: StreamBatch,
  texts: ReadonlyMap<number, ArrowData>,
): ArrowData[] {
  if (nodes.length !== fields.length || buffers.length !== 2 * fields.length) throw notArrow();
  return fields.map((field, i) => {
    const { length, nullCount } = nodes[i]!;
    const nullBitmap = buffers[2 * i]!;
    if (!(length >= 0) || (nullCount !== 0 && nullBitmap.length < Math.ceil(length / 8))) throw notArrow();
    const dictionary = field.dictionary === undefined ? undefined : texts.get(field.dictionary);
    return {
      typeId: field.typeId,
      length,
      offset: 0,
      nullCount,
      nullBitmap,
      values: valuesOf(field, buffers[2 * i + 1]!, length),
      valueOffsets: new Int32Array(0),
      dictionary: { data: dictionary ? [dictionary] : [noTexts] },
    };
  });
}

function valuesOf({ typeId, type }: StreamField, bytes: Uint8Array, length: number): ArrayBufferView {
  const { bitWidth = 64, unit } = type;
  switch (typeId) {
    case Type.Bool:
      if (bytes.length < Math.ceil(length / 8)) throw notArrow();
      return bytes;
    case Type.Int:
    case Type.Dictionary:
      return integersOf(bitWidth, bytes, length);
    case Type.Float:
      if (bitWidth !== 64) throw notArrow();
      return viewOf(Float64Array, bytes, length);
    case Type.Date:
      return unit === 0 ? viewOf(Int32Array, bytes, length) : viewOf(BigInt64Array, bytes, length);
    case Type.Timestamp:
      return viewOf(BigInt64Array, bytes, length);
    case Type.Decimal:
      return viewOf(Uint32Array, bytes, 4 * length);
    default:
      throw notArrow();
  }
}

function integersOf(bitWidth: number, bytes: Uint8Array, length: number): ArrayBufferView {
  switch (bitWidth) {
    case 8:
      return viewOf(Int8Array, bytes, length);
    case 16:
      return viewOf(Int16Array, bytes, length);
    case 32:
      return viewOf(Int32Array, bytes, length);
    case 64:
      return viewOf(BigInt64Array, bytes, length);
    default:
      throw notArrow();
  }
}

interface ViewOf<V> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): V;
}

function viewOf<V>(View: ViewOf<V>, bytes: Uint8Array, length: number): V {
  if (bytes.length < length * View.BYTES_PER_ELEMENT) throw notArrow();
  const placed = bytes.byteOffset % View.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new View(placed.buffer, placed.byteOffset, length);
}

/** The texts of a dictionary. Throws `corrupt` where one would end before it begins, or after their bytes. */
function textsOf({ nodes, buffers: [, offsets, values] }: StreamBatch): ArrowData {
  const length = nodes[0]?.length ?? 0;
  if (!offsets || !values) throw notArrow();
  if (length === 0) return noTexts;
  const valueOffsets = viewOf(Int32Array, offsets, length + 1);
  let last = 0;
  for (const offset of valueOffsets) {
    if (offset < last || offset > values.length) throw notArrow();
    last = offset;
  }
  return { ...noTexts, length, values, valueOffsets };
}

const noTexts: ArrowData = {
  typeId: Type.Utf8,
  length: 0,
  offset: 0,
  nullCount: 0,
  values: new Uint8Array(0),
  valueOffsets: new Int32Array(1),
};

function noRows(fields: readonly StreamField[]): StreamBatch {
  return {
    nodes: fields.map(() => ({ length: 0, nullCount: 0 })),
    buffers: fields.flatMap(() => [new Uint8Array(0), new Uint8Array(0)]),
  };
}
