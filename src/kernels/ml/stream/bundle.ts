import { ExaError } from '../../../protocol/errors.ts';

/** "EXML" in ASCII: begins a partial of a fit. */
const magic = 0x4c4d5845;

/**
 * Bytes of a list of double arrays: "EXML", their number, their lengths (uint32 each, little endian, padded to a
 * multiple of 8), then the values. NaN is written in its one form.
 */
export function encodeArrays(arrays: readonly Float64Array[]): Uint8Array {
  const head = 8 * Math.ceil((8 + 4 * arrays.length) / 8);
  const size = arrays.reduce((sum, array) => sum + 8 * array.length, head);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, arrays.length, true);
  let at = head;
  arrays.forEach((array, i) => {
    view.setUint32(8 + 4 * i, array.length, true);
    for (const value of array) {
      if (Number.isNaN(value)) view.setUint32(at + 4, 0x7ff80000, true);
      else view.setFloat64(at, value, true);
      at += 8;
    }
  });
  return bytes;
}

/** The inverse of {@link encodeArrays}. Throws `corrupt` on bytes that are not its own. */
export function decodeArrays(bytes: Uint8Array): Float64Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const corrupt = () => new ExaError('corrupt', 'A kept part of a fit cannot be read; it is computed again.');
  if (bytes.byteLength < 8 || view.getUint32(0, true) !== magic) throw corrupt();
  const count = view.getUint32(4, true);
  let at = 8 * Math.ceil((8 + 4 * count) / 8);
  if (at > bytes.byteLength) throw corrupt();
  const arrays: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(8 + 4 * i, true);
    if (at + 8 * length > bytes.byteLength) throw corrupt();
    const array = new Float64Array(length);
    for (let k = 0; k < length; k++, at += 8) array[k] = view.getFloat64(at, true);
    arrays.push(array);
  }
  if (at !== bytes.byteLength) throw corrupt();
  return arrays;
}
