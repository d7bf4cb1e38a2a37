import type { ClassifierPicture, DrawnCurve, DrawnFeature } from '../../protocol/fit-picture.ts';
import { featureAxis, linearAxis, plainText, spanOf } from '../fit/axis.ts';
import { seriesStyle } from '../fit/series-style.ts';
import type { Formats } from '../format.ts';
import { rowsOf } from '../outliers/outliers.figure.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { between } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the charts of a classifier are made of. */
export interface ClassifierChart {
  readonly picture: ClassifierPicture;
  readonly x: DrawnFeature;
  readonly y: DrawnFeature;
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
}

/** Regions of the classes said, in pale colours with smooth edges; rows by their true class; those told wrong with a ring. */
export function regionsFigure({ picture, x, y, scheme, formats, width }: ClassifierChart): Figure {
  const { regions, points, axes, truth, predicted, classes } = picture;
  const xs = points.columns[axes[0]] ?? new Float64Array();
  const ys = points.columns[axes[1]] ?? new Float64Array();
  const data: Trace[] = [];
  if (regions) {
    const surface = palette.surface[scheme];
    const rows = rowsOf(regions.values, regions.x.length);
    classes.forEach((_, k) => {
      const strength = (scheme === 'light' ? 0.2 : 0.3) / (1 + Math.floor(k / 4));
      const shade = between(surface, seriesStyle(k, scheme).color, strength);
      data.push({
        type: 'contour',
        x: Array.from(regions.x),
        y: Array.from(regions.y),
        z: rows.map((row) => row.map((value) => Number(value === k))),
        showscale: false,
        fillcolor: shade,
        contours: { type: 'constraint', operation: '>=', value: 0.5 },
        // Covers the seam that two neighbours' edges leave between them.
        line: { color: shade, width: 2, smoothing: 0.8 },
      });
    });
  }
  const dense = xs.length > 800;
  const places = Array.from(xs.keys());
  classes.forEach((_, k) => {
    const own = places.filter((i) => truth[i] === k);
    const { color, symbol } = seriesStyle(k, scheme);
    const isWrong = own.map((i) => predicted[i] !== k);
    data.push({
      type: 'scatter',
      mode: 'markers',
      x: own.map((i) => xs[i]),
      y: own.map((i) => ys[i]),
      marker: {
        color,
        symbol,
        size: own.map((_, n) => (isWrong[n] ? (dense ? 7 : 9) : dense ? 5 : 7)),
        opacity: 0.9,
        line: {
          color: own.map((_, n) => (isWrong[n] ? palette.text[scheme] : palette.surface[scheme])),
          width: own.map((_, n) => (isWrong[n] ? 1.75 : 0.75)),
        },
      },
    });
  });
  const xRange: [number, number] = regions && regions.x.length > 1 ? edges(regions.x) : spanOf(xs);
  const yRange: [number, number] = regions && regions.y.length > 1 ? edges(regions.y) : spanOf(ys);
  return {
    data,
    layout: {
      xaxis: featureAxis(x, xRange, Math.max(2, Math.floor(width / 110)), formats),
      yaxis: { ...featureAxis(y, yRange, 5, formats), showgrid: !regions },
    },
  };
}

function edges(line: Float64Array): [number, number] {
  return [line[0]!, line.at(-1)!];
}

/** What a curve chart shows. */
export interface CurveChart {
  readonly curves: readonly (DrawnCurve & { readonly name: string; readonly at: number })[];
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly x: string;
  readonly y: string;
  /** What guessing gives: the diagonal, or a level line at a share. */
  readonly chance: 'diagonal' | number | undefined;
}

/** ROC or precision-recall curves over the unit square, with what chance gives as a dotted line. */
export function curvesFigure({ curves, scheme, formats, x, y, chance }: CurveChart): Figure {
  const data: Trace[] = [];
  if (chance !== undefined)
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: [0, 1],
      y: chance === 'diagonal' ? [0, 1] : [chance, chance],
      line: { color: palette.other[scheme], width: 1, dash: 'dot' },
    });
  for (const { x: xs, y: ys, at } of curves) {
    const { color, dash } = seriesStyle(at, scheme);
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: Array.from(xs),
      y: Array.from(ys),
      line: { color, width: 2, dash, shape: 'linear' },
    });
  }
  const unit: [number, number] = [-0.01, 1.02];
  return {
    data,
    layout: {
      xaxis: linearAxis(unit, 5, formats, plainText(x)),
      yaxis: linearAxis(unit, 5, formats, plainText(y)),
    },
  };
}

/** Share that is of the class against the share said, dots as large as their rows; on the diagonal it is right. */
export function calibrationFigure(
  { picture, scheme, formats }: Pick<ClassifierChart, 'picture' | 'scheme' | 'formats'>,
  words: { readonly said: string; readonly true: string },
): Figure {
  const data: Trace[] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: [0, 1],
      y: [0, 1],
      line: { color: palette.other[scheme], width: 1, dash: 'dot' },
    },
  ];
  const many = picture.calibration ?? [];
  many.forEach((curve, k) => {
    const { color, dash, symbol } = seriesStyle(many.length === 1 ? 0 : k, scheme);
    const most = Math.max(1, ...curve.rows);
    data.push({
      type: 'scatter',
      mode: 'lines+markers',
      x: Array.from(curve.said),
      y: Array.from(curve.true),
      line: { color, width: 1.75, dash },
      marker: {
        color,
        symbol,
        size: Array.from(curve.rows, (rows) => 5 + 9 * Math.sqrt(rows / most)),
        line: { color: palette.surface[scheme], width: 1 },
      },
    });
  });
  const unit: [number, number] = [-0.02, 1.03];
  return {
    data,
    layout: {
      xaxis: linearAxis(unit, 5, formats, plainText(words.said)),
      yaxis: linearAxis(unit, 5, formats, plainText(words.true)),
    },
  };
}

/** Terms by the size of their weight, largest on top. */
export function weightsFigure(
  weights: { readonly terms: readonly string[]; readonly values: ArrayLike<number> },
  { scheme, formats, title }: { readonly scheme: Scheme; readonly formats: Formats; readonly title: string },
): Figure {
  const order = weights.terms
    .map((term, j) => ({ term, value: weights.values[j]! }))
    .sort((one, other) => Math.abs(other.value) - Math.abs(one.value))
    .slice(0, 15)
    .reverse();
  const at = order.map((_, i) => i);
  const values = order.map(({ value }) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const room = (high - low || 1) * 0.04;
  return {
    data: [
      {
        type: 'bar',
        orientation: 'h',
        x: values,
        y: at,
        width: 0.7,
        marker: { color: values.map((value) => palette[value < 0 ? 'series-2' : 'series-1'][scheme]) },
      },
    ],
    layout: {
      xaxis: {
        ...linearAxis([low < 0 ? low - room : 0, high > 0 ? high + room : 0], 4, formats, plainText(title)),
        showgrid: true,
        gridcolor: palette.border[scheme],
        zeroline: true,
        zerolinecolor: palette['border-strong'][scheme],
      },
      yaxis: {
        range: [-0.6, at.length - 0.4],
        tickvals: at,
        ticktext: order.map(({ term }) => plainText(term.length > 22 ? `${term.slice(0, 21)}…` : term)),
        showgrid: false,
      },
    },
  };
}
