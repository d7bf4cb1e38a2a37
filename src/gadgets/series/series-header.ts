import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { cardTool } from '../exact/card-tool.ts';
import { shortNumber } from '../exact/element-text.ts';
import { type Extent, elementsIn } from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import type { Gap } from './series-canvas.ts';
import { type SeriesCells, valuesIn } from './series-cells.ts';

/** What a card's buttons do and show. */
export interface SeriesTools {
  readonly zoom: (by: number) => void;
  readonly whole: () => void;
  readonly select: () => void;
  readonly show: (table: boolean) => void;
  readonly selecting: boolean;
  readonly table: boolean;
  readonly menu: unknown;
}

/** The heading of a card; without cells only its name. */
export function seriesHeader(
  name: string,
  cells: SeriesCells | undefined,
  readout: unknown,
  tools: SeriesTools,
): unknown {
  const step = cells?.step ?? 1n;
  return html`<header>
    <h3>${name}</h3>
    ${
      cells
        ? html`<span class="badge"
            >${step === 1n ? msg('1 point = 1 row') : msg(str`1 point = ${groupDigits(step)} rows`)}</span
          >`
        : nothing
    }
    <span class="readout">${cells ? readout : nothing}</span>
    ${
      cells
        ? html`<span class="tools">
            ${cardTool('plus', msg('Zoom in'), () => tools.zoom(4))}
            ${cardTool('minus', msg('Zoom out'), () => tools.zoom(0.25))}
            ${cardTool('whole', msg('Show all'), tools.whole)}
            ${cardTool('select', msg('Select a range'), tools.select, tools.selecting)}
            ${cardTool('table', msg('Show as a table'), () => tools.show(!tools.table), tools.table)}
            ${tools.menu}
          </span>`
        : nothing
    }
  </header>`;
}

/** Why nothing is drawn somewhere. */
export function gapText(kind: Gap['kind'], fill: string): string {
  if (kind === 'away') return msg('Not on this device');
  return kind === 'nans' ? 'NaN' : msg(str`Unwritten: fill value ${fill}`);
}

/** What is in view, for those who do not see it. */
export function seriesSummary(cells: SeriesCells, extent: Extent, formats: Formats): string {
  const { start, end } = elementsIn(extent);
  const [first, last] = [groupDigits(start), groupDigits(end - 1n)];
  const values = valuesIn(cells, extent);
  if (!values) return msg(str`Rows ${first} to ${last}: nothing written.`);
  const [low, high] = values.map((value) => shortNumber(value, formats));
  return msg(
    str`Rows ${first} to ${last}: from ${low} to ${high}; one point is ${groupDigits(cells.step)} rows.`,
  );
}
