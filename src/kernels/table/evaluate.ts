import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { isNamed } from '../../protocol/formula-functions.ts';
import {
  type ColumnTypes,
  operandTypes,
  typeOfFormula,
  typeOfLiteral,
  typesBeside,
} from '../../protocol/formula-type.ts';
import { type BlockInput, rowColumn, rowNumbers } from '../block.ts';
import { add, divide, negate } from './arithmetic.ts';
import { castColumn, constantColumn } from './cast.ts';
import { coalesce, pick } from './choose.ts';
import { compare } from './compare.ts';
import { evaluateNamed } from './evaluate-named.ts';
import { lookedUp } from './looked-up.ts';
import { fromTruth, truthOf } from './validity.ts';

/**
 * A row formula's value in every row of a block, nulls by three-valued logic; a plain column is returned as it is.
 * `_row` is the row's number as float64. `types` are those of the stored columns. Rows that a filter leaves out are
 * computed too. Throws `invalid` where types do not fit, a literal is not of its type, or an exact result overflows;
 * `missing` for a column the block was not given.
 */
export function evaluate(formula: Formula, input: BlockInput, types: ColumnTypes): ColumnData {
  switch (formula.op) {
    case 'column':
      return columnOf(formula.column, input);
    case 'literal':
      return constantColumn(typeOfLiteral(formula.value), formula.value, input.length);
    case 'lookup':
      return lookedUp(formula, evaluate(formula.of, input, types));
    case 'aggregate':
    case 'window':
      throw new ExaError('invalid', `“${formula.fn}” speaks of many rows and cannot be used row by row.`);
    case 'call':
      return call(formula, input, types[rowColumn] ? types : { ...types, [rowColumn]: { kind: 'float64' } });
  }
}

function columnOf(column: string, input: BlockInput): ColumnData {
  const data = input.columns[column];
  if (data) return data;
  if (column === rowColumn)
    return { kind: 'float64', length: input.length, values: rowNumbers(input.block, input.length) };
  throw new ExaError('missing', `Column “${column}” of block ${input.block} is not here.`, {
    facts: { column, block: input.block },
  });
}

function call(formula: Extract<Formula, { op: 'call' }>, input: BlockInput, types: ColumnTypes): ColumnData {
  const { fn, args } = formula;
  const type = typeOfFormula(formula, types);
  if (isNamed(fn)) return evaluateNamed({ ...formula, fn }, input, types, type);
  switch (fn) {
    case '+':
    case '-':
    case '*': {
      const [a, b] = operands(args, input, types, operandTypes(fn, args, types));
      return add(fn, a!, b!, type);
    }
    case '/': {
      const [a, b] = operands(args, input, types);
      return divide(a!, b!);
    }
    case 'neg':
      return negate(operands(args, input, types)[0]!, type);
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [a, b] = operands(args, input, types);
      return compare(fn, a!, b!);
    }
    case 'not': {
      const truth = truthOf(evaluate(args[0]!, input, types)).slice();
      for (let i = 0; i < truth.length; i++) if (truth[i] !== 2) truth[i]! ^= 1;
      return fromTruth(truth);
    }
    case 'and':
    case 'or':
      return logic(
        fn,
        args.map((arg) => evaluate(arg, input, types)),
        input.length,
      );
    case 'if': {
      const [first, second] = cast(args.slice(1), input, types, type);
      return pick(truthOf(evaluate(args[0]!, input, types)), first!, second!);
    }
    case 'coalesce':
      return coalesce(cast(args, input, types, type));
  }
}

/** Arguments side by side, literals as their neighbours' type. */
function operands(
  args: readonly Formula[],
  input: BlockInput,
  types: ColumnTypes,
  beside: readonly ColumnType[] = typesBeside(args, types),
): ColumnData[] {
  return args.map((arg, i) =>
    arg.op === 'literal' ? constantColumn(beside[i]!, arg.value, input.length) : evaluate(arg, input, types),
  );
}

function cast(
  args: readonly Formula[],
  input: BlockInput,
  types: ColumnTypes,
  type: ColumnType,
): ColumnData[] {
  return operands(args, input, types).map((data, i) => {
    const arg = args[i]!;
    return arg.op === 'literal' && arg.value === null
      ? constantColumn(type, null, input.length)
      : castColumn(data, type);
  });
}

/** A definite false decides `and`, a definite true decides `or`; else an unknown leaves the whole unknown. */
function logic(fn: 'and' | 'or', args: readonly ColumnData[], length: number): ColumnData {
  const decisive = fn === 'and' ? 0 : 1;
  const truth = new Uint8Array(length).fill(decisive ^ 1);
  for (const arg of args) {
    const other = truthOf(arg);
    for (let i = 0; i < length; i++) {
      const value = other[i]!;
      if (value === decisive) truth[i] = decisive;
      else if (value === 2 && truth[i] !== decisive) truth[i] = 2;
    }
  }
  return fromTruth(truth);
}
