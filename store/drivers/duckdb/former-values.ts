import type { DatasetState } from './catalogue.ts';
import { watchedColumns } from './maintenance-plan.ts';
import { quoted } from './table-names.ts';
import { datasetsOf, type Transaction } from './transaction.ts';

/**
 * Remembers, before rows are overwritten, the values of columns that other data sets follow: `rows` is a query of one
 * column `_row`, `written` the columns about to change.
 */
export async function keepFormerValues(
  transaction: Transaction,
  state: DatasetState,
  written: readonly string[],
  rows: string,
): Promise<void> {
  const watched = watchedColumns(state.id, datasetsOf(transaction));
  for (const column of written) {
    if (!watched.has(column)) continue;
    const place = placeOf(state.id, column);
    const known = transaction.former.get(place);
    const table = known ?? `exa_former_${transaction.former.size}`;
    const select = `SELECT t.${quoted(column)} AS k FROM ${quoted(state.table)} t JOIN (${rows}) r ON t._row = r._row
      WHERE t.${quoted(column)} IS NOT NULL`;
    await transaction.connection.run(
      known ? `INSERT INTO ${table} ${select}` : `CREATE OR REPLACE TEMP TABLE ${table} AS ${select}`,
    );
    transaction.former.set(place, table);
  }
}

/** A query of the values (as `k`) that this transaction has overwritten; undefined when there are none. */
export function formerValues({ former }: Transaction, dataset: string, column: string): string | undefined {
  const table = former.get(placeOf(dataset, column));
  return table === undefined ? undefined : `SELECT k FROM ${table}`;
}

function placeOf(dataset: string, column: string): string {
  return `${dataset} ${column}`;
}
