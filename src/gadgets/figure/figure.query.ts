import type { AggregateQuestion, Asked, Filter } from '../../protocol/query.ts';

/** One number: a measure over the rows of `where`. */
export function figureQuestion(
  dataset: string,
  measure: Asked,
  where: Filter | undefined,
): AggregateQuestion {
  return { kind: 'aggregate', dataset, where, groupBy: [], measures: [measure] };
}

/** How a value differs from the one before. `ratio` is 0.1 for 10 % more; undefined where that says nothing. */
export interface Change {
  readonly direction: 'more' | 'less' | 'same';
  readonly ratio: number | undefined;
}

/** Compares a value with that of the period before; undefined when either is missing. */
export function changeOf(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null || Number.isNaN(now) || Number.isNaN(before)) return undefined;
  const direction = now > before ? 'more' : now < before ? 'less' : 'same';
  return { direction, ratio: before > 0 ? (now - before) / before : undefined };
}
