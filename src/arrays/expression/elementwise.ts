import { exp } from '../../kernels/math/exp.ts';
import { log } from '../../kernels/math/log.ts';
import type { Dtype } from '../../protocol/array.ts';
import type { BinaryOp, UnaryOp } from '../../protocol/array-expression.ts';
import { isFloat, isTime, notATime } from '../dtype.ts';
import { isWholes, makeWorking, type Numbers, roundHalf, type Wholes, type Working } from './numbers.ts';

/** One element stands for as many as the other operand has. */
function lengthOf(left: Working, right: Working): number {
  return left.length === 1 ? right.length : left.length;
}

/** `left` and `right` are of `of`; the result is of `dtype`. */
export function binary(op: BinaryOp, left: Working, right: Working, of: Dtype, dtype: Dtype): Working {
  const length = lengthOf(left, right);
  const out = makeWorking(dtype, length);
  if (isWholes(left) && isWholes(right)) {
    if (isWholes(out)) wholeArithmetic(op, left, right, out, isTime(of));
    else compare(op, left, right, out as Uint8Array, isTime(of));
    return out;
  }
  const a = left as Numbers;
  const b = right as Numbers;
  switch (op) {
    case 'less':
    case 'lessEqual':
    case 'greater':
    case 'greaterEqual':
    case 'equal':
    case 'notEqual':
    case 'and':
    case 'or':
      compare(op, a, b, out as Uint8Array, false);
      return out;
    default:
      arithmetic(op, a, b, out as Numbers, of);
      if (dtype === 'float16') for (let i = 0; i < length; i++) out[i] = roundHalf(out[i] as number);
      return out;
  }
}

function arithmetic(op: BinaryOp, a: Numbers, b: Numbers, out: Numbers, of: Dtype): void {
  const { length } = out;
  const sa = a.length === 1 ? 0 : 1;
  const sb = b.length === 1 ? 0 : 1;
  switch (op) {
    case 'add':
      if (of === 'bool') for (let i = 0; i < length; i++) out[i] = a[i * sa]! | b[i * sb]!;
      else for (let i = 0; i < length; i++) out[i] = a[i * sa]! + b[i * sb]!;
      return;
    case 'subtract':
      for (let i = 0; i < length; i++) out[i] = a[i * sa]! - b[i * sb]!;
      return;
    case 'multiply':
      // A product of two 32-bit numbers may be past 2^53.
      if (of === 'int32' || of === 'uint32')
        for (let i = 0; i < length; i++) out[i] = Math.imul(a[i * sa]!, b[i * sb]!);
      else for (let i = 0; i < length; i++) out[i] = a[i * sa]! * b[i * sb]!;
      return;
    case 'divide':
      for (let i = 0; i < length; i++) out[i] = a[i * sa]! / b[i * sb]!;
      return;
    case 'minimum':
      for (let i = 0; i < length; i++) {
        const x = a[i * sa]!;
        const y = b[i * sb]!;
        out[i] = x <= y || Number.isNaN(x) ? x : y;
      }
      return;
    case 'maximum':
      for (let i = 0; i < length; i++) {
        const x = a[i * sa]!;
        const y = b[i * sb]!;
        out[i] = x >= y || Number.isNaN(x) ? x : y;
      }
      return;
  }
}

/** 64-bit whole numbers wrap on overflow; "not a time" goes through extremes. */
function wholeArithmetic(op: BinaryOp, a: Wholes, b: Wholes, out: Wholes, times: boolean): void {
  const { length } = out;
  const sa = a.length === 1 ? 0 : 1;
  const sb = b.length === 1 ? 0 : 1;
  for (let i = 0; i < length; i++) {
    const x = a[i * sa]!;
    const y = b[i * sb]!;
    switch (op) {
      case 'add':
        out[i] = x + y;
        break;
      case 'subtract':
        out[i] = x - y;
        break;
      case 'multiply':
        out[i] = x * y;
        break;
      case 'minimum':
        out[i] = times && y === notATime ? y : x <= y ? x : y;
        break;
      default:
        out[i] = times && (x === notATime || y === notATime) ? notATime : x >= y ? x : y;
    }
  }
}

function compare(op: BinaryOp, a: Working, b: Working, out: Uint8Array, times: boolean): void {
  const { length } = out;
  const sa = a.length === 1 ? 0 : 1;
  const sb = b.length === 1 ? 0 : 1;
  for (let i = 0; i < length; i++) {
    const x = a[i * sa]!;
    const y = b[i * sb]!;
    let truth: boolean;
    switch (op) {
      case 'less':
        truth = x < y;
        break;
      case 'lessEqual':
        truth = x <= y;
        break;
      case 'greater':
        truth = x > y;
        break;
      case 'greaterEqual':
        truth = x >= y;
        break;
      case 'equal':
        truth = x === y;
        break;
      case 'notEqual':
        truth = x !== y;
        break;
      case 'and':
        truth = x !== 0 && x !== 0n && y !== 0 && y !== 0n;
        break;
      default:
        truth = (x !== 0 && x !== 0n) || (y !== 0 && y !== 0n);
    }
    // Not a time is like no other, itself included.
    if (times && op !== 'and' && op !== 'or' && (x === notATime || y === notATime)) truth = op === 'notEqual';
    out[i] = truth ? 1 : 0;
  }
}

/** `values` are of `of`; the result is of `dtype`. */
export function unary(op: UnaryOp, values: Working, of: Dtype, dtype: Dtype): Working {
  const { length } = values;
  const out = makeWorking(dtype, length);
  if (op === 'not') {
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      (out as Uint8Array)[i] = value === 0 || value === 0n ? 1 : 0;
    }
    return out;
  }
  if (op === 'isnan') {
    const truths = out as Uint8Array;
    if (isTime(of)) for (let i = 0; i < length; i++) truths[i] = values[i] === notATime ? 1 : 0;
    else if (isFloat(of)) for (let i = 0; i < length; i++) truths[i] = Number.isNaN(values[i]) ? 1 : 0;
    return out;
  }
  if (isWholes(values)) {
    const whole = out as Wholes;
    for (let i = 0; i < length; i++) whole[i] = op === 'abs' && values[i]! >= 0n ? values[i]! : -values[i]!;
    return out;
  }
  const numbers = out as Numbers;
  switch (op) {
    case 'negative':
      for (let i = 0; i < length; i++) numbers[i] = -values[i]!;
      break;
    case 'abs':
      for (let i = 0; i < length; i++) numbers[i] = Math.abs(values[i]!);
      break;
    case 'sqrt':
      for (let i = 0; i < length; i++) numbers[i] = Math.sqrt(values[i]!);
      break;
    case 'exp':
      for (let i = 0; i < length; i++) numbers[i] = exp(values[i]!);
      break;
    default:
      for (let i = 0; i < length; i++) numbers[i] = log(values[i]!);
  }
  if (dtype === 'float16') for (let i = 0; i < length; i++) numbers[i] = roundHalf(numbers[i]!);
  return out;
}

/** Elements of `left` where the condition holds, else of `right`; both of `dtype`. */
export function choose(condition: Working, left: Working, right: Working, dtype: Dtype): Working {
  const length = Math.max(condition.length, left.length, right.length);
  const out = makeWorking(dtype, length);
  const sc = condition.length === 1 ? 0 : 1;
  const sl = left.length === 1 ? 0 : 1;
  const sr = right.length === 1 ? 0 : 1;
  for (let i = 0; i < length; i++)
    (out as Numbers)[i] = (condition[i * sc] ? left[i * sl] : right[i * sr]) as number;
  return out;
}
