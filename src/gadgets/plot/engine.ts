import bar from 'plotly.js/lib/bar';
import plotly from 'plotly.js/lib/core';
import { lazily } from '../../protocol/lazily.ts';
import type { Scheme } from '../theme/palette.ts';
import { inTurn } from './draw-queue.ts';
import type { Figure, PlotArea } from './figure.ts';
import { leastMargin, plotConfig, plotFont, plotTemplate } from './template.ts';
import { tickRoom } from './tick-room.ts';

plotly.register([bar]);

/** Traces that few figures have, each fetched with the first that does. */
const further: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  contour: () => import('plotly.js/lib/contour'),
  heatmap: () => import('plotly.js/lib/heatmap'),
};
const registered = new Set<string>();

async function registerFor(figure: Figure): Promise<void> {
  for (const { type } of figure.data) {
    const load = further[type];
    if (!load || registered.has(type)) continue;
    const trace = await load();
    plotly.register([trace.default]);
    registered.add(type);
  }
}

let sheet: CSSStyleSheet | undefined;

/** Plotly's rules, which it writes into the document, as a sheet for shadow roots. */
export function plotlyStyles(): CSSStyleSheet {
  if (sheet) return sheet;
  const copy = new CSSStyleSheet();
  const own = document.getElementById('plotly.js-style-global');
  if (own instanceof HTMLStyleElement && own.sheet)
    copy.replaceSync([...own.sheet.cssRules].map((rule) => rule.cssText).join('\n'));
  sheet = copy;
  return copy;
}

/** Draws `figure` into `div` at its present size; resolves with where the axes lie. */
export async function drawFigure(div: HTMLElement, figure: Figure, scheme: Scheme): Promise<PlotArea> {
  await registerFor(figure);
  const { clientWidth: width, clientHeight: height } = div;
  const family = getComputedStyle(div).fontFamily || plotFont;
  const layout = {
    ...withRoom(structuredClone(figure.layout), width, family),
    width,
    height,
    template: plotTemplate(scheme, family),
  };
  const drawn = await plotly.react(div, figure.data, layout, plotConfig);
  const full = drawn._fullLayout;
  const edge = (axis: 'xaxis' | 'yaxis', end: 0 | 1): number =>
    full?.[axis]?.r2l(full[axis].range[end]) ?? end;
  return {
    left: full?._size.l ?? 0,
    top: full?._size.t ?? 0,
    width: full?._size.w ?? 0,
    height: full?._size.h ?? 0,
    x: [edge('xaxis', 0), edge('xaxis', 1)],
    y: [edge('yaxis', 0), edge('yaxis', 1)],
  };
}

/**
 * Resolves once a small figure was drawn that nobody sees, first empty and then with axes and a line, each in a task of its own:
 * most of what the first figure of a page costs is its code being compiled, which at once holds up the page for too long.
 */
export const rehearsed: () => Promise<void> = lazily(() =>
  apart({ width: 200, height: 120 }, async (div) => {
    const line = { type: 'scatter', mode: 'lines', x: [0, 1], y: [0, 1] } as const;
    for (const visible of [false, true])
      await inTurn(async () => {
        const axis = { automargin: false, visible };
        const layout = { width: 200, height: 120, xaxis: axis, yaxis: axis };
        await plotly.react(div, visible ? [line] : [], layout, plotConfig);
      });
  }),
);

/** Lets `draw` work in an element of that size, CSS px, that is not seen. */
async function apart<T>(
  { width, height }: { readonly width: number; readonly height: number },
  draw: (div: HTMLElement) => Promise<T>,
): Promise<T> {
  const div = document.createElement('div');
  div.style.cssText = `position:fixed;left:-10000px;width:${width}px;height:${height}px`;
  document.body.append(div);
  try {
    return await draw(div);
  } finally {
    eraseFigure(div);
    div.remove();
  }
}

let canvas: CanvasRenderingContext2D | null | undefined;

/** A layout whose margins are known beforehand, where its labels tell: it is then drawn once instead of twice. */
function withRoom(
  layout: Readonly<Record<string, unknown>>,
  width: number,
  family: string,
): Readonly<Record<string, unknown>> {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return layout;
  canvas.font = `12px ${family}`;
  const room = tickRoom(layout, width, leastMargin, (text) => canvas?.measureText(text).width ?? 0);
  if (!room) return layout;
  const fixed = (axis: unknown) => ({ ...(axis as object), automargin: false });
  return {
    ...layout,
    margin: { ...room, pad: 0 },
    xaxis: fixed(layout.xaxis),
    yaxis: fixed(layout.yaxis),
  };
}

/** Frees what Plotly keeps of `div`. */
export function eraseFigure(div: HTMLElement): void {
  plotly.purge(div);
}

/** The picture as a data URL, at its present size; PNG at twice the density. */
export function imageOf(div: HTMLElement, format: 'png' | 'svg'): Promise<string> {
  return plotly.toImage(div, {
    format,
    width: div.clientWidth,
    height: div.clientHeight,
    ...(format === 'png' ? { scale: 2 } : {}),
  });
}

/** The picture of a figure that is not shown, as large as `div`. */
export async function imageOfFigure(
  div: HTMLElement,
  figure: Figure,
  scheme: Scheme,
  format: 'png' | 'svg',
): Promise<string> {
  return await apart({ width: div.clientWidth, height: div.clientHeight }, async (other) => {
    await drawFigure(other, figure, scheme);
    return await imageOf(other, format);
  });
}
