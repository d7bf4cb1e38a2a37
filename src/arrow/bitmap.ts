/** Bytes of 0 and 1 as an Arrow bitmap, least significant bit first. */
export function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (values[i]) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

/** Bits `[offset, offset + length)` as bytes of 0 and 1. */
export function unpackBits(bits: Uint8Array, offset: number, length: number): Uint8Array {
  const values = new Uint8Array(length);
  for (let i = 0, at = offset; i < length; i++, at++) values[i] = (bits[at >> 3]! >> (at & 7)) & 1;
  return values;
}

/** Unset bits among the first `length`. */
export function countUnset(bits: Uint8Array, length: number): number {
  let set = 0;
  for (let i = 0; i < length >> 3; i++) {
    let byte = bits[i]!;
    for (; byte; byte &= byte - 1) set++;
  }
  for (let i = length & ~7; i < length; i++) set += (bits[i >> 3]! >> (i & 7)) & 1;
  return length - set;
}

/** A bitmap with bits `[0, length)` all set. */
export function allSet(length: number): Uint8Array {
  return new Uint8Array((length + 7) >> 3).fill(255);
}
