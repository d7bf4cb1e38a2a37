import type { Formula } from '../../protocol/formula.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import { rowColumn } from '../block.ts';

/** Stored columns that formulas read, each once, in order of their ids, without `_row`. */
export function columnsOf(formulas: readonly Formula[]): string[] {
  const ids = new Set<string>();
  const visit = (formula: Formula): void => {
    if (formula.op === 'column') {
      if (formula.column !== rowColumn) ids.add(formula.column);
    } else if (formula.op === 'call') formula.args.forEach(visit);
    else if (formula.op === 'window' || formula.op === 'lookup') visit(formula.of);
    else if (formula.op === 'aggregate' && formula.of) visit(formula.of);
  };
  formulas.forEach(visit);
  return [...ids].sort();
}

/** Operands of a filter's leaves. */
export function operandsOf(where: FilterSpec | undefined): Formula[] {
  if (!where) return [];
  if (where.op === 'not') return operandsOf(where.of);
  return 'operand' in where ? [where.operand] : where.of.flatMap(operandsOf);
}
