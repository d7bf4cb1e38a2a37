import { apartStart, loadApart } from './load-apart.ts';
import { bytes as module } from './slab.as.ts?wasm';

interface Exports {
  hash(start: number, length: number): bigint;
  laneSum(start: number, length: number): number;
}

const slabs = new WeakMap<ArrayBufferLike, Exports>();

/**
 * Memory whose bytes are checked and added up where they lie: files are read into it, sockets written from it. It never
 * grows, so that views of it stay. Undefined where WebAssembly is missing: ordinary buffers and the twins serve then.
 */
export function openSlab(byteLength: number): Uint8Array<ArrayBuffer> | undefined {
  const loaded = loadApart<Exports>(module, byteLength);
  if (!loaded) return undefined;
  slabs.set(loaded.memory.buffer, loaded.exports);
  return new Uint8Array(loaded.memory.buffer, apartStart, byteLength);
}

/** xxHash64 (seed 0) as 16 hexadecimal digits, of bytes of a slab; undefined for any others. */
export function checksumInSlab({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const exports = slabs.get(buffer);
  if (!exports) return undefined;
  return BigInt.asUintN(64, exports.hash(byteOffset, byteLength)).toString(16).padStart(16, '0');
}

/**
 * The sum of doubles of a slab, a multiple of eight: in eight lanes by position, joined ((0+1)+(2+3))+((4+5)+(6+7));
 * undefined for any others.
 */
export function laneSumInSlab({ buffer, byteOffset, length }: Float64Array): number | undefined {
  if (length % 8 !== 0) return undefined;
  return slabs.get(buffer)?.laneSum(byteOffset, length);
}
