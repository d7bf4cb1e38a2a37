import { copyElements } from '../../src/arrays/copy-elements.ts';
import { type DenseArray, denseOf } from '../../src/arrays/dense.ts';
import { fillValues, itemSize, type Values } from '../../src/arrays/dtype.ts';
import { stridesOf, volume } from '../../src/arrays/shape.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { ArraySource } from './array-source.ts';

/** Bytes of elements the store takes in one request. */
const mostBytes = 64 * 2 ** 20;

/** All elements of a source, to be sent at once. Throws `refused` past 64 MiB. */
export async function wholeSource(
  { shape, dtype, fill, read }: ArraySource,
  path: string,
): Promise<DenseArray> {
  const bytes = volume(shape) * BigInt(itemSize(dtype));
  if (bytes > BigInt(mostBytes))
    throw new ExaError(
      'refused',
      `${path} holds ${bytes} bytes of elements: at most ${mostBytes} are added at once, so cut it into several.`,
    );
  const whole = denseOf(dtype, shape, fillValues(dtype, fill));
  const strides = stridesOf(whole.shape, 'C');
  for await (const { start, array } of read(whole.shape))
    copyElements(
      array.shape,
      { values: array.values, strides: stridesOf(array.shape, 'C') },
      {
        values: whole.values.subarray(
          start.reduce((sum, at, axis) => sum + Number(at) * strides[axis]!, 0),
        ) as Values,
        strides,
      },
    );
  return whole;
}
