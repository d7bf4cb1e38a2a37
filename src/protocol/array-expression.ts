import type { Dtype, ElementLiteral } from './array.ts';

export const unaryOps = ['negative', 'abs', 'sqrt', 'exp', 'log', 'isnan', 'not'] as const;
export type UnaryOp = (typeof unaryOps)[number];

export const binaryOps = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'minimum',
  'maximum',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'equal',
  'notEqual',
  'and',
  'or',
] as const;
export type BinaryOp = (typeof binaryOps)[number];

export const reduceOps = [
  'sum',
  'mean',
  'var',
  'std',
  'min',
  'max',
  'count',
  'argmin',
  'argmax',
  'any',
  'all',
] as const;
export type ReduceOp = (typeof reduceOps)[number];

/**
 * A lazy array in JSON. Elementwise arms have the shape of their arrays, all alike; a `value` fits any. Types follow NumPy 1's
 * rules for arrays; a `value` takes the type of what it meets where that can hold its kind. `at` is an index expression;
 * without it, the whole array. `reduce` along one axis (negative: from the end), or over all; it stands at the root alone.
 */
export type Expression =
  | { readonly op: 'array'; readonly array: string; readonly at?: string }
  | { readonly op: 'value'; readonly value: ElementLiteral }
  | { readonly op: UnaryOp; readonly of: Expression }
  | { readonly op: BinaryOp; readonly left: Expression; readonly right: Expression }
  | {
      readonly op: 'where';
      readonly condition: Expression;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly op: 'astype'; readonly of: Expression; readonly dtype: Dtype }
  | {
      readonly op: 'reduce';
      readonly of: Expression;
      readonly by: ReduceOp;
      readonly axis?: number;
      /** Degrees of freedom of `var` and `std`; 0. */
      readonly ddof?: number;
    };
