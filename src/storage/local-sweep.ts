import type { LocalDatabase } from './local-database.ts';
import { readTables } from './local-table.ts';

const dayMs = 86_400_000;

/**
 * Removes pages that no data set names and no import holds, and receipts beyond `keptReceipts`. What one holds now is
 * looked at once more when it lets go: a killed tab holds its import until its worker has ended. Without Web Locks
 * nobody can tell who holds what: then only what is older than a day goes.
 */
export async function sweepPages(
  database: LocalDatabase,
  {
    now,
    locks,
    keptReceipts,
  }: { readonly now: () => number; readonly locks?: LockManager; readonly keptReceipts: number },
): Promise<void> {
  const found = await database.read((transaction) => transaction.keys('pages'));
  const stamps = new Set(found.map((key) => String(key).split('/')[0]!));
  const held = locks && heldStamps(`${database.name}/`, await locks.query());
  const isHeld = (stamp: string): boolean =>
    held ? held.has(stamp) : now() - Number.parseInt(stamp.split('-')[0]!, 36) < dayMs;
  await removeUnnamed(
    database,
    [...stamps].filter((stamp) => !isHeld(stamp)),
  );
  await database.write(async (transaction) => {
    const receipts = await transaction.keys('receipts');
    for (const key of receipts.slice(0, Math.max(0, receipts.length - keptReceipts)))
      transaction.del('receipts', key);
  });
  for (const stamp of held ?? [])
    void locks?.request(`${database.name}/${stamp}`, () => removeUnnamed(database, [stamp])).catch(() => {});
}

/** Stamps of the imports under way, in any tab. */
function heldStamps(prefix: string, { held = [] }: LockManagerSnapshot): ReadonlySet<string> {
  const names = held.map(({ name = '' }) => name).filter((name) => name.startsWith(prefix));
  return new Set(names.map((name) => name.slice(prefix.length)).filter((name) => /^\w+-\w+$/.test(name)));
}

async function removeUnnamed(database: LocalDatabase, stamps: readonly string[]): Promise<void> {
  await database.write(async (transaction) => {
    const named = new Set([...(await readTables(transaction)).values()].flatMap((table) => table.stamps));
    for (const stamp of stamps)
      if (!named.has(stamp)) transaction.del('pages', IDBKeyRange.bound(`${stamp}/`, `${stamp}/\uffff`));
  });
}
