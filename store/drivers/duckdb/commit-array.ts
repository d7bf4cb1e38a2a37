import type { Receipt } from '../../../src/protocol/change.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayCatalogue } from '../array-catalogue.ts';
import { keepReceipts, receiptOfKey } from './apply-group.ts';
import type { Writer } from './writer.ts';

/** Commits changes of arrays through the one writer: head, clock and idempotency key in one transaction. */
export function arrayCatalogue(writer: Writer, now: () => number): ArrayCatalogue {
  return {
    arrays: () => writer.catalogue.arrays,
    commitArray: ({ key, fingerprint }, body) =>
      writer.alone(async (transaction) => {
        const write = key === undefined ? undefined : { key, fingerprint };
        const earlier = write && (await receiptOfKey(transaction, write));
        if (earlier instanceof ExaError) throw earlier;
        if (earlier) {
          transaction.idle = true;
          return earlier;
        }
        const { version, asOf } = transaction;
        const commit = await body({ version, asOf });
        transaction.arrays.set(commit.change.id, commit);
        const receipt: Receipt = { version, asOf, appended: 0, updated: commit.written, deleted: 0 };
        if (write) await keepReceipts(transaction, [{ write, receipt }], now);
        return receipt;
      }),
  };
}
