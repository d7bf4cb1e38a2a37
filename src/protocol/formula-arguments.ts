import { type ColumnType, isNumeric } from './column.ts';
import { ExaError } from './errors.ts';
import type { Formula } from './formula.ts';
import {
  calendarUnits,
  type NamedFunction,
  type Parameter,
  type SpanUnit,
  signatureOf,
  spanUnits,
} from './formula-functions.ts';
import {
  type ColumnTypes,
  decimalDigits,
  scaleOf,
  typeName,
  typeOfFormula,
  typeOfLiteral,
} from './formula-type.ts';

type Call = Extract<Formula, { op: 'call' }>;

/** Digits `round` takes: −15 to 15. */
const maxDigits = 15;

/** The parameter an argument of a named function stands for. */
export function parameterOf(fn: NamedFunction, index: number): Parameter {
  const { parameters } = signatureOf(fn);
  return parameters[Math.min(index, parameters.length - 1)]!;
}

/**
 * The types of a named function's arguments; a literal text where a day is wanted is read as one. Throws `invalid` where
 * there are too many or too few, or one is not of the kind.
 */
export function argumentTypes(call: Call & { readonly fn: NamedFunction }, types: ColumnTypes): ColumnType[] {
  const { fn, args } = call;
  const { parameters, optional = false, rest = false } = signatureOf(fn);
  const least = parameters.length - (optional ? 1 : 0);
  if (args.length < least || (!rest && args.length > parameters.length))
    throw wrong(
      fn,
      `takes ${rest ? `${least} or more` : optional ? `${least} or ${parameters.length}` : least} values, not ${args.length}.`,
    );
  return args.map((arg, i) => argumentType(fn, arg, parameterOf(fn, i), types));
}

function argumentType(fn: NamedFunction, arg: Formula, parameter: Parameter, types: ColumnTypes): ColumnType {
  switch (parameter) {
    case 'any':
      return typeOfFormula(arg, types);
    case 'unit':
      unitOf(fn, arg);
      return { kind: 'text' };
    case 'digits':
      digitsOf(arg);
      return { kind: 'int32' };
    case 'text': {
      const type =
        arg.op === 'literal' ? typeOfLiteral(arg.value, { kind: 'text' }) : typeOfFormula(arg, types);
      if (type.kind !== 'text') throw wrong(fn, `needs texts, not ${typeName(type)}.`);
      return type;
    }
    case 'day': {
      const type = arg.op === 'literal' ? dayLiteral(arg) : typeOfFormula(arg, types);
      if (type.kind !== 'date' && type.kind !== 'timestamp')
        throw wrong(fn, `needs a date or a time, not ${typeName(type)}.`);
      return type;
    }
    default: {
      const type =
        arg.op === 'literal' && arg.value === null ? ({ kind: 'int32' } as const) : typeOfFormula(arg, types);
      const fits = parameter === 'number' ? isNumeric(type) : type.kind === 'int32' || type.kind === 'int64';
      if (!fits)
        throw wrong(
          fn,
          `needs ${parameter === 'number' ? 'a number' : 'a whole number'}, not ${typeName(type)}.`,
        );
      return type;
    }
  }
}

function dayLiteral({ value }: Extract<Formula, { op: 'literal' }>): ColumnType {
  if (value === null) return { kind: 'date' };
  if (typeof value !== 'string') return typeOfLiteral(value);
  return { kind: value.includes('T') ? 'timestamp' : 'date' };
}

/** The unit a `startof` or `datediff` names. Throws `invalid`. */
export function unitOf(fn: NamedFunction, arg: Formula | undefined): SpanUnit {
  const known: readonly SpanUnit[] = fn === 'datediff' ? spanUnits : calendarUnits;
  const unit = arg?.op === 'literal' ? known.find((one) => one === arg.value) : undefined;
  if (!unit) throw wrong(fn, `needs a unit first: ${known.map((one) => `'${one}'`).join(', ')}.`);
  return unit;
}

/** The digits a `round` names; 0 where it names none. Throws `invalid`. */
export function digitsOf(arg: Formula | undefined): number {
  if (arg === undefined) return 0;
  const value = arg.op === 'literal' ? arg.value : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > maxDigits)
    throw wrong('round', `needs its digits written out: a whole number from −${maxDigits} to ${maxDigits}.`);
  return value;
}

/** The type of a named function's value. Throws `invalid` as {@link argumentTypes} does. */
export function namedType(call: Call & { readonly fn: NamedFunction }, types: ColumnTypes): ColumnType {
  const { fn, args } = call;
  const [first] = argumentTypes(call, types);
  switch (fn) {
    case 'isnull':
    case 'contains':
    case 'startswith':
    case 'endswith':
      return { kind: 'bool' };
    case 'lower':
    case 'upper':
    case 'trim':
    case 'left':
    case 'right':
    case 'replace':
    case 'concat':
    case 'text':
      return { kind: 'text' };
    case 'sqrt':
    case 'exp':
    case 'ln':
    case 'power':
      return { kind: 'float64' };
    case 'abs':
      return first!.kind === 'int32' ? { kind: 'int64' } : first!;
    case 'round':
      return rounded(first!, Math.max(0, digitsOf(args[1])));
    case 'floor':
    case 'ceil':
      return rounded(first!, 0);
    case 'date':
    case 'startof':
      return { kind: 'date' };
    case 'datediff':
      return { kind: 'int64' };
    default:
      return { kind: 'int32' };
  }
}

/** A number with at most so many decimals; a float64 stays one. */
function rounded(type: ColumnType, digits: number): ColumnType {
  if (type.kind === 'float64') return type;
  if (type.kind !== 'decimal') return { kind: 'int64' };
  return { kind: 'decimal', precision: decimalDigits, scale: Math.min(scaleOf(type), digits) };
}

function wrong(fn: string, rest: string): ExaError {
  return new ExaError('invalid', `“${fn}” ${rest}`, { facts: { function: fn } });
}
