import type { ColumnType, Literal } from './column.ts';
import { isNumeric } from './column.ts';
import { ExaError } from './errors.ts';
import type { Formula, RowFunction } from './formula.ts';
import { namedType } from './formula-arguments.ts';
import { isNamed, type NamedFunction } from './formula-functions.ts';

/** Types of the columns a formula may name, by id. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

const bool: ColumnType = { kind: 'bool' };
const int32: ColumnType = { kind: 'int32' };
const int64: ColumnType = { kind: 'int64' };
const float64: ColumnType = { kind: 'float64' };
const text: ColumnType = { kind: 'text' };

/** Digits a decimal column can hold. */
export const decimalDigits = 18;

/**
 * The type of a formula's value. Throws `invalid` with a sentence for people where types do not fit.
 *
 * | formula | type |
 * |---|---|
 * | integer + − × integer, − integer | int64 |
 * | with a decimal | decimal of 18 digits: the larger scale for + −, the sum of the scales for × |
 * | with a float64, and every ÷ | float64; a ÷ 0 is null |
 * | date − date | int32, days; of times float64, days |
 * | date + − whole number | date, so many days on or back |
 * | comparison, logic, isnull, contains, startswith, endswith | bool, by three-valued logic; of isnull never null |
 * | if, coalesce | what its branches share: the wider number |
 * | abs | its operand's, of integers int64 |
 * | round, floor, ceil | int64 of integers, decimal with the decimals kept of decimals, float64 |
 * | sqrt, exp, ln, power | float64; null where there is no such number |
 * | lower, upper, trim, left, right, replace, concat, text | text |
 * | year … minute, length | int32; datediff int64; date, startof date |
 * | count, distinct | int64; sum of integers int64, of decimals decimal; min, max their operand's; the rest float64 |
 * | share, moving | float64; running, previous their operand's |
 *
 * A text literal beside a date, timestamp or number is read as one; a number with decimals is exact beside exact numbers.
 */
export function typeOfFormula(formula: Formula, types: ColumnTypes): ColumnType {
  switch (formula.op) {
    case 'column': {
      const type = Object.hasOwn(types, formula.column) ? types[formula.column] : undefined;
      if (!type)
        throw new ExaError('missing', `There is no column “${formula.column}”.`, {
          facts: { column: formula.column },
        });
      return type;
    }
    case 'literal':
      return typeOfLiteral(formula.value);
    case 'lookup':
      return formula.type;
    case 'aggregate':
      return typeOfAggregate(formula, types);
    case 'window':
      return typeOfWindow(formula, types);
    case 'call':
      return typeOfCall(formula, types);
  }
}

/** The type a literal has beside an operand of type `beside`, or alone. */
export function typeOfLiteral(value: Literal, beside?: ColumnType): ColumnType {
  if (value === null) return beside ?? bool;
  if (typeof value === 'boolean') return bool;
  if (typeof value === 'string') {
    if (!beside || beside.kind === 'text' || beside.kind === 'bool') return text;
    if (!isNumeric(beside)) return beside;
    return typeOfNumeral(value, beside);
  }
  if (beside?.kind === 'float64') return float64;
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return int32;
  if (Number.isSafeInteger(value)) return int64;
  if (Number.isInteger(value)) return float64;
  return typeOfNumeral(String(value), float64);
}

function typeOfNumeral(numeral: string, beside: ColumnType): ColumnType {
  if (beside.kind === 'float64' && Number.isFinite(Number(numeral)) === false) return float64;
  const match = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(numeral);
  const digits = match ? (match[1] ?? '').replace(/^0+/, '').length + (match[2] ?? '').length : 99;
  if (!match || digits > decimalDigits + 1) return float64;
  if (match[2] === undefined) return int64;
  return digits > decimalDigits
    ? float64
    : { kind: 'decimal', precision: decimalDigits, scale: match[2].length };
}

/** The type two operands of a comparison, `if` or `coalesce` share; undefined when there is none. */
export function sharedType(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === 'float64' || b.kind === 'float64') return float64;
    if (a.kind === 'decimal' || b.kind === 'decimal')
      return { kind: 'decimal', precision: decimalDigits, scale: Math.max(scaleOf(a), scaleOf(b)) };
    return a.kind === 'int64' || b.kind === 'int64' ? int64 : int32;
  }
  return a.kind === b.kind ? a : undefined;
}

