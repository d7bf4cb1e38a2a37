import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import type { ColumnType } from '../../protocol/column.ts';
import type { Formula } from '../../protocol/formula.ts';
import { argumentTypes, digitsOf, parameterOf, unitOf } from '../../protocol/formula-arguments.ts';
import type { CalendarUnit, NamedFunction } from '../../protocol/formula-functions.ts';
import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { BlockInput } from '../block.ts';
import { clockPart, dayPart, spanColumn, startColumn } from './calendar.ts';
import { constantColumn } from './cast.ts';
import { textTest } from './compare.ts';
import { evaluate } from './evaluate.ts';
import { absolute, curve, roundColumn } from './number-functions.ts';
import { lengthColumn, printedColumn, textColumn } from './text-functions.ts';

type Named = Extract<Formula, { op: 'call' }> & { readonly fn: NamedFunction };

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/** A named function's value in every row, as `type`; null where an argument is null, `isnull` apart. Throws as `evaluate` does. */
export function evaluateNamed(
  call: Named,
  input: BlockInput,
  types: ColumnTypes,
  type: ColumnType,
): ColumnData {
  const { fn, args, zone = utc } = call;
  const wanted = argumentTypes(call, types);
  const all = args.map((arg, i) => {
    const parameter = parameterOf(fn, i);
    if (parameter === 'unit' || parameter === 'digits' || arg.op === 'literal')
      return constantColumn(wanted[i]!, arg.op === 'literal' ? arg.value : null, input.length);
    return evaluate(arg, input, types);
  });
  const [a, b, c] = all as [ColumnData, ColumnData, ColumnData];
  switch (fn) {
    case 'isnull':
      return {
        kind: 'bool',
        length: a.length,
        values: Uint8Array.from({ length: a.length }, (_, i) => (isValid(a, i) ? 0 : 1)),
      };
    case 'abs':
      return absolute(a, type);
    case 'round':
    case 'floor':
    case 'ceil':
      return roundColumn(fn, a, digitsOf(args[1]), type);
    case 'sqrt':
    case 'exp':
    case 'ln':
    case 'power':
      return curve(fn, a, b);
    case 'lower':
    case 'upper':
    case 'trim':
    case 'left':
    case 'right':
    case 'replace':
    case 'concat':
      return textColumn(fn, all);
    case 'length':
      return lengthColumn(a);
    case 'text':
      return printedColumn(a);
    case 'contains':
    case 'startswith':
    case 'endswith':
      return textTest(fn, a, b);
    case 'hour':
    case 'minute':
      return clockPart(fn, a, zone);
    case 'date':
      return startColumn('day', a, zone);
    case 'startof':
      return startColumn(unitOf(fn, args[0]) as CalendarUnit, b, zone);
    case 'datediff':
      return spanColumn(unitOf(fn, args[0]), b, c, zone);
    default:
      return dayPart(fn, a, zone);
  }
}
