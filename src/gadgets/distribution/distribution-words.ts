import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { Formats } from '../format.ts';
import { type Bins, edgeOf } from './bins.ts';

/** How bins are said: whether all values are whole numbers, and in whose formats. */
export interface BinWords {
  readonly formats: Formats;
  readonly whole: boolean;
}

export function binText({ formats, whole }: BinWords, bins: Bins, bin: number): string {
  const [from, to] = [edgeOf(bins, bin), edgeOf(bins, bin + 1)];
  if (whole && bins.width === 1) return formats.number(from);
  const [low, high] = [formats.number(from), formats.number(whole ? to - 1 : to)];
  return whole ? msg(str`${low} to ${high}`) : msg(str`${low} to below ${high}`);
}

export function rowsText(formats: Formats, count: number): string {
  const rows = formats.number(count);
  return count === 1 ? msg('1 row') : msg(str`${rows} rows`);
}

/** What a distribution says, for people who do not see it. */
export function summaryOf(words: BinWords, name: string, bins: Bins, counts: readonly number[]): string {
  const { formats } = words;
  const top = counts.reduce((best, rows, bin) => (rows > counts[best]! ? bin : best), 0);
  const [bin, rows] = [binText(words, bins, top), rowsText(formats, counts[top] ?? 0)];
  const [low, high] = [formats.number(edgeOf(bins, 0)), formats.number(edgeOf(bins, bins.count))];
  return msg(str`${name} from ${low} to ${high}: most rows at ${bin} (${rows}).`);
}

/** The table behind the chart: one row a bin. */
export function binsTable(words: BinWords, name: string, bins: Bins, counts: readonly number[]): unknown {
  return html`<div class="table" tabindex="0" role="region" aria-label=${name}>
    <table>
      <thead>
        <tr><th scope="col">${name}</th><th scope="col" class="amount">${msg('Rows')}</th></tr>
      </thead>
      <tbody>
        ${counts.map(
          (rows, bin) =>
            html`<tr><th scope="row">${binText(words, bins, bin)}</th><td>${words.formats.number(rows)}</td></tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
