import type { LassoPathPicture } from '../../protocol/fit-picture.ts';
import { linearAxis, plainText, spanOf, tickText } from '../fit/axis.ts';
import { seriesStyle } from '../fit/series-style.ts';
import { spread } from '../fit/spread.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { faded } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the chart of a path is made of. */
export interface PathChart {
  readonly picture: LassoPathPicture;
  readonly terms: readonly string[];
  readonly scheme: Scheme;
  readonly formats: Formats;
  /** CSS px. */
  readonly width: number;
  readonly height: number;
  /** The term under the pointer: the others step back. */
  readonly hover: number | undefined;
  readonly words: {
    readonly best: string;
    readonly oneSe: string;
    readonly penalty: string;
    readonly coefficient: string;
    readonly error: string;
  };
}

/** Lines with a colour of their own; further ones are grey. */
const mostNamed = 8;

/**
 * Coefficients against the penalty: strongest left, so that terms come in from left to right; below it the
 * cross-validated error with its band. The least error is marked, and the simplest model within its standard error.
 */
export function pathFigure(chart: PathChart): Figure {
  const { picture, scheme, formats, width, words } = chart;
  const { alphas, cv } = picture;
  const at = Array.from(alphas, (alpha) => Math.log10(alpha));
  const range: [number, number] = [at[0] ?? 1, at.at(-1) ?? 0];
  const named = namedTerms(picture);
  const data: Trace[] = [];
  picture.coefs.forEach((path, j) => {
    const rank = named.indexOf(j);
    const style = seriesStyle(rank, scheme);
    const isBack = chart.hover !== undefined && chart.hover !== j;
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: at,
      y: Array.from(path),
      line: {
        color: isBack
          ? faded(rank < 0 ? palette.ghost[scheme] : style.color, rank < 0 ? 0.8 : 0.3)
          : rank < 0
            ? palette.ghost[scheme]
            : style.color,
        width: chart.hover === j ? 3 : rank < 0 ? 1.25 : 2,
        dash: style.dash,
      },
    });
  });
  const yRange = spanOf(
    picture.coefs.flatMap((path) => Array.from(path)),
    0.08,
  );
  const room = cv ? 0.36 : 0;
  const xTicks = logTicks(range[1], range[0], Math.max(3, Math.floor(width / 90)));
  const yAxis = linearAxis(yRange, 5, formats, words.coefficient);
  const layout: Record<string, unknown> = {
    margin: { l: 8, r: labelRoom(chart, named), t: cv ? 38 : 24, b: 8, pad: 0 },
    xaxis: {
      range,
      tickvals: xTicks.map(({ at: place }) => place),
      ticktext: xTicks.map(({ text }) => text),
      title: { text: words.penalty, standoff: 6, font: { size: 12 } },
      anchor: cv ? 'y2' : 'y',
    },
    yaxis: {
      ...yAxis,
      domain: [room, 1],
      zeroline: true,
      zerolinecolor: palette['border-strong'][scheme],
      zerolinewidth: 1,
    },
  };
  if (cv) {
    data.push(...errorTraces(picture, at, scheme));
    const errors = Array.from(cv.mean, (mean, k) => [mean - cv.sd[k]!, mean + cv.sd[k]!]).flat();
    layout.yaxis2 = {
      ...linearAxis(spanOf(errors, 0.06), 3, formats, words.error),
      domain: [0, room - 0.08],
      anchor: 'x',
      automargin: true,
      fixedrange: true,
      zeroline: false,
      gridcolor: palette.border[scheme],
      tickfont: { color: palette.muted[scheme], size: 12 },
    };
    layout.shapes = markShapes(picture, at, scheme);
  }
  layout.annotations = [
    ...lineLabels(chart, named, yRange, room),
    ...(cv ? markLabels(chart, at, named) : []),
  ];
  return { data, layout };
}

/** Terms that stand out at the weakest penalty, largest first. */
export function namedTerms({ coefs }: LassoPathPicture): readonly number[] {
  return coefs
    .map((path, j) => ({ j, size: Math.abs(path.at(-1) ?? 0) }))
    .sort((one, other) => other.size - one.size || one.j - other.j)
    .slice(0, mostNamed)
    .filter(({ size }) => size > 0)
    .map(({ j }) => j);
}

function errorTraces({ cv }: LassoPathPicture, at: readonly number[], scheme: Scheme): Trace[] {
  if (!cv) return [];
  const mean = Array.from(cv.mean);
  const sd = Array.from(cv.sd);
  const color = palette.other[scheme];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: [...at, ...[...at].reverse()],
      y: [...mean.map((value, k) => value + sd[k]!), ...mean.map((value, k) => value - sd[k]!).reverse()],
      fill: 'toself',
      fillcolor: faded(color, 0.18),
      line: { width: 0 },
      xaxis: 'x',
      yaxis: 'y2',
    },
    { type: 'scatter', mode: 'lines', x: at, y: mean, line: { color, width: 2 }, xaxis: 'x', yaxis: 'y2' },
    {
      type: 'scatter',
      mode: 'markers',
      x: [at[cv.best]],
      y: [mean[cv.best]],
      marker: { color: palette.text[scheme], size: 7 },
      xaxis: 'x',
      yaxis: 'y2',
    },
  ];
}

