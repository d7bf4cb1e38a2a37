import type { DrawnFeature, RegressionPicture } from '../../protocol/fit-picture.ts';
import { featureAxis, linearAxis, plainText, spanOf } from '../fit/axis.ts';
import type { Formats } from '../format.ts';
import type { Figure } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the charts of a regression are made of. */
export interface RegressionChart {
  readonly picture: RegressionPicture;
  readonly x: DrawnFeature;
  readonly target: DrawnFeature;
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
  readonly words: { readonly actual: string; readonly predicted: string };
}

/** What was said against what is; right is on the diagonal. */
export function predictedFigure({ picture, scheme, formats, width, words }: RegressionChart): Figure {
  const actual = Array.from(picture.actual);
  const predicted = Array.from(picture.predicted);
  const range = spanOf([...actual, ...predicted]);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        x: [...range],
        y: [...range],
        line: { color: palette.other[scheme], width: 1.25, dash: 'dot' },
      },
      { ...dots(actual, predicted, scheme) },
    ],
    layout: {
      xaxis: linearAxis(range, Math.max(2, Math.floor(width / 110)), formats, plainText(words.actual)),
      yaxis: linearAxis(range, 5, formats, plainText(words.predicted)),
    },
  };
}

/** Observations over one feature, and what the model says along it. */
export function curveFigure({ picture, x, target, scheme, formats, width }: RegressionChart): Figure {
  const xs = Array.from(picture.points.columns[picture.axes[0]] ?? []);
  const ys = Array.from(picture.actual);
  const curve = picture.curve;
  return {
    data: [
      dots(xs, ys, scheme),
      ...(curve
        ? [
            {
              type: 'scatter',
              mode: 'lines',
              x: Array.from(curve.x),
              y: Array.from(curve.y),
              line: { color: palette['series-2'][scheme], width: 2.5 },
            } as const,
          ]
        : []),
    ],
    layout: {
      xaxis: featureAxis(x, spanOf(xs), Math.max(2, Math.floor(width / 110)), formats),
      yaxis: linearAxis(spanOf([...ys, ...(curve?.y ?? [])]), 5, formats, plainText(target.label)),
    },
  };
}

function dots(xs: readonly number[], ys: readonly number[], scheme: Scheme) {
  const dense = xs.length > 800;
  return {
    type: 'scatter' as const,
    mode: 'markers',
    x: xs,
    y: ys,
    marker: {
      color: palette['series-1'][scheme],
      size: dense ? 4.5 : 6.5,
      opacity: dense ? 0.5 : 0.75,
      line: { color: palette.surface[scheme], width: 0.5 },
    },
  };
}
