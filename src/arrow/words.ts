const two32 = 4_294_967_296;

/** Exact integers as doubles (|n| ≤ 2^53) written as 64-bit words, without a BigInt a value. */
export function int64FromDoubles(values: Float64Array): BigInt64Array {
  const words = new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const high = Math.floor(value / two32);
    words[2 * i] = value - high * two32;
    words[2 * i + 1] = high;
  }
  return new BigInt64Array(words.buffer);
}

/** The nearest doubles of 64-bit integers, in `room` where given; exact within ±2^53. */
export function doublesFromInt64(values: BigInt64Array, room?: ArrayBuffer): Float64Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const doubles = room ? new Float64Array(room, 0, values.length) : new Float64Array(values.length);
  for (let i = 0; i < doubles.length; i++) doubles[i] = words[2 * i + 1]! * two32 + (words[2 * i]! >>> 0);
  return doubles;
}

/** 64-bit integers of narrower ones, in `room` where given. */
export function wideFromInts(values: Int8Array | Int16Array | Int32Array, room?: ArrayBuffer): BigInt64Array {
  const words = room ? new Int32Array(room, 0, values.length * 2) : new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    words[2 * i] = value;
    words[2 * i + 1] = value >> 31;
  }
  return new BigInt64Array(words.buffer, 0, values.length);
}
