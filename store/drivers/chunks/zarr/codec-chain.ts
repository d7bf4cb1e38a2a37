import { copyElements } from '../../../../src/arrays/copy-elements.ts';
import {
  bytesOf,
  filled,
  fillValues,
  itemSize,
  type Values,
  valuesOf,
} from '../../../../src/arrays/dtype.ts';
import { chunkVolume, parseChunk, shapeText, stridesOf } from '../../../../src/arrays/shape.ts';
import type { Dtype, ElementLiteral } from '../../../../src/protocol/array.ts';
import { ExaError } from '../../../../src/protocol/errors.ts';
import { type CodecSpec, compressorOf } from './compressors.ts';

/** Index entry of a chunk that a shard does not have. */
const absent = 2n ** 64n - 1n;

/** What the elements of a stored object are. */
export interface ElementKind {
  readonly dtype: Dtype;
  readonly fill: ElementLiteral;
}

/**
 * The elements, in C order, of a stored object of `shape`. Throws `invalid` for an unknown codec, `corrupt` for bytes that
 * are cut, damaged, or of another size than the metadata says.
 */
export async function decodeObject(
  codecs: readonly CodecSpec[],
  bytes: Uint8Array,
  shape: readonly number[],
  kind: ElementKind,
): Promise<Values> {
  const at = codecs.findIndex(
    ({ name }) => name === 'bytes' || name === 'endian' || name === 'sharding_indexed',
  );
  const toBytes = codecs[at];
  if (!toBytes) {
    const first = codecs.find(({ name }) => name !== 'transpose');
    if (first) compressorOf(first);
    throw new ExaError('invalid', 'The array’s codecs do not say how elements become bytes.');
  }
  const before = codecs.slice(0, at);
  const unknown = before.find(({ name }) => name !== 'transpose');
  if (unknown)
    throw new ExaError('invalid', `The array uses the codec “${unknown.name}”, which is not known here.`, {
      facts: { codec: unknown.name },
    });
  let body = bytes;
  for (const codec of codecs.slice(at + 1).reverse()) {
    const compressor = compressorOf(codec);
    try {
      body = await compressor.decode(body);
    } catch (cause) {
      if (cause instanceof ExaError) throw cause;
      throw new ExaError(
        'corrupt',
        `A chunk of the array is not what “${codec.name}” makes: it was damaged or cut short.`,
        {
          cause,
        },
      );
    }
  }
  let inner = [...shape];
  for (const { configuration } of before)
    inner = orderOf(configuration.order, shape.length).map((axis) => inner[axis]!);
  let values =
    toBytes.name === 'sharding_indexed'
      ? await decodeShard(toBytes, body, inner, kind)
      : decodeBytes(toBytes, body, inner, kind);
  for (const { configuration } of [...before].reverse()) {
    const order = orderOf(configuration.order, shape.length);
    const outer = new Array<number>(order.length);
    for (const [i, axis] of order.entries()) outer[axis] = inner[i]!;
    const target = filled(kind.dtype, values.length, fillValues(kind.dtype, undefined));
    const outerStrides = stridesOf(outer, 'C');
    copyElements(
      inner,
      { values, strides: stridesOf(inner, 'C') },
      { values: target, strides: order.map((axis) => outerStrides[axis]!) },
    );
    values = target;
    inner = outer;
  }
  return values;
}

function orderOf(order: unknown, rank: number): number[] {
  if (order === 'F') return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (order === 'C') return Array.from({ length: rank }, (_, axis) => axis);
  if (
    Array.isArray(order) &&
    [...order].sort((a, b) => a - b).every((axis, i) => axis === i) &&
    order.length === rank
  )
    return order as number[];
  throw new ExaError('corrupt', 'The array’s transpose codec has no readable order.');
}

