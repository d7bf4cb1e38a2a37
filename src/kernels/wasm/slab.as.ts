// xxHash64 with seed 0 (Yann Collet's specification) and the eight-lane sum of doubles, of bytes where they lie.

const prime1: u64 = 0x9e3779b185ebca87;
const prime2: u64 = 0xc2b2ae3d27d4eb4f;
const prime3: u64 = 0x165667b19e3779f9;
const prime4: u64 = 0x85ebca77c2b2ae63;
const prime5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(lane: u64, input: u64): u64 {
  return rotl<u64>(lane + input * prime2, 31) * prime1;
}

// @ts-ignore: decorator
@inline
function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * prime1 + prime4;
}

export function hash(start: usize, length: usize): u64 {
  const end = start + length;
  let at = start;
  let hash: u64 = prime5;
  if (length >= 32) {
    let a: u64 = prime1 + prime2;
    let b: u64 = prime2;
    let c: u64 = 0;
    let d: u64 = 0 - prime1;
    const last = end - 32;
    do {
      a = round(a, load<u64>(at));
      b = round(b, load<u64>(at, 8));
      c = round(c, load<u64>(at, 16));
      d = round(d, load<u64>(at, 24));
      at += 32;
    } while (at <= last);
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  }
  hash += <u64>length;
  for (; at + 8 <= end; at += 8) hash = rotl<u64>(hash ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  if (at + 4 <= end) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl<u64>(hash ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return hash ^ (hash >> 32);
}

/** Of `length` doubles, a multiple of eight: lanes by position modulo 8, joined ((0+1)+(2+3))+((4+5)+(6+7)). */
export function laneSum(start: usize, length: i32): f64 {
  const end = start + ((<usize>length) << 3);
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (let at = start; at < end; at += 64) {
    a = f64x2.add(a, v128.load(at));
    b = f64x2.add(b, v128.load(at, 16));
    c = f64x2.add(c, v128.load(at, 32));
    d = f64x2.add(d, v128.load(at, 48));
  }
  return (
    f64x2.extract_lane(a, 0) +
    f64x2.extract_lane(a, 1) +
    (f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1)) +
    (f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1) + (f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1)))
  );
}
