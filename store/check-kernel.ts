import type { ColumnType } from '../src/protocol/column.ts';
import { ExaError } from '../src/protocol/errors.ts';
import type { Formula } from '../src/protocol/formula.ts';
import type { Head } from '../src/protocol/head.ts';
import type { FilterSpec, KernelSpec } from '../src/protocol/kernel.ts';

/**
 * That a kernel reads only columns its data set has, with the types they have, and aggregates nothing inside an operand.
 * Throws `invalid` naming the column.
 */
export function checkKernel(spec: KernelSpec, head: Head): void {
  const stored = new Map(head.columns.map((column) => [column.id, column]));
  for (const [id, type] of Object.entries(spec.columns)) {
    const column = stored.get(id);
    if (!column)
      throw new ExaError(
        'invalid',
        `The data set “${head.name}” has no column “${id}”: read its head again.`,
        {
          facts: { dataset: head.id, column: id },
        },
      );
    if (!sameType(column.type, type))
      throw new ExaError(
        'invalid',
        `The column “${column.name}” of “${head.name}” is ${column.type.kind}, not ${type.kind}: read its head again.`,
        { facts: { dataset: head.id, column: id } },
      );
  }
  for (const operand of operandsOf(spec)) checkOperand(operand, spec, head);
}

function checkOperand(operand: Formula, spec: KernelSpec, head: Head): void {
  switch (operand.op) {
    case 'column':
      if (operand.column !== '_row' && !Object.hasOwn(spec.columns, operand.column))
        throw new ExaError(
          'invalid',
          `The kernel reads “${operand.column}” of “${head.name}” without naming it in its columns.`,
          { facts: { dataset: head.id, column: operand.column } },
        );
      return;
    case 'call':
      for (const argument of operand.args) checkOperand(argument, spec, head);
      return;
    case 'lookup':
      checkOperand(operand.of, spec, head);
      return;
    case 'aggregate':
    case 'window':
      throw new ExaError(
        'invalid',
        `${operand.fn}() computes over many rows and cannot stand inside a row’s value.`,
      );
    case 'literal':
      return;
  }
}

function* operandsOf(spec: KernelSpec): Generator<Formula> {
  if (spec.where) yield* filterOperands(spec.where);
  if (spec.kernel === 'top') {
    for (const key of spec.order) yield key.operand;
    yield* spec.take;
    return;
  }
  for (const group of spec.groupBy) yield group.operand;
  for (const state of spec.states) if (state.state !== 'rows') yield state.operand;
}

function* filterOperands(filter: FilterSpec): Generator<Formula> {
  switch (filter.op) {
    case 'and':
    case 'or':
      for (const part of filter.of) yield* filterOperands(part);
      return;
    case 'not':
      yield* filterOperands(filter.of);
      return;
    default:
      yield filter.operand;
  }
}

function sameType(a: ColumnType, b: ColumnType): boolean {
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.scale === b.scale && a.precision === b.precision;
  return a.kind === b.kind;
}