function decodeBytes(
  codec: CodecSpec,
  bytes: Uint8Array,
  shape: readonly number[],
  { dtype }: ElementKind,
): Values {
  const size = itemSize(dtype);
  const expected = chunkVolume(shape) * size;
  if (bytes.length !== expected)
    throw new ExaError(
      'corrupt',
      `A chunk of the array holds ${bytes.length} bytes, and ${shapeText(shape)} elements of ${dtype} take ${expected}: its metadata and its data do not belong together.`,
    );
  if (codec.configuration.endian !== 'big' || size === 1) return valuesOf(dtype, bytes);
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return valuesOf(dtype, swapped);
}

async function decodeShard(
  { configuration }: CodecSpec,
  bytes: Uint8Array,
  shape: readonly number[],
  kind: ElementKind,
): Promise<Values> {
  const chunk = parseChunk(configuration.chunk_shape, shape.map(BigInt), itemSize(kind.dtype));
  const codecs = listOf(configuration.codecs);
  const indexCodecs = listOf(configuration.index_codecs);
  const grid = shape.map((size, axis) => Math.ceil(size / chunk[axis]!));
  const count = chunkVolume(grid);
  const sums = indexCodecs.filter(({ name }) => name === 'crc32c').length;
  const indexBytes = count * 16 + 4 * sums;
  if (bytes.length < indexBytes)
    throw new ExaError(
      'corrupt',
      `A shard of the array has ${bytes.length} bytes, less than its index alone: it was cut short.`,
    );
  const atStart = configuration.index_location === 'start';
  const raw = atStart ? bytes.subarray(0, indexBytes) : bytes.subarray(bytes.length - indexBytes);
  const index = (await decodeObject(indexCodecs, raw, [count, 2], {
    dtype: 'uint64',
    fill: 0,
  })) as BigUint64Array;
  const values = filled(kind.dtype, chunkVolume(shape), fillValues(kind.dtype, kind.fill));
  const strides = stridesOf(shape, 'C');
  for (let i = 0; i < count; i++) {
    const offset = index[2 * i]!;
    const length = index[2 * i + 1]!;
    if (offset === absent && length === absent) continue;
    if (offset + length > BigInt(bytes.length))
      throw new ExaError('corrupt', 'A shard of the array names a chunk beyond its end: it was cut short.');
    const part = bytes.subarray(Number(offset), Number(offset + length));
    const inner = await decodeObject(codecs, part, chunk, kind);
    let rest = i;
    const place = new Array<number>(grid.length);
    for (let axis = grid.length - 1; axis >= 0; axis--) {
      place[axis] = rest % grid[axis]!;
      rest = Math.floor(rest / grid[axis]!);
    }
    const start = place.reduce((sum, at, axis) => sum + at * chunk[axis]! * strides[axis]!, 0);
    const size = place.map((at, axis) => Math.min(chunk[axis]!, shape[axis]! - at * chunk[axis]!));
    const target = values.subarray(start) as Values;
    copyElements(size, { values: inner, strides: stridesOf(chunk, 'C') }, { values: target, strides });
  }
  return values;
}

function listOf(codecs: unknown): CodecSpec[] {
  if (!Array.isArray(codecs)) throw new ExaError('corrupt', 'The array’s sharding codec lists no codecs.');
  return codecs.map((codec) => ({
    name: String(codec.name ?? codec),
    configuration: codec.configuration ?? {},
  }));
}

/** A shard (`sharding_indexed`, index at its end) of chunks already in their stored form; undefined where there is none. */
export async function encodeShard(
  chunks: readonly (Uint8Array | undefined)[],
  codecs: readonly CodecSpec[],
): Promise<Uint8Array> {
  const index = new BigUint64Array(chunks.length * 2).fill(absent);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [i, chunk] of chunks.entries()) {
    if (!chunk) continue;
    let body = chunk;
    for (const codec of codecs) body = await compressorOf(codec).encode(body);
    index[2 * i] = BigInt(offset);
    index[2 * i + 1] = BigInt(body.length);
    parts.push(body);
    offset += body.length;
  }
  const footer = await compressorOf({ name: 'crc32c', configuration: {} }).encode(bytesOf(index as Values));
  return Buffer.concat([...parts, footer]);
}
