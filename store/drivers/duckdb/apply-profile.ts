import { ExaError } from '../../../src/protocol/errors.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import { maintainedColumns, resolveProfile } from '../../../src/protocol/profile-references.ts';
import { isZone } from '../../../src/protocol/zone-table.ts';
import { rowsOf } from './catalogue.ts';
import { dropColumn } from './maintain.ts';
import { quoted } from './table-names.ts';
import type { Draft, Transaction } from './transaction.ts';

/** Gives a data set a profile. Throws `invalid` when it names what is not there, or a key that rows repeat. */
export async function applyProfile(transaction: Transaction, draft: Draft, given: Profile): Promise<void> {
  const profile = resolveProfile(given, draft.state.columns, 'ids');
  checkZone(profile);
  if (profile.keys.join() !== draft.state.profile.keys.join())
    await checkKeys(transaction, draft.state.table, draft.state.columns, profile.keys);
  const kept = maintainedColumns({ columns: draft.state.columns, profile });
  const former = draft.state.profile.rollUp ? [] : maintainedColumns(draft.state);
  draft.state = { ...draft.state, profile };
  draft.headChanged = true;
  for (const column of former) if (!kept.has(column)) await dropColumn(transaction, draft.state.id, column);
}

export function checkZone({ zone }: Profile): void {
  if (!isZone(zone))
    throw new ExaError('invalid', `${zone} is not a time zone: use a name such as Europe/Paris or UTC.`, {
      facts: { zone },
    });
}

/** Throws `invalid` when a live row of `table` lacks a part of the key, or two rows share it. */
export async function checkKeys(
  { connection }: Pick<Transaction, 'connection'>,
  table: string,
  columns: readonly { readonly id: string; readonly name: string }[],
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const names = keys.map((key) => columns.find(({ id }) => id === key)?.name ?? key).join(', ');
  const missing = keys.map((key) => `${quoted(key)} IS NULL`).join(' OR ');
  const [empty] = await rowsOf(
    connection,
    `SELECT min(_row) FROM ${quoted(table)} WHERE _live AND (${missing})`,
  );
  if (empty && empty[0] !== null)
    throw new ExaError('invalid', `Row ${Number(empty[0]) + 1} has no ${names}, so it cannot be the key.`, {
      facts: { column: names, row: Number(empty[0]) + 1 },
    });
  const list = keys.map(quoted).join(', ');
  const [twice] = await rowsOf(
    connection,
    `SELECT min(_row), max(_row), count(*) FROM ${quoted(table)} WHERE _live GROUP BY ${list} HAVING count(*) > 1 LIMIT 1`,
  );
  if (twice)
    throw new ExaError(
      'invalid',
      `Rows ${Number(twice[0]) + 1} and ${Number(twice[1]) + 1} have the same ${names}, so it cannot be the key.`,
      { facts: { column: names, row: Number(twice[1]) + 1 } },
    );
}
