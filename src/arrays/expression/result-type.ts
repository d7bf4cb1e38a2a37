import type { Dtype } from '../../protocol/array.ts';
import { ExaError } from '../../protocol/errors.ts';
import { isFloat, isTime, itemSize, rangeOf } from '../dtype.ts';

/** A number or truth that takes the type of what it meets: Python's. */
export type Weak = number | bigint | boolean;

/** The type of an operation's operands brought together, as NumPy's `promote_types`. Throws `invalid` for times with numbers. */
export function promote(left: Dtype, right: Dtype): Dtype {
  if (left === right) return left;
  if (isTime(left) || isTime(right)) {
    if (isTime(left) && isTime(right))
      throw new ExaError(
        'invalid',
        `Times of ${left} and ${right} do not meet: make one of them the other’s with astype.`,
      );
    throw new ExaError('invalid', `${left} and ${right} do not meet: a time is not a number.`);
  }
  if (left === 'bool') return right;
  if (right === 'bool') return left;
  if (isFloat(left) && isFloat(right)) return itemSize(left) > itemSize(right) ? left : right;
  if (isFloat(left) || isFloat(right)) {
    const [float, whole] = isFloat(left) ? [left, right] : [right, left];
    const needed: Dtype = itemSize(whole) === 1 ? 'float16' : itemSize(whole) === 2 ? 'float32' : 'float64';
    return itemSize(needed) > itemSize(float) ? needed : float;
  }
  const isUnsigned = (dtype: Dtype) => dtype.startsWith('uint');
  if (isUnsigned(left) === isUnsigned(right)) return itemSize(left) > itemSize(right) ? left : right;
  const [unsigned, signed] = isUnsigned(left) ? [left, right] : [right, left];
  if (itemSize(signed) > itemSize(unsigned)) return signed;
  if (unsigned === 'uint64') return 'float64';
  return unsigned === 'uint8' ? 'int16' : unsigned === 'uint16' ? 'int32' : 'int64';
}

const wholes: readonly Dtype[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];

/** The type of an array with a weak value beside it. */
export function promoteWeak(dtype: Dtype, value: Weak): Dtype {
  if (typeof value === 'boolean') return dtype;
  if (isTime(dtype)) return dtype;
  if (!isWholeWeak(value)) return isFloat(dtype) ? dtype : 'float64';
  if (isFloat(dtype)) return dtype;
  if (dtype === 'bool') return 'int64';
  const whole = BigInt(value);
  if (fits(dtype, whole)) return dtype;
  const isUnsigned = dtype.startsWith('uint') && whole >= 0n;
  const smallest = wholes.find((one) => fits(one, whole) && (!isUnsigned || one.startsWith('uint')));
  if (!smallest) throw new ExaError('invalid', `${value} fits no type of whole numbers here.`);
  return promote(dtype, smallest);
}

function isWholeWeak(value: Weak): value is number | bigint {
  return typeof value === 'bigint';
}

function fits(dtype: Dtype, value: bigint): boolean {
  const [low, high] = rangeOf(dtype);
  return value >= low && value <= high;
}

/** The type two weak values alone have. */
export function typeOfWeak(value: Weak): Dtype {
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'int64' : 'float64';
}

/** Of square roots, exponentials and logarithms. */
export function floatingOf(dtype: Dtype): Dtype {
  if (isFloat(dtype)) return dtype;
  return itemSize(dtype) === 1 ? 'float16' : itemSize(dtype) === 2 ? 'float32' : 'float64';
}
