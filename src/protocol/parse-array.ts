import { type ArrayHead, dtypes, type ElementLiteral } from './array.ts';
import {
  misread,
  type Reader,
  readBoolean,
  readCount,
  readList,
  readObject,
  readOneOf,
  readText,
} from './parse-shape.ts';

/** A size below 2^63 in digits. */
const readDigits: Reader<string> = (value, path) => {
  const text = readText(value, path);
  if (!/^\d{1,19}$/.test(text) || BigInt(text) >= 2n ** 63n) throw misread(path, 'the digits of a size');
  return text;
};

const readLiteral: Reader<ElementLiteral> = (value, path) => {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
    throw misread(path, 'a number, text, true or false');
  return value;
};

const readSide: Reader<number> = (value, path) => {
  const side = readCount(value, path);
  if (side < 1 || side >= 2 ** 31) throw misread(path, 'a size of a chunk');
  return side;
};

const readFields = readObject<ArrayHead>({
  id: readText,
  name: readText,
  epoch: readText,
  scope: readText,
  version: readCount,
  asOf: readText,
  shape: readList(readDigits),
  dtype: readOneOf(dtypes),
  chunk: readList(readSide),
  order: readOneOf(['C', 'F']),
  fill: readLiteral,
  reduced: readList(readBoolean),
  chunks: readCount,
  bytes: readCount,
});

/** An array's head from JSON. Throws `corrupt`. */
export const parseArrayHead: Reader<ArrayHead> = (value, path) => {
  const head = readFields(value, path);
  const { shape, chunk, reduced } = head;
  if (chunk.length !== shape.length || reduced.length !== shape.length)
    throw misread(`${path}.chunk`, 'as long as the shape');
  return head;
};

/** The arrays of a store as of one version. */
export interface ArrayList {
  readonly version: number;
  readonly asOf: string;
  readonly arrays: readonly ArrayHead[];
}

/** A list of arrays from JSON. Throws `corrupt`. */
export const parseArrayList = readObject<ArrayList>({
  version: readCount,
  asOf: readText,
  arrays: readList(parseArrayHead),
});
