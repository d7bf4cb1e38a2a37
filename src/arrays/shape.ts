import type { MemoryOrder } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';

/** Longest axis: 2^63 − 1, so that an index fits a signed 64-bit integer. */
export const maxAxis = 2n ** 63n - 1n;
/** Most axes of an array (NumPy's limit before 2.0). */
export const maxRank = 32;
/** Most bytes of one chunk. */
export const maxChunkBytes = 2 ** 28;
/** A chunk's index along an axis is a plain exact number. */
const maxGrid = 2n ** 53n;

/** Sizes of an array, exact. */
export type Shape = readonly bigint[];

/** A size from a person or JSON: a whole number `[0, 2^63)`, or its digits. Throws `invalid`. */
export function parseSize(value: unknown, axis?: number): bigint {
  const where = axis === undefined ? 'A size' : `The size of axis ${axis}`;
  const said = typeof value === 'string' ? `“${value}”` : String(value);
  let size: bigint | undefined;
  if (typeof value === 'bigint') size = value;
  else if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new ExaError(
        'invalid',
        `${where} is ${said}, which a JSON number cannot hold exactly: give its digits as text.`,
      );
    if (Number.isSafeInteger(value)) size = BigInt(value);
  } else if (typeof value === 'string') size = parseWhole(value);
  if (size === undefined)
    throw new ExaError('invalid', `${where} must be a whole number, zero or more; ${said} is none.`);
  if (size < 0n) throw new ExaError('invalid', `${where} is ${said}: a size cannot be negative.`);
  if (size > maxAxis)
    throw new ExaError('invalid', `${where} is ${said}: an axis has at most 2^63 − 1 elements.`);
  return size;
}

/**
 * A whole number as people write it: digits with `_` or thin groups, a power `2**40` or `10^18`, or a decimal with an
 * exponent that leaves nothing behind the point (`1e12`, `1.5e3`). Undefined for anything else.
 */
export function parseWhole(text: string): bigint | undefined {
  const plain = text.trim().replace(/(?<=\d)[_\u2009\u202f](?=\d)/g, '');
  if (/^[+-]?\d+$/.test(plain)) return BigInt(plain.replace(/^\+/, ''));
  const power = /^(\d{1,19})(?:\*\*|\^)(\d{1,3})$/.exec(plain);
  if (power) return BigInt(power[1]!) ** BigInt(power[2]!);
  const scientific = /^([+-]?)(\d+)(?:\.(\d+))?[eE]\+?(\d{1,3})$/.exec(plain);
  if (!scientific) return undefined;
  const [, sign, whole, fraction = '', exponent] = scientific;
  const digits = fraction.replace(/0+$/, '');
  const zeros = Number(exponent) - digits.length;
  if (zeros < 0) return undefined;
  const value = BigInt(whole! + digits) * 10n ** BigInt(zeros);
  return sign === '-' ? -value : value;
}

/** A shape from JSON or a list. Throws `invalid`. */
export function parseShape(sizes: unknown): bigint[] {
  if (!Array.isArray(sizes))
    throw new ExaError('invalid', 'A shape is a list of sizes, one an axis, such as ["1000000", "2"].');
  if (sizes.length > maxRank)
    throw new ExaError('invalid', `An array has at most ${maxRank} axes; this shape has ${sizes.length}.`);
  return sizes.map((size, axis) => parseSize(size, axis));
}

/** A shape as a person types it: `1e18, 2`. Throws `invalid`. */
export function parseShapeText(text: string): bigint[] {
  const inner = text.trim().replace(/^[([]|[)\]]$/g, '');
  return inner.trim() === ''
    ? []
    : parseShape(
        inner
          .replace(/,\s*$/, '')
          .split(',')
          .map((part) => part.trim()),
      );
}

/** Checks a chunk's shape against an array's. Throws `invalid`: a wrong rank or size, a chunk too big, a grid too fine. */
export function parseChunk(chunk: unknown, shape: Shape, itemBytes: number): number[] {
  if (!Array.isArray(chunk) || chunk.length !== shape.length)
    throw new ExaError(
      'invalid',
      `A chunk of this array has ${shape.length} sizes, one an axis; ${Array.isArray(chunk) ? chunk.length : 'none'} ${Array.isArray(chunk) && chunk.length === 1 ? 'was' : 'were'} given.`,
    );
  const sizes = chunk.map((size, axis) => {
    if (!Number.isSafeInteger(size) || size < 1 || size >= 2 ** 31)
      throw new ExaError(
        'invalid',
        `A chunk along axis ${axis} must be a whole number from 1 to 2^31 − 1; ${String(size)} is none.`,
      );
    return size as number;
  });
  const bytes = sizes.reduce((product, size) => product * size, itemBytes);
  if (bytes > maxChunkBytes)
    throw new ExaError(
      'invalid',
      `A chunk of ${sizes.join(' × ')} elements takes ${bytes} bytes: at most ${maxChunkBytes} fit one chunk.`,
    );
  for (const [axis, size] of sizes.entries()) gridSize(shape[axis]!, size, axis);
  return sizes;
}

/** Chunks along an axis. Throws `invalid` when there are 2^53 or more. */
export function gridSize(size: bigint, chunk: number, axis = 0): number {
  const count = size === 0n ? 0n : (size - 1n) / BigInt(chunk) + 1n;
  if (count >= maxGrid)
    throw new ExaError(
      'invalid',
      `Axis ${axis} of ${size} elements in chunks of ${chunk} has ${count} chunks: at most 2^53 − 1 can be told apart, so take larger chunks.`,
    );
  return Number(count);
}

/** Elements of a shape. */
export function volume(shape: Shape): bigint {
  return shape.reduce((product, size) => product * size, 1n);
}

/** Elements of a chunk; exact, since chunks are limited. */
export function chunkVolume(chunk: readonly number[]): number {
  return chunk.reduce((product, size) => product * size, 1);
}

/** Elements to step over for the next index along each axis of a dense block. */
export function stridesOf(shape: readonly number[], order: MemoryOrder): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = order === 'C' ? shape.length - 1 - i : i;
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** A shape as people read it: `1000000 × 2`. */
export function shapeText(shape: readonly (bigint | number | string)[]): string {
  return shape.length === 0 ? 'a single value' : shape.join(' × ');
}
