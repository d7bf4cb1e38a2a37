import { bytesAt, inlineBytes, stringBytes, type Vector, vectorBytes } from './vectors.ts';

const two32 = 4_294_967_296;
/**
 * Texts at most this far apart in memory are fetched in one call. Less than a page of memory (4 096 bytes), so
 * that no page is read in which no text lies.
 */
const gapBytes = 4095;

/** Hands every text of a string vector to `each`, as UTF-8 bytes that are gone afterwards; nulls are left out, order is free. */
export function readTexts(
  vector: Vector,
  validity: Uint8Array | undefined,
  rows: number,
  each: (row: number, bytes: Uint8Array, start: number, length: number) => void,
): void {
  const bytes = vectorBytes(vector, rows * stringBytes);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, rows * 4);
  const far: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (validity && ((validity[row >> 3]! >> (row & 7)) & 1) === 0) continue;
    const length = words[row * 4]!;
    if (length <= inlineBytes) each(row, bytes, row * stringBytes + 4, length);
    else far.push(row);
  }
  if (far.length) readFar(words, far, each);
}

/** Texts that lie elsewhere: in runs of neighbours, one call a run instead of one a text. */
function readFar(
  words: Uint32Array,
  far: number[],
  each: (row: number, bytes: Uint8Array, start: number, length: number) => void,
): void {
  const addressOf = (row: number): number => words[row * 4 + 3]! * two32 + words[row * 4 + 2]!;
  let ascending = true;
  for (let i = 1; i < far.length && ascending; i++) ascending = addressOf(far[i - 1]!) <= addressOf(far[i]!);
  if (!ascending) far.sort((left, right) => addressOf(left) - addressOf(right));
  for (let first = 0; first < far.length; ) {
    const start = addressOf(far[first]!);
    let end = start + words[far[first]! * 4]!;
    let stop = first + 1;
    for (; stop < far.length; stop++) {
      const address = addressOf(far[stop]!);
      if (address - end > gapBytes) break;
      end = Math.max(end, address + words[far[stop]! * 4]!);
    }
    const run = bytesAt(start, end - start);
    for (let i = first; i < stop; i++) {
      const row = far[i]!;
      each(row, run, addressOf(row) - start, words[row * 4]!);
    }
    first = stop;
  }
}
