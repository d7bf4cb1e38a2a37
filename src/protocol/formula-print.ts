import type { Literal } from './column.ts';
import type { Formula, RowFunction } from './formula.ts';

/** Binding strength of operators: a part that binds less than its place stands in parentheses. */
const strengths: Partial<Record<RowFunction, number>> = {
  or: 1,
  and: 2,
  not: 3,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  neg: 7,
};

const words = new Set(['and', 'or', 'not', 'true', 'false', 'null']);
const plainName = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)?$/u;

/** A formula as text that `parseFormula` reads as the same formula. */
export function printFormula(formula: Formula): string {
  return print(formula, 0);
}

function print(formula: Formula, place: number): string {
  switch (formula.op) {
    case 'column':
      return printName(formula.column);
    case 'literal':
      return printLiteral(formula.value);
    case 'lookup':
      return `lookup(${print(formula.of, 0)})`;
    case 'aggregate': {
      const of = formula.of ? print(formula.of, 0) : '';
      return formula.fn === 'quantile' ? `quantile(${of}, ${formula.q ?? 0.5})` : `${formula.fn}(${of})`;
    }
    case 'window': {
      const count = formula.n === undefined ? '' : `, ${formula.n}`;
      return `${formula.fn}(${print(formula.of, 0)}${count})`;
    }
    case 'call': {
      const { fn, args } = formula;
      const strength = strengths[fn];
      if (strength === undefined) return `${fn}(${args.map((arg) => print(arg, 0)).join(', ')})`;
      const text = operator(fn, args, strength);
      return strength < place ? `(${text})` : text;
    }
  }
}

function operator(fn: RowFunction, args: readonly Formula[], strength: number): string {
  const [first, second] = args;
  if (fn === 'not') return `not ${first ? print(first, strength) : ''}`;
  if (fn === 'neg') {
    // −(5) is a call, −5 a number.
    const negatedNumber = first?.op === 'literal' && typeof first.value === 'number';
    return negatedNumber ? `-(${print(first, 0)})` : `-${first ? print(first, strength) : ''}`;
  }
  if (fn === 'and' || fn === 'or') return args.map((arg) => print(arg, strength + 1)).join(` ${fn} `);
  const left = strength === 4 ? strength + 1 : strength;
  return `${first ? print(first, left) : ''} ${fn} ${second ? print(second, strength + 1) : ''}`;
}

/** A column reference as it stands in a formula, in double quotes where it must. */
export function printName(column: string): string {
  return plainName.test(column) && !words.has(column.toLowerCase())
    ? column
    : `"${column.replaceAll('"', '""')}"`;
}

function printLiteral(value: Literal): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  // Whole numbers past 2^53 written with all their digits are read as texts.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return value.toExponential();
  return String(value);
}
