import { expect, test } from 'vitest';
import { combinedPhase, combinedProgress, oldest, type PhaseSource } from './phase.ts';

const of = (part: Partial<PhaseSource>): PhaseSource => ({ phase: 'ready', retry: () => {}, ...part });

test('the most pressing phase is that of the whole', () => {
  expect(combinedPhase([])).toBe('idle');
  expect(combinedPhase([of({}), of({ phase: 'stale' })])).toBe('stale');
  expect(combinedPhase([of({ phase: 'loading' }), of({ phase: 'stale' })])).toBe('loading');
  expect(combinedPhase([of({ phase: 'loading' }), of({ phase: 'failed' })])).toBe('failed');
});

test('progress is the mean of what is known and loading; the oldest date is shown', () => {
  expect(combinedProgress([of({ progress: 0.5 })])).toBeUndefined();
  expect(
    combinedProgress([of({ phase: 'loading', progress: 0.2 }), of({ phase: 'loading', progress: 0.6 })]),
  ).toBeCloseTo(0.4);
  expect(oldest([of({ asOf: '2026-02-01' }), of({ asOf: '2025-01-01' }), of({})])).toBe('2025-01-01');
});
