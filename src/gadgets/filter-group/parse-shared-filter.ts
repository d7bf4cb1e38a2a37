import { ExaError } from '../../protocol/errors.ts';
import { parseFilter, printFilter } from '../../protocol/filter-text.ts';
import { isRecord } from '../../protocol/is-record.ts';
import type { Filter } from '../../protocol/query.ts';
import type { SharedFilter } from './group.ts';

/** A filter that a page of somebody else's sets; null drops it. Throws `invalid`. */
export function parseSharedFilter(value: unknown): SharedFilter | undefined {
  if (value === null) return undefined;
  const filter = isRecord(value) && typeof value.dataset === 'string' ? read(value.filter) : undefined;
  if (!filter)
    throw new ExaError(
      'invalid',
      'A filter is { dataset, filter: { op: "in", column, values } }, or null to drop it.',
    );
  return { dataset: (value as unknown as SharedFilter).dataset, filter };
}

/** What a URL would say of it, read again: of the shape of a filter, and nothing more. */
function read(filter: unknown): Filter | undefined {
  try {
    return parseFilter(printFilter(filter as Filter));
  } catch {
    return undefined;
  }
}
