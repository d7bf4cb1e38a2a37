import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Measure } from '../../protocol/profile.ts';
import type { TimeUnit } from '../../protocol/query.ts';
import type { BinBrush } from '../filter-group/bin-brush.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { exactMeasure } from '../measure.ts';
import type { Series } from './series.ts';

/** A calendar unit in words. */
export function unitWord(unit: TimeUnit): string {
  const words: Record<TimeUnit, string> = {
    hour: msg('Hour'),
    day: msg('Day'),
    week: msg('Week'),
    month: msg('Month'),
    quarter: msg('Quarter'),
    year: msg('Year'),
  };
  return words[unit];
}

/** What a series says, for people who do not see it. */
export function summaryOf(name: string, series: Series, say: (value: number, bin: number) => string): string {
  const known = series.values.flatMap((value, bin) => (value === null ? [] : [{ value, bin }]));
  if (known.length === 0) return msg('Nothing in this period');
  const top = known.reduce((best, one) => (one.value > best.value ? one : best));
  const low = known.reduce((best, one) => (one.value < best.value ? one : best));
  return msg(str`${name}: highest ${say(top.value, top.bin)}, lowest ${say(low.value, low.bin)}.`);
}

/** The table behind the chart: one row a bin. */
export function seriesTable(
  name: string,
  series: Series,
  binText: (start: number | undefined) => string,
  exact: (value: number | null) => string,
  /** The period compared with, bin beside bin. */
  before?: { readonly series: Series; readonly name: string },
): unknown {
  return html`<div class="table" tabindex="0" role="region" aria-label=${name}>
    <table>
      <thead>
        <tr><th scope="col">${msg('Period')}</th><th scope="col" class="amount">${name}</th>${before ? html`<th scope="col" class="amount">${before.name}</th>` : ''}</tr>
      </thead>
      <tbody>
        ${series.values.map(
          (value, bin) =>
            html`<tr><th scope="row">${binText(series.starts[bin])}</th><td>${exact(value)}</td>${before ? html`<td>${exact(before.series.values[bin] ?? null)}</td>` : ''}</tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Every digit of a value; a double that stands for money with its cents only. */
export function exactText(
  formats: Formats,
  measure: Measure,
  value: number | null,
  currency: string | undefined,
): string {
  const rounded = value !== null && measure.format === 'number' ? Number(value.toPrecision(12)) : value;
  return exactMeasure(formats, measure, rounded, currency);
}

/** Said over the chart while a range moves that other gadgets cannot follow. */
export function lateNote({ moving, refused }: Pick<BinBrush, 'moving' | 'refused'>): unknown {
  return refused && moving
    ? html`<p class="late" role="status" title=${refused.message}>${icon('info')}${msg('Some cards follow when you let go.')}</p>`
    : nothing;
}
