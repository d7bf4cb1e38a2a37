import { promisify } from 'node:util';
import { gunzip, gzip, inflate } from 'node:zlib';
import { ExaError } from '../../../../src/protocol/errors.ts';
import { crc32c } from './crc32c.ts';

/** A codec that turns bytes into bytes. */
export interface Compressor {
  encode(bytes: Uint8Array): Promise<Uint8Array>;
  decode(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A codec as a Zarr folder names it: v3 `{name, configuration}`, v2 `{id, …}` (the rest is its configuration). */
export interface CodecSpec {
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);

/** WebAssembly codecs are loaded when a folder first asks for one. */
const loaders = {
  blosc: async () => (await import('numcodecs/blosc')).default,
  lz4: async () => (await import('numcodecs/lz4')).default,
  zstd: async () => (await import('numcodecs/zstd')).default,
};

/** Names of codecs as people know them; `numcodecs.` is how Zarr v3 names those of v2. */
const known = ['gzip', 'zlib', 'zstd', 'blosc', 'lz4', 'crc32c'] as const;

/** The codec of a name. Throws `invalid` for one this store does not know, naming it. */
export function compressorOf({ name, configuration }: CodecSpec): Compressor {
  const plain = known.find((one) => one === name.replace(/^numcodecs\./, ''));
  switch (plain) {
    case 'gzip': {
      const level = typeof configuration.level === 'number' ? configuration.level : 1;
      return { encode: (bytes) => gzipAsync(bytes, { level }), decode: (bytes) => gunzipAsync(bytes) };
    }
    case 'zlib':
      return { encode: refuseEncoding(name), decode: (bytes) => inflateAsync(bytes) };
    case 'crc32c':
      return { encode: async (bytes) => withSum(bytes), decode: async (bytes) => withoutSum(bytes) };
    case 'zstd': {
      const level = typeof configuration.level === 'number' ? configuration.level : 1;
      const codec = async () => (await loaders.zstd()).fromConfig({ id: 'zstd', level });
      return {
        encode: async (bytes) => (await codec()).encode(bytes),
        decode: async (bytes) => (await codec()).decode(bytes),
      };
    }
    case 'blosc':
    case 'lz4':
      return {
        encode: refuseEncoding(name),
        decode: async (bytes) => (await loaders[plain]()).fromConfig({ id: plain }).decode(bytes),
      };
    default:
      throw new ExaError(
        'invalid',
        `The array is compressed with “${name}”, which is not known here: those known are ${known.join(', ')}.`,
        { facts: { codec: name } },
      );
  }
}

function refuseEncoding(name: string): () => Promise<never> {
  return async () => {
    throw new ExaError('invalid', `Arrays are written with gzip, zstd and crc32c here, not with ${name}.`);
  };
}

function withSum(bytes: Uint8Array): Uint8Array {
  const summed = new Uint8Array(bytes.length + 4);
  summed.set(bytes);
  new DataView(summed.buffer).setUint32(bytes.length, crc32c(bytes), true);
  return summed;
}

function withoutSum(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, Math.max(0, bytes.length - 4));
  const sum = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4 || sum.getUint32(body.length, true) !== crc32c(body))
    throw new ExaError('corrupt', 'A checksum of the array does not match: it was damaged or cut short.');
  return body;
}