/** Digits after the point of an exact number's type. */
export function scaleOf(type: ColumnType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** Types of arguments that stand beside each other: literals take the type of the first that is not one. */
export function typesBeside(args: readonly Formula[], types: ColumnTypes): ColumnType[] {
  const anchor = args.find((arg) => arg.op !== 'literal') ?? args.find((arg) => !isNull(arg));
  const beside = anchor && typeOfFormula(anchor, types);
  return args.map((arg) =>
    arg.op === 'literal' ? typeOfLiteral(arg.value, beside) : typeOfFormula(arg, types),
  );
}

function isNull(formula: Formula): boolean {
  return formula.op === 'literal' && formula.value === null;
}

/** The type of `a fn b` for + − ×; undefined when the operands are not such numbers. */
export function arithmeticType(fn: '+' | '-' | '*', a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (fn === '-' && a.kind === 'date' && b.kind === 'date') return int32;
  if (fn === '-' && a.kind === 'timestamp' && b.kind === 'timestamp') return float64;
  if (fn !== '*' && a.kind === 'date' && (b.kind === 'int32' || b.kind === 'int64')) return a;
  if (!isNumeric(a) || !isNumeric(b)) return undefined;
  if (a.kind === 'float64' || b.kind === 'float64') return float64;
  if (a.kind !== 'decimal' && b.kind !== 'decimal') return int64;
  const scale = fn === '*' ? scaleOf(a) + scaleOf(b) : Math.max(scaleOf(a), scaleOf(b));
  return { kind: 'decimal', precision: decimalDigits, scale };
}

function typeOfCall(formula: Extract<Formula, { op: 'call' }>, types: ColumnTypes): ColumnType {
  const { fn, args } = formula;
  if (isNamed(fn)) return namedType({ ...formula, fn }, types);
  const wrong = (sentence: string): ExaError =>
    new ExaError('invalid', sentence, { facts: { function: fn } });
  const count = arity[fn];
  if (args.length < count[0] || args.length > count[1])
    throw wrong(
      `“${fn}” takes ${count[0] === count[1] ? count[0] : `${count[0]} or more`} values, not ${args.length}.`,
    );
  switch (fn) {
    case '+':
    case '-':
    case '*': {
      const [a, b] = operandTypes(fn, args, types) as [ColumnType, ColumnType];
      const type = arithmeticType(fn, a, b);
      if (!type) throw wrong(`“${fn}” needs numbers on both sides, not ${named(a)} and ${named(b)}.`);
      if (type.kind === 'decimal' && type.scale > decimalDigits)
        throw wrong(`“×” of these columns would need ${type.scale} decimals; a decimal has at most 18.`);
      return type;
    }
    case '/':
    case 'neg': {
      for (const type of typesBeside(args, types))
        if (!isNumeric(type)) throw wrong(`“${fn === '/' ? '÷' : '−'}” needs numbers, not ${named(type)}.`);
      if (fn === '/') return float64;
      const [type] = typesBeside(args, types) as [ColumnType];
      return type.kind === 'int32' ? int64 : type;
    }
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [a, b] = typesBeside(args, types) as [ColumnType, ColumnType];
      if (!sharedType(a, b)) throw wrong(`${named(a, true)} cannot be compared with ${named(b)}.`);
      return bool;
    }
    case 'and':
    case 'or':
    case 'not':
      for (const arg of args) needBool(arg, `“${fn}”`, types);
      return bool;
    case 'if':
      needBool(args[0]!, 'The condition of “if”', types);
      return branches(fn, args.slice(1), types);
    case 'coalesce':
      return branches(fn, args, types);
  }
}

/** Types of the two sides of + − ×: a number beside a date is a number of days, not a date. */
export function operandTypes(
  fn: '+' | '-' | '*',
  args: readonly Formula[],
  types: ColumnTypes,
): ColumnType[] {
  const all = typesBeside(args, types);
  const [, second] = args;
  const isDays = all[0]?.kind === 'date' && second?.op === 'literal' && typeof second.value === 'number';
  return isDays && fn !== '*' ? [all[0]!, typeOfLiteral(second.value)] : all;
}

