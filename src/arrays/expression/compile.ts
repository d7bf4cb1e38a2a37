import type { ArrayHead, Dtype } from '../../protocol/array.ts';
import { dtypes } from '../../protocol/array.ts';
import {
  type BinaryOp,
  binaryOps,
  type Expression,
  type ReduceOp,
  reduceOps,
  type UnaryOp,
  unaryOps,
} from '../../protocol/array-expression.ts';
import { ExaError } from '../../protocol/errors.ts';
import { fillValues, isFloat, isTime, makeValues, setLiteral, type Values } from '../dtype.ts';
import { parseSelection } from '../parse-selection.ts';
import { resolveSelection, type Selection } from '../selection.ts';
import { type Shape, shapeText } from '../shape.ts';
import { binary, choose, unary } from './elementwise.ts';
import { convert, type Working, working } from './numbers.ts';
import { floatingOf, promote, promoteWeak, typeOfWeak, type Weak } from './result-type.ts';

/** What compiling needs of an array. */
export type ArrayFacts = Pick<ArrayHead, 'id' | 'name' | 'shape' | 'dtype' | 'chunk' | 'order' | 'fill'>;

/** An array the expression reads, and what of it. */
export interface Leaf {
  readonly array: ArrayFacts;
  readonly selection: Selection;
}

/** An expression made ready: its leaves have one shape; `compute` takes their elements over one piece of it. */
export interface Program {
  readonly leaves: readonly Leaf[];
  readonly shape: Shape;
  /** Before the reduction. */
  readonly dtype: Dtype;
  readonly compute: (leaves: readonly Values[]) => Working;
  /** The element where every leaf is fill. */
  readonly fill: Working;
  readonly reduce?: { readonly by: ReduceOp; readonly axis?: number; readonly ddof: number };
}

interface Node {
  readonly dtype: Dtype;
  /** A value that takes the type of what it meets. */
  readonly weak?: Weak;
  readonly compute: (leaves: readonly Values[]) => Working;
}

const mostNodes = 1000;

/** Throws `invalid` with one sentence for an expression that means nothing. */
export function compileExpression(expression: Expression, arrayOf: (id: string) => ArrayFacts): Program {
  const leaves: Leaf[] = [];
  let count = 0;
  const build = (given: Expression): Node => {
    if (++count > mostNodes)
      throw new ExaError('invalid', `An expression has at most ${mostNodes} operations.`);
    if (typeof given !== 'object' || given === null || typeof given.op !== 'string')
      throw new ExaError('invalid', `${JSON.stringify(given)} is no part of an expression.`);
    const { op } = given;
    switch (op) {
      case 'array': {
        if (typeof given.array !== 'string' || (given.at !== undefined && typeof given.at !== 'string'))
          throw new ExaError(
            'invalid',
            'An array in an expression is named by its id, and what of it by a text.',
          );
        const array = arrayOf(given.array);
        const selection = resolveSelection(parseSelection(given.at ?? ''), array.shape.map(BigInt));
        const index = leaves.push({ array, selection }) - 1;
        const first = leaves[0]!.selection.shape;
        if (first.length !== selection.shape.length || first.some((size, i) => size !== selection.shape[i]))
          throw new ExaError(
            'invalid',
            `Arrays of ${shapeText(first)} and of ${shapeText(selection.shape)} elements do not meet: select as many of each.`,
          );
        return { dtype: array.dtype, compute: (values) => working(array.dtype, values[index]!) };
      }
      case 'value':
        return valueNode(given.value);
      case 'where': {
        const condition = build(given.condition);
        const left = build(given.left);
        const right = build(given.right);
        const dtype = common(left, right);
        const [a, b] = [cast(left, dtype), cast(right, dtype)];
        const test = cast(condition, 'bool');
        return { dtype, compute: (values) => choose(test(values), a(values), b(values), dtype) };
      }
      case 'astype': {
        const of = build(given.of);
        if (!dtypes.includes(given.dtype))
          throw new ExaError('invalid', `There is no element type ${JSON.stringify(given.dtype)} here.`);
        return { dtype: given.dtype, compute: cast(of, given.dtype) };
      }
      case 'reduce':
        throw new ExaError('invalid', 'A reduction stands at the root of an expression, not within it.');
      default:
        if (unaryOps.includes(op as UnaryOp))
          return unaryNode(op as UnaryOp, build((given as { of: Expression }).of));
        if (binaryOps.includes(op as BinaryOp)) {
          const { left, right } = given as { left: Expression; right: Expression };
          return binaryNode(op as BinaryOp, build(left), build(right));
        }
        throw new ExaError('invalid', `There is no operation ${JSON.stringify(op)} here.`);
    }
  };
  const isReduction = expression?.op === 'reduce';
  const root = build(isReduction ? expression.of : expression);
  if (leaves.length === 0) throw new ExaError('invalid', 'An expression reads at least one array.');
  const { shape } = leaves[0]!.selection;
  const fill = root.compute(leaves.map(({ array }) => fillValues(array.dtype, array.fill)));
  const program = { leaves, shape, dtype: root.dtype, compute: root.compute, fill };
  return isReduction ? { ...program, reduce: reductionOf(expression, shape, root.dtype) } : program;
}

