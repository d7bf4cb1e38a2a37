import type { PcaPicture } from '../../protocol/fit-picture.ts';
import { linearAxis, plainText, spanOf } from '../fit/axis.ts';
import { spread } from '../fit/spread.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { faded } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the charts of principal components are made of. */
export interface PcaChart {
  readonly picture: PcaPicture;
  readonly terms: readonly string[];
  /** Components of the axes. */
  readonly shown: readonly [number, number];
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
  readonly componentWord: (component: number) => string;
}

/** Room that the figures of the vertical axis take, about, in px. */
const axisRoom = 56;

/** Arrows of terms a biplot shows at most. */
const mostArrows = 8;

/** Scores as dots, and how much each term weighs in the two components as arrows. */
export function biplotFigure(chart: PcaChart): Figure {
  const { picture, shown, scheme, formats, width } = chart;
  const [a, b] = shown;
  const xs = Array.from(picture.scores[a] ?? []);
  const ys = Array.from(picture.scores[b] ?? xs.map(() => 0));
  const dense = xs.length > 800;
  const xRange = spanOf([...xs, 0], 0.1);
  const yRange = spanOf([...ys, 0], 0.1);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: xs,
        y: ys,
        marker: {
          color: palette['series-1'][scheme],
          size: dense ? 4.5 : 6,
          opacity: dense ? 0.45 : 0.7,
          line: { color: palette.surface[scheme], width: 0.5 },
        },
      },
    ],
    layout: {
      xaxis: linearAxis(xRange, Math.max(2, Math.floor(width / 110)), formats, axisTitle(chart, a)),
      yaxis: linearAxis(yRange, 5, formats, axisTitle(chart, b)),
      annotations: arrows(chart, xRange, yRange),
    },
  };
}

function axisTitle({ picture, formats, componentWord }: PcaChart, component: number): string {
  const share = picture.ratio[component];
  const name = componentWord(component);
  return share === undefined ? name : `${name} (${formats.percent(share, { digits: 0 })})`;
}

/** Loadings scaled so that the longest reaches most of the way to the nearest edge. */
function arrows(
  { picture, terms, shown, scheme, width }: PcaChart,
  xRange: readonly [number, number],
  yRange: readonly [number, number],
): object[] {
  const [one, other] = shown.map((component) => picture.loadings[component]) as [
    Float64Array | undefined,
    Float64Array | undefined,
  ];
  if (!one || !other) return [];
  const tips = terms
    .map((term, j) => ({ term, x: one[j]!, y: other[j]! }))
    .sort((p, q) => Math.hypot(q.x, q.y) - Math.hypot(p.x, p.y))
    .slice(0, mostArrows)
    // A term that weighs nothing here would only cover the others.
    .filter(({ x, y }, _, all) => Math.hypot(x, y) > 0.02 * Math.hypot(all[0]!.x, all[0]!.y));
  const scale = Math.min(
    ...tips.flatMap(({ x, y }) => [
      x > 0 ? (xRange[1] * 0.8) / x : x < 0 ? (xRange[0] * 0.8) / x : Number.POSITIVE_INFINITY,
      y > 0 ? (yRange[1] * 0.85) / y : y < 0 ? (yRange[0] * 0.85) / y : Number.POSITIVE_INFINITY,
    ]),
  );
  if (!Number.isFinite(scale) || scale <= 0) return [];
  const heads = tips.map(({ x, y }) => ({
    x: x * scale,
    y: y * scale,
    ax: 0,
    ay: 0,
    xref: 'x',
    yref: 'y',
    axref: 'x',
    ayref: 'y',
    text: '',
    showarrow: true,
    arrowhead: 2,
    arrowsize: 1.1,
    arrowwidth: 1.75,
    arrowcolor: palette['series-2'][scheme],
    standoff: 0,
  }));
  const gap = (yRange[1] - yRange[0]) / 17;
  const names = [tips.filter(({ x }) => x >= 0), tips.filter(({ x }) => x < 0)].flatMap((side) => {
    const ordered = [...side].sort((p, q) => q.y - p.y);
    const places = spread(
      ordered.map(({ y }) => y * scale + Math.sign(y) * gap * 0.4),
      gap,
      yRange,
    );
    return ordered.map(({ term, x }, i) => {
      const text = term.length > 18 ? `${term.slice(0, 17)}…` : term;
      const edge = x >= 0 ? xRange[1] : xRange[0];
      const free = (Math.abs(edge - x * scale) / (xRange[1] - xRange[0])) * (width - axisRoom);
      // Beside the tip, or where that would be cut, before it.
      const isBeside = free > text.length * 6.6 + 4;
      const isRight = x >= 0 === isBeside;
      return {
        x: x * scale,
        y: places[i],
        xref: 'x',
        yref: 'y',
        text: plainText(text),
        showarrow: false,
        xanchor: isRight ? 'left' : 'right',
        yanchor: isBeside ? 'middle' : 'top',
        xshift: isRight ? 4 : -4,
        font: { size: 12, color: palette.text[scheme] },
        bgcolor: faded(palette.surface[scheme], 0.6),
        borderpad: 0,
      };
    });
  });
  return [...heads, ...names];
}

/** Share of the variance a component explains as bars, what the first k explain together as a line. */
export function screeFigure({ picture, scheme, formats, width, shown }: PcaChart): Figure {
  const count = Math.min(picture.ratio.length, Math.max(3, Math.floor(width / 28)), 20);
  const ratio = Array.from(picture.ratio.slice(0, count));
  let sum = 0;
  const together = ratio.map((share) => {
    sum += share;
    return sum;
  });
  const at = ratio.map((_, k) => k + 1);
  const bars: Trace = {
    type: 'bar',
    x: at,
    y: ratio,
    width: 0.7,
    marker: {
      color: at.map((_, k) => (shown.includes(k) ? palette['series-1'][scheme] : palette.ghost[scheme])),
    },
  };
  const line: Trace = {
    type: 'scatter',
    mode: 'lines+markers',
    x: at,
    y: together,
    line: { color: palette.other[scheme], width: 1.5 },
    marker: { color: palette.other[scheme], size: 5 },
  };
  return {
    data: [bars, line],
    layout: {
      margin: { l: 8, r: 8, t: 12, b: 8, pad: 0 },
      xaxis: { range: [0.4, count + 0.6], tickvals: at, ticktext: at.map(String) },
      yaxis: {
        range: [0, 1.04],
        tickvals: [0, 0.5, 1],
        ticktext: [0, 0.5, 1].map((share) => formats.percent(share, { digits: 0 })),
      },
    },
  };
}
