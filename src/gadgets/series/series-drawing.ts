import { msg } from '@lit/localize';
import type { AxisScale } from '../exact/axis.ts';
import { shortNumber } from '../exact/element-text.ts';
import type { Extent } from '../exact/extent.ts';
import type { Ticks } from '../exact/ticks.ts';
import type { Formats } from '../format.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { niceTicks } from '../trend/trend.figure.ts';
import type { Margins } from './series.figure.ts';
import { axisName, drawIndexAxis } from './series-axis.ts';
import { drawSeries, type Gap } from './series-canvas.ts';

export const topPx = 8;
export const bottomPx = 40;

interface ValueTick {
  readonly at: number;
  readonly text: string;
}

/** Marks of the values' axis, `height` pixels tall. */
export function valueTicks(
  [low, high]: readonly [number, number],
  height: number,
  formats: Formats,
): readonly ValueTick[] {
  return niceTicks(low, high, Math.max(3, Math.min(6, Math.floor(height / 40)))).map((at) => ({
    at,
    text: shortNumber(Math.abs(at) < (high - low) * 1e-9 ? 0 : at, formats),
  }));
}

/** Room round the line, in pixels: the values' marks need it by their length. */
export function marginsOf(ticks: readonly ValueTick[]): Margins {
  const longest = ticks.reduce((most, { text }) => Math.max(most, text.length), 0);
  return { l: Math.max(40, Math.ceil((longest * 7 + 12) / 8) * 8), r: 4, t: topPx, b: bottomPx };
}

/** Data and marks of the moving axis, on the light layer above Plotly's. Gives the gaps that have room for a word. */
export function drawSeriesCard(
  canvas: HTMLCanvasElement,
  {
    drawn,
    extent,
    y,
    margins: { l, r, t },
    ticks,
    scale,
    axis,
    scheme,
  }: {
    readonly drawn: Parameters<typeof drawSeries>[2];
    readonly extent: Extent;
    readonly y: readonly [number, number];
    readonly margins: Margins;
    readonly ticks: Ticks;
    readonly scale: AxisScale;
    readonly axis: number;
    readonly scheme: Scheme;
  },
): readonly Gap[] | undefined {
  const ctx = canvas.getContext('2d');
  if (!ctx || canvas.clientWidth === 0) return undefined;
  const density = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  ctx.scale(density, density);
  const area = { width: width - l - r, height: height - t - bottomPx, extent, y };
  if (area.width < 1 || area.height < 1) return undefined;
  const color = (name: keyof typeof palette): string => palette[name][scheme];
  ctx.save();
  ctx.translate(l, t);
  const gaps = drawSeries(ctx, area, drawn, {
    line: color('series-1'),
    hatch: color('border'),
    away: color('warning-soft'),
    surface: color('surface'),
  });
  ctx.restore();
  drawIndexAxis(ctx, { left: l, width: area.width, bottom: t + area.height }, ticks, {
    name: scale.kind === 'time' ? msg('Time') : axisName(axis),
    font: getComputedStyle(canvas).fontFamily,
    text: color('muted'),
    line: color('border-strong'),
  });
  return gaps
    .filter((gap) => gap.to - gap.from > (gap.kind === 'unwritten' ? 170 : 130))
    .sort((one, other) => other.to - other.from - (one.to - one.from))
    .slice(0, 3);
}
