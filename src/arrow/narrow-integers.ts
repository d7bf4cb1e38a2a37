/** The narrowest signed integers that hold every value that is not null: a page of small numbers is a small page. */
export function narrowInts(
  values: Int32Array,
  validity: Uint8Array | undefined,
): Int8Array | Int16Array | Int32Array {
  let spread = 0;
  for (let i = 0; i < values.length; i++) {
    // Negative numbers fold onto the magnitude that decides their width.
    const folded = values[i]! ^ (values[i]! >> 31);
    if (folded > spread && isPresent(validity, i)) spread = folded;
  }
  if (spread < 0x80) return new Int8Array(values);
  if (spread < 0x8000) return new Int16Array(values);
  return values;
}

/** As {@link narrowInts}, of 64-bit integers. */
export function narrowWide(
  values: BigInt64Array,
  validity: Uint8Array | undefined,
): Int8Array | Int16Array | Int32Array | BigInt64Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const low = new Int32Array(values.length);
  for (let i = 0; i < low.length; i++) {
    low[i] = words[2 * i]!;
    if (words[2 * i + 1] !== low[i]! >> 31 && isPresent(validity, i)) return values;
  }
  return narrowInts(low, validity);
}

function isPresent(validity: Uint8Array | undefined, index: number): boolean {
  return validity === undefined || ((validity[index >> 3]! >> (index & 7)) & 1) === 1;
}
