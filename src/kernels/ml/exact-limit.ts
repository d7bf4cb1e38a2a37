import { ExaError } from '../../protocol/errors.ts';

/** What an exact method costs by rows, for people who choose between it and a sample. */
export interface ExactCost {
  readonly estimator: string;
  /** Rows up to which the exact method is offered. */
  readonly mostRows: number;
  /** Seconds that `rows` take on one ordinary core, to an order of magnitude. */
  seconds(rows: number): number;
  /** Bytes of memory that `rows` take. */
  bytes(rows: number): number;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}

/**
 * Throws `refused` when `rows` pass the limit: the sentence offers a sample and says what both would cost; `facts` hold
 * `rows`, `sampleRows`, `seconds`, `sampleSeconds` and `bytes`.
 */
export function checkExact(cost: ExactCost, rows: number): void {
  if (rows <= cost.mostRows) return;
  const seconds = cost.seconds(rows);
  const sampleSeconds = cost.seconds(cost.mostRows);
  throw new ExaError(
    'refused',
    `${cost.estimator} on all ${rows} rows would take ${inWords(seconds)} and ${Math.ceil(cost.bytes(rows) / 1e6)} MB: fit it on a sample of ${cost.mostRows} rows instead (${inWords(sampleSeconds)}).`,
    { facts: { rows, sampleRows: cost.mostRows, seconds, sampleSeconds, bytes: cost.bytes(rows) } },
  );
}
