import type { AggregateQuestion, Filter } from '../../protocol/query.ts';

/** How many rows `where` leaves, as `rows`. */
export function countQuestion(dataset: string, where: Filter | undefined): AggregateQuestion {
  return {
    kind: 'aggregate',
    dataset,
    ...(where ? { where } : {}),
    groupBy: [],
    measures: [{ id: 'rows', label: '', formula: 'count()', format: 'count' }],
  };
}
