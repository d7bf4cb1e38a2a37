import {
  type Data,
  type DataType,
  Field,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
} from 'apache-arrow';
import { type Dtype, dtypes } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';
import { exact } from './columns-stream.ts';

/** Metadata of the one field: the element type (`bool` travels as bytes, `datetime64` as int64). */
const dtypeKey = 'exanalytics:dtype';

const types: Readonly<Record<string, () => DataType>> = {
  bool: () => new Uint8(),
  int8: () => new Int8(),
  int16: () => new Int16(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  uint64: () => new Uint64(),
  float16: () => new Float16(),
  float32: () => new Float32(),
  float64: () => new Float64(),
};

/** An array's chunk as an Arrow IPC stream of one column `v`, in the chunk's memory order. */
export function encodeElements(
  dtype: Dtype,
  values: ArrayBufferView & { readonly length: number },
): Uint8Array {
  const type = (types[dtype] ?? types.int64!)();
  const field = new Field('v', type, false, new Map([[dtypeKey, dtype]]));
  const { length } = values;
  const child = makeData({ type, length, nullCount: 0, data: values } as Parameters<
    typeof makeData
  >[0]) as Data;
  const struct = makeData({ type: new Struct([field]), length, nullCount: 0, children: [child] });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(new Schema([field]), struct));
  writer.finish();
  return exact(writer.toUint8Array(true));
}

/** The bytes of a chunk's elements, little-endian; a view where possible. Throws `corrupt`. */
export function decodeElements(bytes: Uint8Array): { readonly dtype: Dtype; readonly bytes: Uint8Array } {
  try {
    const reader = RecordBatchReader.from(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()).open();
    const field = reader.schema.fields[0];
    const dtype = dtypes.find((one) => one === field?.metadata.get(dtypeKey));
    const batches = reader.readAll();
    const data = batches[0]?.data.children[0];
    const values = data?.values as ArrayBufferView | undefined;
    if (dtype && data && values && batches.length === 1) {
      const width = values.byteLength / Math.max(1, (values as unknown as ArrayLike<unknown>).length);
      return { dtype, bytes: new Uint8Array(values.buffer, values.byteOffset, data.length * width) };
    }
  } catch (cause) {
    throw new ExaError('corrupt', 'The bytes received are not a chunk of an array.', { cause });
  }
  throw new ExaError('corrupt', 'The bytes received are not a chunk of an array.');
}