function markShapes({ cv }: LassoPathPicture, at: readonly number[], scheme: Scheme): object[] {
  if (!cv) return [];
  const line = (x: number, dash: string): object => ({
    type: 'line',
    xref: 'x',
    yref: 'paper',
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    line: { color: palette.text[scheme], width: 1.25, dash },
  });
  const [best, oneSe] = [at[cv.best]!, at[cv.oneSe]!];
  return [
    {
      type: 'rect',
      xref: 'x',
      yref: 'paper',
      x0: best,
      x1: oneSe,
      y0: 0,
      y1: 1,
      line: { width: 0 },
      fillcolor: faded(palette['series-1'][scheme], 0.08),
      layer: 'below',
    },
    line(best, 'solid'),
    ...(oneSe === best ? [] : [line(oneSe, 'dot')]),
  ];
}

/** Room that the figures of the vertical axes take left of the picture, about, and of a letter, in px. */
const axisRoom = 64;
const letter = 6.6;

/** Names of the two marked penalties above the picture; where they would meet or be cut, one above the other. */
function markLabels(chart: PathChart, at: readonly number[], named: readonly number[]): object[] {
  const {
    picture: { cv },
    words,
    scheme,
    width,
  } = chart;
  if (!cv) return [];
  const label = (x: number, text: string, xanchor: string, yshift = 0): object => ({
    yshift,
    xref: 'x',
    yref: 'paper',
    x,
    y: 1,
    yanchor: 'bottom',
    xanchor,
    text,
    showarrow: false,
    font: { size: 12, color: palette.muted[scheme] },
  });
  const [best, oneSe] = [at[cv.best]!, at[cv.oneSe]!];
  if (oneSe === best) return [label(best, plainText(words.best), 'left')];
  const drawn = Math.max(1, width - axisRoom - labelRoom(chart, named));
  const placeOf = (x: number) => (drawn * (x - at[0]!)) / (at.at(-1)! - at[0]! || 1);
  const isCut = axisRoom + placeOf(oneSe) < words.oneSe.length * letter;
  const meets = isCut && placeOf(best) - placeOf(oneSe) < words.oneSe.length * letter;
  return [
    label(best, plainText(words.best), 'left'),
    label(oneSe, plainText(words.oneSe), isCut ? 'left' : 'right', meets ? 15 : 0),
  ];
}

function labelRoom({ terms }: PathChart, named: readonly number[]): number {
  const longest = named.reduce((most, j) => Math.max(most, Math.min(16, (terms[j] ?? '').length)), 0);
  return 16 + longest * 6.6;
}

/** Names at the lines' right ends, moved apart so that none covers another. */
function lineLabels(
  { picture, terms, scheme, height, hover }: PathChart,
  named: readonly number[],
  yRange: readonly [number, number],
  room: number,
): object[] {
  const gap = ((yRange[1] - yRange[0]) * 15) / Math.max(80, (height - 70) * (1 - room));
  const labels = named
    .map((j, rank) => ({ j, rank, y: picture.coefs[j]!.at(-1) ?? 0 }))
    .sort((one, other) => other.y - one.y);
  const places = spread(
    labels.map(({ y }) => y),
    gap,
    yRange,
  );
  return labels.map(({ j, rank }, i) => ({
    xref: 'paper',
    yref: 'y',
    x: 1,
    y: places[i],
    xanchor: 'left',
    xshift: 6,
    text: plainText(short(terms[j] ?? '')),
    showarrow: false,
    font: {
      size: 12,
      color: hover !== undefined && hover !== j ? palette.muted[scheme] : labelColor(rank, scheme),
    },
  }));
}

function labelColor(rank: number, scheme: Scheme): string {
  const { color } = seriesStyle(rank, scheme);
  // Labels are text: mauve is too light on white.
  return color === palette['series-4'][scheme] && scheme === 'light' ? '#9c4a79' : color;
}

function short(text: string): string {
  return text.length > 16 ? `${text.slice(0, 15)}…` : text;
}

/** Powers of ten, and 2 and 5 times them where there is room, between two logarithms. */
export function logTicks(
  from: number,
  to: number,
  room: number,
): readonly { readonly at: number; readonly text: string }[] {
  const span = to - from;
  const factors = span * 3 <= room ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(span / room));
  const ticks: { at: number; text: string }[] = [];
  for (let power = Math.ceil(from) - 1; power <= to; power++)
    for (const factor of factors) {
      const at = power + Math.log10(factor);
      if (at < from - 1e-9 || at > to + 1e-9 || (factors.length === 1 && power % every !== 0)) continue;
      ticks.push({ at, text: powerText(power, factor) });
    }
  return ticks;
}

function powerText(power: number, factor: number): string {
  if (power >= -4 && power <= 5) return String(Number((factor * 10 ** power).toPrecision(1)));
  return factor === 1 ? `10<sup>${power}</sup>` : `${factor}·10<sup>${power}</sup>`;
}

/** A coefficient in words. */
export function coefText(value: number, formats: Formats): string {
  return value === 0 ? '0' : tickText(value, 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3), formats);
}
