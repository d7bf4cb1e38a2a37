import type { Head } from '../protocol/head.ts';

/** Whether a table has no rows at all, whatever is filtered. */
export function isEmptyTable({ live }: Pick<Head, 'live'>): boolean {
  return live.every((rows) => rows === 0);
}
