import { isInteger, parse, parseNumberAndBigInt } from 'lossless-json';
import {
  fillValues,
  isFloat,
  itemSize,
  literalOf,
  parseDtype,
  valuesOf,
} from '../../../../src/arrays/dtype.ts';
import { dtypeOfNumpy } from '../../../../src/arrays/npy.ts';
import { parseChunk, parseShape } from '../../../../src/arrays/shape.ts';
import type { Dtype, ElementLiteral } from '../../../../src/protocol/array.ts';
import { ExaError } from '../../../../src/protocol/errors.ts';
import type { CodecSpec } from './compressors.ts';

/** What a Zarr folder says of its array, v2 and v3 alike. */
export interface ZarrMetadata {
  readonly format: 2 | 3;
  readonly shape: readonly bigint[];
  readonly dtype: Dtype;
  /** Elements of a stored object (a shard, where sharding is used). */
  readonly chunk: readonly number[];
  readonly fill: ElementLiteral;
  /** Applied first to last when writing: v3's own list, or what v2 says in its terms. */
  readonly codecs: readonly CodecSpec[];
  /** File of a stored object within the folder. */
  readonly keyOf: (place: readonly number[]) => string;
  /** The place of a stored object by its file, or undefined for any other file. */
  readonly placeOf: (key: string) => number[] | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** JSON with whole numbers kept exact. Throws `corrupt` naming the file. */
export function parseExact(text: string, file: string): Json {
  try {
    const value = parse(text, undefined, (digits) =>
      isInteger(digits) && !Number.isSafeInteger(Number(digits))
        ? parseNumberAndBigInt(digits)
        : Number(digits),
    );
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch (cause) {
    throw new ExaError('corrupt', `${file} is not JSON: the array cannot be opened.`, { cause });
  }
  throw new ExaError('corrupt', `${file} does not describe an array.`);
}

/** `zarr.json` of an array. Throws `invalid` for what is not known here, by name. */
export function parseVersion3(text: string): ZarrMetadata {
  const json = parseExact(text, 'zarr.json');
  if (json.zarr_format !== 3 || json.node_type !== 'array')
    throw new ExaError(
      'invalid',
      `zarr.json describes a ${String(json.node_type)}, not an array: name the folder of one.`,
    );
  const shape = parseShape(json.shape);
  const dtype = dtypeOfName(json.data_type);
  const grid = namedOf(json.chunk_grid, 'chunk grid');
  if (grid.name !== 'regular')
    throw new ExaError('invalid', `The array has a “${grid.name}” chunk grid: only regular ones are read.`);
  const chunk = parseChunk(grid.configuration.chunk_shape, shape, 1);
  const key = namedOf(json.chunk_key_encoding, 'chunk key encoding');
  const separator = String(key.configuration.separator ?? (key.name === 'v2' ? '.' : '/'));
  if (!Array.isArray(json.codecs)) throw new ExaError('corrupt', 'zarr.json lists no codecs.');
  return {
    format: 3,
    shape,
    dtype,
    chunk,
    fill: fillOf(dtype, json.fill_value),
    codecs: json.codecs.map((codec) => namedOf(codec, 'codec')),
    ...keysOf(key.name === 'v2' ? '' : 'c', separator, shape.length),
  };
}

/** `.zarray` of an array. Throws `invalid` for what is not known here, by name. */
export function parseVersion2(text: string): ZarrMetadata {
  const json = parseExact(text, '.zarray');
  const shape = parseShape(json.shape);
  const { dtype, big } = dtypeOfNumpy(json.dtype);
  const chunk = parseChunk(json.chunks, shape, itemSize(dtype));
  const filters = Array.isArray(json.filters) ? json.filters : [];
  if (filters.length > 0)
    throw new ExaError(
      'invalid',
      `The array uses the filter “${String((filters[0] as Json).id)}”, which is not known here.`,
    );
  const codecs: CodecSpec[] = [];
  if (json.order === 'F')
    codecs.push({
      name: 'transpose',
      configuration: { order: shape.map((_, axis) => shape.length - 1 - axis) },
    });
  codecs.push({ name: 'bytes', configuration: { endian: big ? 'big' : 'little' } });
  const compressor = json.compressor as Json | null | undefined;
  if (compressor) codecs.push({ name: String(compressor.id), configuration: compressor });
  const separator = json.dimension_separator === '/' ? '/' : '.';
  return {
    format: 2,
    shape,
    dtype,
    chunk,
    fill: fillOf(dtype, json.fill_value ?? undefined),
    codecs,
    ...keysOf('', separator, shape.length),
  };
}

function namedOf(value: unknown, what: string): CodecSpec {
  if (typeof value === 'string') return { name: value, configuration: {} };
  if (typeof value === 'object' && value !== null && 'name' in value)
    return {
      name: String(value.name),
      configuration: (('configuration' in value ? value.configuration : undefined) as Json | undefined) ?? {},
    };
  throw new ExaError('corrupt', `The metadata of the array has no readable ${what}.`);
}

function dtypeOfName(value: unknown): Dtype {
  if (typeof value === 'object' && value !== null) {
    const { name, configuration } = namedOf(value, 'data type');
    if (name === 'numpy.datetime64' && Number(configuration.scale_factor ?? 1) === 1)
      return parseDtype(`datetime64[${String(configuration.unit)}]`);
    return parseDtype(name);
  }
  return parseDtype(value);
}

function fillOf(dtype: Dtype, value: unknown): ElementLiteral {
  const plain =
    typeof value === 'bigint'
      ? String(value)
      : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : undefined;
  if (typeof plain === 'string' && /^0x[0-9a-f]+$/i.test(plain)) return fillOfBits(dtype, plain);
  if (dtype === 'bool') return plain === true || plain === 1;
  return literalOf(dtype, fillValues(dtype, plain), 0);
}

/** A fill value that v3 writes as the bits of a float, its highest byte first: `0x7fc00000`. */
function fillOfBits(dtype: Dtype, text: string): ElementLiteral {
  const size = itemSize(dtype);
  const digits = text.slice(2);
  if (!isFloat(dtype) || digits.length !== 2 * size)
    throw new ExaError('invalid', `The array’s fill value “${text}” is not a value of ${dtype}.`);
  const bytes = Uint8Array.from({ length: size }, (_, i) => {
    const at = 2 * (size - 1 - i);
    return Number.parseInt(digits.slice(at, at + 2), 16);
  });
  return literalOf(dtype, valuesOf(dtype, bytes), 0);
}

function keysOf(prefix: string, separator: string, rank: number): Pick<ZarrMetadata, 'keyOf' | 'placeOf'> {
  const scalar = prefix === '' ? '0' : prefix;
  const head = prefix === '' ? '' : `${prefix}${separator}`;
  return {
    keyOf: (place) => (rank === 0 ? scalar : head + place.join(separator)),
    placeOf: (key) => {
      if (rank === 0) return key === scalar ? [] : undefined;
      if (!key.startsWith(head)) return undefined;
      const parts = key.slice(head.length).split(separator);
      if (parts.length !== rank || !parts.every((part) => /^\d+$/.test(part))) return undefined;
      return parts.map(Number);
    },
  };
}