/** Ids of the arrays an expression reads, each once. What is no expression is left to {@link compileExpression}. */
export function arraysIn(expression: Expression): string[] {
  const found = new Set<string>();
  const rest: unknown[] = [expression];
  while (rest.length > 0) {
    const node = rest.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('op' in node && node.op === 'array' && 'array' in node && typeof node.array === 'string')
      found.add(node.array);
    else rest.push(...Object.values(node));
  }
  return [...found];
}

function reductionOf(
  { by, axis, ddof = 0 }: Extract<Expression, { op: 'reduce' }>,
  shape: Shape,
  dtype: Dtype,
): NonNullable<Program['reduce']> {
  if (!reduceOps.includes(by))
    throw new ExaError('invalid', `There is no reduction ${JSON.stringify(by)} here.`);
  if (isTime(dtype) && !['min', 'max', 'count', 'argmin', 'argmax'].includes(by))
    throw new ExaError('invalid', `Times have no ${by}.`);
  if (!(Number.isInteger(ddof) && ddof >= 0))
    throw new ExaError('invalid', `ddof is a whole number, zero or more; ${ddof} is none.`);
  if (axis === undefined) return { by, ddof };
  const along = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || along < 0 || along >= shape.length)
    throw new ExaError('invalid', `There is no axis ${axis}: the expression has ${shape.length}.`);
  return { by, axis: along, ddof };
}

function valueNode(value: unknown): Node {
  const weak = weakOf(value);
  const dtype = typeOfWeak(weak);
  return { dtype, weak, compute: () => one(dtype, weak) };
}

/** A value from JSON: whole numbers in digits or as numbers, decimals, "NaN", "Infinity", true or false. */
function weakOf(value: unknown): Weak {
  if (typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  if (typeof value === 'string') {
    if (/^[+-]?\d+$/.test(value)) return BigInt(value);
    const floats = makeValues('float64', 1);
    setLiteral('float64', floats, 0, value);
    return floats[0] as number;
  }
  throw new ExaError('invalid', `${JSON.stringify(value)} is no value for an expression.`);
}

function one(dtype: Dtype, weak: Weak): Working {
  const values = makeValues(dtype, 1);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[0] = BigInt(weak);
  else values[0] = Number(weak);
  return dtype === 'float16' ? Float64Array.of(Number(weak)) : (values as Working);
}

/** The type both operands are brought to. */
function common(left: Node, right: Node): Dtype {
  if (left.weak !== undefined && right.weak === undefined) return promoteWeak(right.dtype, left.weak);
  if (right.weak !== undefined && left.weak === undefined) return promoteWeak(left.dtype, right.weak);
  return promote(left.dtype, right.dtype);
}

function cast({ dtype, weak, compute }: Node, to: Dtype): Node['compute'] {
  if (weak !== undefined) {
    const value =
      isFloat(to) || to === 'bool' ? convert(one('float64', Number(weak)), 'float64', to) : one(to, weak);
    return () => value;
  }
  return dtype === to ? compute : (values) => convert(compute(values), dtype, to);
}

const comparisons: readonly BinaryOp[] = [
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'equal',
  'notEqual',
];

function binaryNode(op: BinaryOp, left: Node, right: Node): Node {
  if (op === 'and' || op === 'or') {
    const [a, b] = [cast(left, 'bool'), cast(right, 'bool')];
    return { dtype: 'bool', compute: (values) => binary(op, a(values), b(values), 'bool', 'bool') };
  }
  let of = common(left, right);
  const isExtreme = op === 'minimum' || op === 'maximum';
  if (isTime(of) && !isExtreme && !comparisons.includes(op))
    throw new ExaError(
      'invalid',
      `Times are compared here, not calculated with: there is no ${op} of ${of}.`,
    );
  if (of === 'bool' && op === 'subtract')
    throw new ExaError('invalid', 'Truths are not subtracted: make them numbers with astype.');
  if (op === 'divide' && !isFloat(of)) of = 'float64';
  const dtype: Dtype = comparisons.includes(op) ? 'bool' : of;
  const [a, b] = [cast(left, of), cast(right, of)];
  return { dtype, compute: (values) => binary(op, a(values), b(values), of, dtype) };
}

function unaryNode(op: UnaryOp, given: Node): Node {
  const { dtype: of } = given;
  const compute = given.compute;
  if (op === 'isnan' || op === 'not')
    return { dtype: 'bool', compute: (values) => unary(op, compute(values), of, 'bool') };
  if (isTime(of)) throw new ExaError('invalid', `Times have no ${op}.`);
  if (op === 'negative' && of === 'bool')
    throw new ExaError('invalid', 'Truths have no negative: use not, or make them numbers with astype.');
  if (op === 'negative' || op === 'abs')
    return { dtype: of, compute: (values) => unary(op, compute(values), of, of) };
  const dtype = floatingOf(of);
  const numbers = cast(given, dtype);
  return { dtype, compute: (values) => unary(op, numbers(values), dtype, dtype) };
}
