import type { Dtype, MemoryOrder } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';
import { filled, itemSize, type Values } from './dtype.ts';
import type { Selection } from './selection.ts';
import { type Shape, shapeText, stridesOf, volume } from './shape.ts';

/** A whole array in memory. */
export interface DenseArray {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly order: MemoryOrder;
  readonly values: Values;
}

/** Sizes of a result, as plain numbers. Throws `refused` when it takes more than `mostBytes`. */
export function sizesWithin(dtype: Dtype, shape: Shape, mostBytes: number): number[] {
  const bytes = volume(shape) * BigInt(itemSize(dtype));
  if (bytes > BigInt(mostBytes))
    throw new ExaError(
      'refused',
      `The result of ${shapeText(shape)} elements takes ${bytes} bytes: at most ${mostBytes} are given at once, so take a smaller part.`,
    );
  return shape.map(Number);
}

/** A dense array of one value, for a selection's result. Throws `refused` when it takes more than `mostBytes`. */
export function denseOf(
  dtype: Dtype,
  shape: Shape,
  fill: Values,
  { order = 'C', mostBytes = 2 ** 30 }: { order?: MemoryOrder; mostBytes?: number } = {},
): DenseArray {
  const sizes = sizesWithin(dtype, shape, mostBytes);
  return { dtype, shape: sizes, order, values: filled(dtype, Number(volume(shape)), fill) };
}

/** Strides of a result by axis of the *array* it was selected from; 0 along an axis the result lacks. */
export function resultStrides(
  { result, axes }: Selection,
  dense: Pick<DenseArray, 'shape' | 'order'>,
): number[] {
  const own = stridesOf(dense.shape, dense.order);
  const strides = new Array<number>(axes.length).fill(0);
  result.forEach((axis, i) => {
    if (axis >= 0) strides[axis] = own[i]!;
  });
  return strides;
}
