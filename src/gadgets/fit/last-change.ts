import type { Head } from '../../protocol/head.ts';

const known = new WeakMap<Head, number>();

/** The version that last changed rows of a table: its head's own version moves with every write to the store. */
export function lastChange(head: Head): number {
  const before = known.get(head);
  if (before !== undefined) return before;
  const last = head.revisions.reduce((most, revision) => Math.max(most, revision), 0);
  known.set(head, last);
  return last;
}
