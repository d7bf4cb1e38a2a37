import { msg, str } from '@lit/localize';
import type { FitCoverage, FitProgress, FitResult } from '../../protocol/fit.ts';
import type { Formats } from '../format.ts';

/** "3 min left"; empty when nobody knows. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '';
  if (seconds < 1) return msg('almost done');
  if (seconds < 90) return msg(str`${Math.round(seconds)} s left`);
  if (seconds < 5400) return msg(str`${Math.round(seconds / 60)} min left`);
  return msg(str`${Math.round(seconds / 3600)} h left`);
}

/** What a running fit is at: "Sample of 20,000; 12 % of pages; 40 s left". */
export function progressWords(
  progress: FitProgress | undefined,
  result: Pick<FitResult, 'stage' | 'coverage'> | undefined,
  formats: Formats,
): string {
  const parts: string[] = [];
  if (result && result.stage !== 'final') {
    const rows = formats.number(result.coverage.used);
    parts.push(result.stage === 'sample' ? msg(str`Sample of ${rows}`) : msg(str`${rows} rows so far`));
  }
  if (progress) {
    if (progress.done !== null && progress.blocksTotal > 1)
      parts.push(msg(str`${formats.percent(progress.done, { digits: 0 })} of pages`));
    else if (progress.phase !== '') parts.push(progress.phase);
    const left = progress.paused ? msg('paused') : timeLeft(progress.secondsLeft);
    if (left !== '') parts.push(left);
    if (progress.where === 'store') parts.push(msg('in the store'));
  }
  return parts.length === 0 ? msg('Fitting') : parts.join('; ');
}

/** What a finished result speaks for: "All 199,999 rows", "A sample of 5,000 of 1,200,000 rows". */
export function coverageSentence(coverage: FitCoverage, formats: Formats): string {
  const used = formats.number(coverage.used);
  const base =
    coverage.sampledOf === undefined || coverage.sampledOf === coverage.used
      ? msg(str`${used} rows`)
      : msg(str`A sample of ${used} of ${formats.number(coverage.sampledOf)} rows`);
  const left = coverage.missing + coverage.infinite;
  const parts = [base];
  if (left > 0) parts.push(msg(str`${formats.number(left)} left out, as a value is missing`));
  if (coverage.blocks < coverage.blocksTotal)
    parts.push(
      msg(str`${formats.number(coverage.blocks)} of ${formats.number(coverage.blocksTotal)} blocks here`),
    );
  return parts.join(' · ');
}
