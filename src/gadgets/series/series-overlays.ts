import { html, nothing } from 'lit';
import { type Extent, fractionOf, type IndexRange, parts } from '../exact/extent.ts';
import type { Gap } from './series-canvas.ts';

/** What lies over a line: words where nothing is drawn, the values and rows that filter, and the pointer's row. */
export function seriesOverlays({
  extent,
  y: [low, high],
  gaps,
  gapText,
  range,
  values,
  point,
}: {
  readonly extent: Extent;
  readonly y: readonly [number, number];
  readonly gaps: readonly Gap[];
  readonly gapText: (kind: Gap['kind']) => string;
  readonly range: IndexRange | undefined;
  readonly values: readonly [number, number] | undefined;
  readonly point: bigint | undefined;
}): unknown {
  const percent = (position: bigint): number => 100 * Math.min(1, Math.max(0, fractionOf(extent, position)));
  const at = (value: number): number => 100 * Math.min(1, Math.max(0, (high - value) / (high - low)));
  return html`
    ${gaps.map(
      (gap) => html`<span class="gap" style="left:${(gap.from + gap.to) / 2}px">${gapText(gap.kind)}</span>`,
    )}
    ${values ? html`<div class="band" style="top:${at(values[1])}%;bottom:${100 - at(values[0])}%"></div>` : nothing}
    ${
      range
        ? html`<div class="shade" style="left:0;width:${percent(range.start * parts)}%"></div>
            <div class="shade" style="right:0;left:${percent(range.end * parts)}%"></div>
            <div class="edge" style="left:${percent(range.start * parts)}%"></div>
            <div class="edge" style="left:${percent(range.end * parts)}%"></div>`
        : nothing
    }
    ${
      point === undefined || point * parts + parts < extent.from || point * parts > extent.to
        ? nothing
        : html`<div class="cursor" style="left:${percent(point * parts + parts / 2n)}%"></div>`
    }
  `;
}
