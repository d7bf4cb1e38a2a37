import type { Formula } from '../protocol/formula.ts';
import type { FilterSpec, KernelSpec, TopSpec } from '../protocol/kernel.ts';

/** Stored columns a kernel reads: its pages. Names that begin with `_` (`_row`) are made, not stored. */
export function storedColumns(spec: Pick<KernelSpec, 'columns'>): string[] {
  return Object.keys(spec.columns).filter((column) => !column.startsWith('_'));
}

/** Stored columns that `formulas` read. */
export function formulaColumns(formulas: Iterable<Formula>): string[] {
  const found = new Set<string>();
  for (const formula of formulas) collect(formula, found);
  return [...found];
}

/** A top spec without what it takes: only the columns it filters and orders by. */
export function orderOnly(spec: TopSpec): TopSpec {
  const columns = new Set([
    ...formulaColumns(spec.order.map(({ operand }) => operand)),
    ...(spec.where ? filterColumns(spec.where) : []),
  ]);
  return { ...spec, columns: pick(spec.columns, columns), take: [] };
}

/** A top spec of the `take` columns alone. */
export function takeOnly(spec: TopSpec): TopSpec {
  const columns = new Set(formulaColumns(spec.take));
  return {
    kernel: 'top',
    columns: pick(spec.columns, columns),
    order: [],
    take: spec.take,
    limit: spec.limit,
  };
}

function filterColumns(filter: FilterSpec): string[] {
  if (filter.op === 'not') return filterColumns(filter.of);
  if ('of' in filter) return filter.of.flatMap(filterColumns);
  return formulaColumns([filter.operand]);
}

function pick<T>(record: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
}

function collect(formula: Formula, found: Set<string>): void {
  if (formula.op === 'column') {
    if (!formula.column.startsWith('_')) found.add(formula.column);
  } else if (formula.op === 'call') for (const arg of formula.args) collect(arg, found);
  else if (formula.op === 'window' || formula.op === 'lookup') collect(formula.of, found);
  else if (formula.op === 'aggregate' && formula.of) collect(formula.of, found);
}
