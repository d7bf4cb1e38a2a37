import type { DrawnFeature, GpPicture } from '../../protocol/fit-picture.ts';
import { featureAxis, linearAxis, plainText, spanOf } from '../fit/axis.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { between, faded } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the chart of a Gaussian process is made of. */
export interface GpChart {
  readonly picture: GpPicture;
  readonly x: DrawnFeature;
  readonly target: DrawnFeature;
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
  /** Functions drawn from the posterior are shown. */
  readonly samples: boolean;
}

/** Half width of the band that holds 95 % of a normal, in deviations. */
export const band95 = 1.959963984540054;

/** The prediction as a line, its 95 % band, the observations as dots; functions drawn from the posterior as thin lines. */
export function gpFigure({ picture, x, target, scheme, formats, width, samples }: GpChart): Figure {
  const at = Array.from(picture.x);
  const mean = Array.from(picture.mean);
  const upper = mean.map((value, i) => value + band95 * picture.sd[i]!);
  const lower = mean.map((value, i) => value - band95 * picture.sd[i]!);
  const blue = palette['series-1'][scheme];
  const xs = Array.from(picture.points.columns[picture.axes[0]] ?? []);
  const ys = Array.from(picture.observed);
  const dense = xs.length > 400;
  const data: Trace[] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: [...at, ...[...at].reverse()],
      y: [...upper, ...[...lower].reverse()],
      fill: 'toself',
      fillcolor: between(palette.surface[scheme], blue, scheme === 'light' ? 0.16 : 0.24),
      line: { width: 0 },
    },
    ...(samples ? picture.samples : []).map(
      (values): Trace => ({
        type: 'scatter',
        mode: 'lines',
        x: at,
        y: Array.from(values),
        line: { color: faded(blue, 0.55), width: 1 },
      }),
    ),
    { type: 'scatter', mode: 'lines', x: at, y: mean, line: { color: blue, width: 2.25 } },
    {
      type: 'scatter',
      mode: 'markers',
      x: xs,
      y: ys,
      marker: {
        color: palette['series-2'][scheme],
        size: dense ? 4 : 6.5,
        opacity: dense ? 0.55 : 1,
        line: { color: palette.surface[scheme], width: dense ? 0.5 : 1.25 },
      },
    },
  ];
  const xRange: [number, number] = at.length > 1 ? [at[0]!, at.at(-1)!] : spanOf(xs);
  const yRange = spanOf([...upper, ...lower, ...ys].filter(Number.isFinite), 0.05);
  return {
    data,
    layout: {
      xaxis: featureAxis(x, xRange, Math.max(2, Math.floor(width / 110)), formats),
      yaxis: linearAxis(yRange, 5, formats, plainText(target.label)),
    },
  };
}