const many = Number.POSITIVE_INFINITY;
const arity: Record<Exclude<RowFunction, NamedFunction>, readonly [number, number]> = {
  '+': [2, 2],
  '-': [2, 2],
  '*': [2, 2],
  '/': [2, 2],
  neg: [1, 1],
  '=': [2, 2],
  '<>': [2, 2],
  '<': [2, 2],
  '<=': [2, 2],
  '>': [2, 2],
  '>=': [2, 2],
  and: [1, many],
  or: [1, many],
  not: [1, 1],
  if: [3, 3],
  coalesce: [1, many],
};

function needBool(formula: Formula, who: string, types: ColumnTypes): void {
  const type = typeOfFormula(formula, types);
  if (type.kind !== 'bool')
    throw new ExaError('invalid', `${who} needs something that is true or false, not ${named(type)}.`);
}

function branches(fn: string, args: readonly Formula[], types: ColumnTypes): ColumnType {
  const all = typesBeside(args, types);
  let type = all[0]!;
  for (const other of all) {
    const shared = sharedType(type, other);
    if (!shared)
      throw new ExaError('invalid', `The values of “${fn}” differ: ${named(type)} and ${named(other)}.`);
    type = shared;
  }
  return type;
}

function typeOfAggregate(formula: Extract<Formula, { op: 'aggregate' }>, types: ColumnTypes): ColumnType {
  const { fn, of } = formula;
  if (!of) {
    if (fn === 'count') return int64;
    throw new ExaError('invalid', `“${fn}” needs a value in its parentheses.`);
  }
  if (hasAggregate(of))
    throw new ExaError('invalid', `“${fn}” cannot be taken of another aggregate such as a sum.`);
  const type = typeOfFormula(of, types);
  if (fn === 'count' || fn === 'distinct') return int64;
  if (fn === 'min' || fn === 'max') return type;
  if (!isNumeric(type)) throw new ExaError('invalid', `“${fn}” needs numbers, not ${named(type)}.`);
  if (fn === 'quantile' && !(formula.q !== undefined && formula.q >= 0 && formula.q <= 1))
    throw new ExaError('invalid', '“quantile” needs a fraction between 0 and 1 after the comma.');
  if (fn !== 'sum' || type.kind === 'float64') return float64;
  return type.kind === 'decimal' ? { ...type, precision: decimalDigits } : int64;
}

function typeOfWindow(formula: Extract<Formula, { op: 'window' }>, types: ColumnTypes): ColumnType {
  const { fn, of } = formula;
  const type = typeOfFormula(of, types);
  if (fn === 'running' && hasQuantile(of))
    throw new ExaError('invalid', '“running” cannot be taken of a quantile or median.');
  if (fn === 'previous') return type;
  const isExtreme = of.op === 'aggregate' && (of.fn === 'min' || of.fn === 'max');
  if (!isNumeric(type) && !(fn === 'running' && isExtreme))
    throw new ExaError('invalid', `“${fn}” needs a number, not ${named(type)}.`);
  return fn === 'running' ? type : float64;
}

function hasQuantile(formula: Formula): boolean {
  if (formula.op === 'window') return hasQuantile(formula.of);
  if (formula.op === 'call') return formula.args.some(hasQuantile);
  return formula.op === 'aggregate' && formula.fn === 'quantile';
}

/** Whether an aggregate stands anywhere in the formula. */
export function hasAggregate(formula: Formula): boolean {
  if (formula.op === 'window') return true;
  return formula.op === 'aggregate' || (formula.op === 'call' && formula.args.some(hasAggregate));
}

/** A type as people say it: “a whole number”. */
export function typeName(type: ColumnType): string {
  return named(type);
}

function named(type: ColumnType, first = false): string {
  const name = {
    bool: 'a true or false',
    int32: 'a whole number',
    int64: 'a whole number',
    decimal: 'a decimal number',
    float64: 'a number',
    date: 'a date',
    timestamp: 'a time',
    text: 'a text',
  }[type.kind];
  return first ? name[0]!.toUpperCase() + name.slice(1) : name;
}
