import type { ExaError } from '../protocol/errors.ts';

/**
 * The five states every gadget shows.
 *
 * | phase | what is seen |
 * |---|---|
 * | idle | nothing asked yet |
 * | loading | the last picture, else a skeleton after 200 ms; a progress line |
 * | ready | the picture |
 * | stale | the picture, dated: offline, mixed, or not all of the data |
 * | failed | an error card with a retry; the last picture stays, dimmed and dated |
 */
export const phases = ['idle', 'loading', 'ready', 'stale', 'failed'] as const;
export type Phase = (typeof phases)[number];

/** Something a gadget waits for (an answer, a head); its gadget's phase is the most pressing of all. */
export interface PhaseSource {
  readonly phase: Phase;
  /** Fraction done, `[0, 1]`, while loading, when known. */
  readonly progress?: number;
  /** ISO time of what is shown. */
  readonly asOf?: string;
  /** Fraction of all rows that what is shown speaks for, `[0, 1)`; undefined when for all. */
  readonly covered?: number;
  readonly error?: ExaError;
  retry(): void;
}

const pressing: readonly Phase[] = ['failed', 'loading', 'stale', 'ready', 'idle'];

/** The phase of a whole: failed before loading before stale before ready before idle. */
export function combinedPhase(sources: readonly PhaseSource[]): Phase {
  return pressing.find((phase) => sources.some((source) => source.phase === phase)) ?? 'idle';
}

/** Mean progress of what is loading, `[0, 1]`; undefined when nobody knows. */
export function combinedProgress(sources: readonly PhaseSource[]): number | undefined {
  const known = sources.flatMap((source) =>
    source.phase === 'loading' && source.progress !== undefined ? [source.progress] : [],
  );
  return known.length === 0 ? undefined : known.reduce((sum, done) => sum + done, 0) / known.length;
}

/** The oldest ISO time among what is shown. */
export function oldest(sources: readonly PhaseSource[]): string | undefined {
  return sources.flatMap((source) => source.asOf ?? []).sort()[0];
}

/** The least of all rows that anything shown speaks for, `[0, 1)`; undefined when all of it speaks for all. */
export function leastCovered(sources: readonly PhaseSource[]): number | undefined {
  return sources.flatMap((source) => source.covered ?? []).sort((a, b) => a - b)[0];
}
