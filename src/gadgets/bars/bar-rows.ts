import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Literal } from '../../protocol/column.ts';

/** One bar: a value of the column (undefined: all the rest together) and its measure, NaN for none. */
export interface BarRow {
  readonly value: Literal | undefined;
  readonly amount: number;
  readonly exact: string;
}

/** The bars of an answer in its order, the rest last. */
export function barRows(table: AnswerTable, measure: string): BarRow[] {
  const amounts = table.numbers(measure);
  return Array.from({ length: table.rows }, (_, row) => ({
    value: isRest(table, row) ? undefined : literalAt(table, row),
    amount: amounts[row]!,
    exact: table.exact(measure, row),
  }));
}

/**
 * Amounts of another answer for the same values; those it does not have are 0 (nothing matched). The rest is what
 * remains of all its rows where the measure is a sum or a count (`additive`), else unknown (NaN).
 */
export function amountsFor(
  rows: readonly BarRow[],
  table: AnswerTable,
  measure: string,
  additive: boolean,
): { readonly amount: number; readonly exact: string }[] {
  const others = barRows(table, measure);
  const known = new Map(others.map((row) => [row.value, row]));
  const named = new Set(rows.flatMap(({ value }) => (value === undefined ? [] : [value])));
  const rest = others
    .filter(({ value }) => value === undefined || !named.has(value))
    .reduce((sum, { amount }) => sum + (amount || 0), 0);
  return rows.map(({ value }) => {
    if (value === undefined)
      return { amount: additive ? rest : Number.NaN, exact: additive ? String(rest) : '' };
    return known.get(value) ?? { amount: 0, exact: '0' };
  });
}

/** The greatest amount among named values and their totals; "the rest" may pass it and is cut. */
export function longestOf(
  rows: readonly BarRow[],
  totals: readonly { readonly amount: number }[] | undefined,
): number {
  return rows.reduce((longest, { value, amount }, i) => {
    const total = totals?.[i]?.amount ?? amount;
    return value === undefined ? longest : Math.max(longest, amount || 0, total || 0);
  }, 0);
}

/** Length of a bar, `[0, 100]` per cent of the longest. */
export function lengthOf(amount: number, longest: number): number {
  return longest > 0 && amount > 0 ? Math.min(100, (100 * amount) / longest) : 0;
}

function isRest(table: AnswerTable, row: number): boolean {
  return table.has('_other') && table.value('_other', row) === true;
}

/** A group's value as a literal of its column's kind. */
function literalAt(table: AnswerTable, row: number): Literal {
  const value = table.value('g0', row);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  const { kind } = table.type('g0');
  return kind === 'int32' || kind === 'float64' ? Number(value) : table.exact('g0', row);
}
