import { type PreparedRows, prepareRows, type RowsKind } from '../../../src/arrow/prepare-rows.ts';
import type { Receipt } from '../../../src/protocol/change.ts';
import { ExaError, isExaError } from '../../../src/protocol/errors.ts';
import type { Write } from '../table-driver.ts';
import { applyProfile } from './apply-profile.ts';
import { applyRows, type RowCounts } from './apply-rows.ts';
import { rowsOf, today } from './catalogue.ts';
import { type Draft, draftOf, type Transaction } from './transaction.ts';

/** What became of each write of a group, in order; `fresh` when anything is to be committed. */
export interface GroupOutcome {
  readonly outcomes: readonly (Receipt | ExaError)[];
  readonly fresh: boolean;
}

const noCounts: RowCounts = { appended: 0, updated: 0, deleted: 0 };

/**
 * Applies waiting writes in order inside one transaction. Neighbours of one kind to the same columns are applied as
 * one set. A write that is wrong is answered with its error; anything else thrown concerns the transaction.
 */
export async function applyGroup(
  transaction: Transaction,
  writes: readonly Write[],
  now: () => number,
): Promise<GroupOutcome> {
  const outcomes = new Array<Receipt | ExaError>(writes.length);
  const firstOfKey = new Map<string, number>();
  const repeats: number[] = [];
  const stored: number[] = [];
  let run: Run | undefined;
  const close = async (): Promise<void> => {
    if (!run) return;
    const { draft, kind, members, within } = run;
    run = undefined;
    const results = await applyRows(
      transaction,
      draft,
      kind,
      members.map(({ prepared }) => prepared),
      within,
    );
    members.forEach(({ index }, i) => {
      const result = results[i]!;
      outcomes[index] = result instanceof ExaError ? result : receiptOf(transaction, result);
      if (!(result instanceof ExaError)) stored.push(index);
    });
  };
  for (let index = 0; index < writes.length; index++) {
    const write = writes[index]!;
    const first = firstOfKey.get(write.key);
    if (first !== undefined) {
      repeats.push(index);
      continue;
    }
    firstOfKey.set(write.key, index);
    const earlier = await receiptOfKey(transaction, write);
    if (earlier) {
      outcomes[index] = earlier;
      continue;
    }
    try {
      const draft = draftOf(transaction, write.dataset);
      if (write.change.kind === 'profile') {
        await close();
        await applyProfile(transaction, draft, write.change.profile);
        outcomes[index] = receiptOf(transaction, noCounts);
        stored.push(index);
        continue;
      }
      const { kind, batch } = write.change;
      const signature = `${write.dataset} ${kind} ${Object.keys(batch.columns).sort().join(' ')}`;
      if (run && run.signature !== signature) await close();
      const prepared = prepareRows(draft.state, kind, batch);
      if (run) run.members.push({ index, prepared });
      else run = { draft, kind, signature, members: [{ index, prepared }], within: write.within };
    } catch (error) {
      if (!isExaError(error)) throw error;
      outcomes[index] = error;
    }
  }
  await close();
  for (const index of repeats) {
    const write = writes[index]!;
    const first = firstOfKey.get(write.key)!;
    outcomes[index] =
      writes[first]!.fingerprint === write.fingerprint ? outcomes[first]! : keyConflict(write);
  }
  await keepReceipts(
    transaction,
    stored.map((index) => ({ write: writes[index]!, receipt: outcomes[index]! })),
    now,
  );
  return { outcomes, fresh: stored.length > 0 };
}

interface Run {
  readonly draft: Draft;
  readonly kind: RowsKind;
  readonly signature: string;
  readonly within: Write['within'];
  readonly members: { readonly index: number; readonly prepared: PreparedRows }[];
}

function receiptOf({ version, asOf }: Transaction, counts: RowCounts): Receipt {
  return { version, asOf, appended: counts.appended, updated: counts.updated, deleted: counts.deleted };
}

function keyConflict({ key }: Pick<Write, 'key'>): ExaError {
  return new ExaError('conflict', 'This idempotency key was used before for another change: use a new key.', {
    facts: { key },
  });
}

/** The receipt kept for a key, a `conflict` when it was for another write, or undefined when the key is new. */
export async function receiptOfKey(
  { connection }: Transaction,
  write: Pick<Write, 'key' | 'fingerprint'>,
): Promise<Receipt | ExaError | undefined> {
  const [found] = await rowsOf(connection, 'SELECT fingerprint, receipt FROM exa_keys WHERE key = $1', [
    write.key,
  ]);
  if (!found) return undefined;
  return found[0] === write.fingerprint ? (JSON.parse(String(found[1])) as Receipt) : keyConflict(write);
}

/** Keeps receipts under their keys, in the caller's transaction. */
export async function keepReceipts(
  { connection, version }: Transaction,
  kept: readonly {
    readonly write: Pick<Write, 'key' | 'fingerprint'>;
    readonly receipt: Receipt | ExaError;
  }[],
  now: () => number,
): Promise<void> {
  if (kept.length === 0) return;
  const statement = await connection.prepare(
    'INSERT INTO exa_keys VALUES ($1, $2, $3::BIGINT, $4::BIGINT, $5)',
  );
  try {
    for (const { write, receipt } of kept) {
      statement.bindVarchar(1, write.key);
      statement.bindVarchar(2, write.fingerprint);
      statement.bindBigInt(3, BigInt(version));
      statement.bindBigInt(4, BigInt(today(now)));
      statement.bindVarchar(5, JSON.stringify(receipt));
      await statement.run();
    }
  } finally {
    statement.destroySync();
  }
}
