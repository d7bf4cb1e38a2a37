import { msg, str } from '@lit/localize';
import type { Coverage } from '../protocol/answer.ts';
import type { Formats } from './format.ts';

/** What an answer leaves out, as people read it; undefined when it speaks for all rows as of one version. */
export function coverageWords(coverage: Coverage | undefined, formats: Formats): string | undefined {
  if (!coverage) return undefined;
  const { blocks, blocksTotal, rows, rowsTotal } = coverage;
  if (blocks < blocksTotal) {
    const here = formats.number(blocks);
    const all = formats.number(blocksTotal);
    const share = shareWords(rowsTotal > 0 ? rows / rowsTotal : 1, formats);
    return msg(str`${here} of ${all} blocks here; totals cover ${share} of rows`);
  }
  if (coverage.mixed) return msg('Offline: some of the data are older than others');
  return undefined;
}

/** Fraction of all rows that an answer speaks for, `[0, 1)`; undefined when it leaves out no block. */
export function coveredShare(coverage: Coverage | undefined): number | undefined {
  if (!coverage || coverage.blocks >= coverage.blocksTotal || coverage.rowsTotal === 0) return undefined;
  return coverage.rows / coverage.rowsTotal;
}

/** A fraction of all rows in words, rounded down: a part is never told as the whole. */
export function shareWords(share: number, formats: Formats): string {
  const digits = share < 0.1 ? 1 : 0;
  const unit = 100 * 10 ** digits;
  return formats.percent(Math.floor(share * unit) / unit, { digits });
}
