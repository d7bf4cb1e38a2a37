import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { cardTool } from '../exact/card-tool.ts';
import { shortNumber } from '../exact/element-text.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Formats } from '../format.ts';
import { cssColor } from '../theme/color.ts';
import type { Scheme } from '../theme/palette.ts';
import { type ColorScaleName, colorAt } from './color-scale.ts';
import type { MapCells } from './map-cells.ts';

/** How much a cell stands for, and the scale of its colours. */
export function mapScale(
  { rowStep, columnStep }: MapCells,
  [low, high]: readonly [number, number],
  colors: ColorScaleName,
  scheme: Scheme,
  formats: Formats,
): unknown {
  const stops = [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => cssColor(colorAt(colors, scheme, t))).join(',');
  return html`<span class="badge"
      >${
        rowStep === 1n && columnStep === 1n
          ? msg('1 cell = 1 element')
          : msg(str`1 cell = ${groupDigits(rowStep)} × ${groupDigits(columnStep)} elements`)
      }</span
    ><span class="scale"
      >${shortNumber(low, formats)}<i style="background:linear-gradient(90deg,${stops})"></i>${shortNumber(high, formats)}</span
    >`;
}

/** Said where nothing in view was ever written, or is here. */
export function mapGap(cells: MapCells | undefined, fill: string): unknown {
  if (!cells || cells.count.some((count) => count > 0)) return nothing;
  const isAway = cells.state.includes(2);
  return html`<span class="gap" style="left:50%"
    >${isAway ? msg('Not on this device') : msg(str`Unwritten: fill value ${fill}`)}</span
  >`;
}

/** The buttons of the card. */
export function mapTools({
  zoom,
  whole,
  turn,
  show,
  state: { colors, table },
  menu,
}: {
  readonly zoom: (by: number) => void;
  readonly whole: () => void;
  readonly turn: (colors: ColorScaleName) => void;
  readonly show: (table: boolean) => void;
  readonly state: { readonly colors: ColorScaleName; readonly table: boolean };
  readonly menu: unknown;
}): unknown {
  const isAboutZero = colors === 'puor';
  return html`<span class="tools">
    ${cardTool('plus', msg('Zoom in'), () => zoom(4))}
    ${cardTool('minus', msg('Zoom out'), () => zoom(0.25))}
    ${cardTool('whole', msg('Show all'), whole)}
    ${cardTool('sun', msg('Colours about zero'), () => turn(isAboutZero ? 'cividis' : 'puor'), isAboutZero)}
    ${cardTool('table', msg('Show as a table'), () => show(!table), table)}
    ${menu}
  </span>`;
}
