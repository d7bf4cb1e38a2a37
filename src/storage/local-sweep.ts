import type { LocalDatabase } from './local-database.ts';
import { readTables } from './local-table.ts';

const dayMs = 86_400_000;

/**
 * Removes pages that no data set names and no import holds, and receipts beyond `keptReceipts`. Without Web Locks
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
  const held = locks ? ((await locks.query()).held ?? []).map((lock) => lock.name ?? '') : undefined;
  const isHeld = (stamp: string): boolean =>
    held
      ? held.includes(`${database.name}/${stamp}`)
      : now() - Number.parseInt(stamp.split('-')[0]!, 36) < dayMs;
  const loose = [...stamps].filter((stamp) => !isHeld(stamp));
  await database.write(async (transaction) => {
    const named = new Set([...(await readTables(transaction)).values()].flatMap((table) => table.stamps));
    for (const stamp of loose)
      if (!named.has(stamp)) transaction.del('pages', IDBKeyRange.bound(`${stamp}/`, `${stamp}/\uffff`));
    const receipts = await transaction.keys('receipts');
    for (const key of receipts.slice(0, Math.max(0, receipts.length - keptReceipts)))
      transaction.del('receipts', key);
  });
}
