import type { DrawnFeature, OutliersPicture } from '../../protocol/fit-picture.ts';
import { featureAxis, spanOf } from '../fit/axis.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { between } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the chart of outliers is made of. */
export interface OutliersChart {
  readonly picture: OutliersPicture;
  readonly x: DrawnFeature;
  readonly y: DrawnFeature;
  readonly scheme: Scheme;
  readonly formats: Formats;
  /** CSS px of the whole chart. */
  readonly width: number;
}

/**
 * Rows over two features: bands of the decision (the nearer the boundary the darker outside, blue inside), the boundary
 * at 0 as a line, inliers as dots, outliers as larger crosses-in-diamonds of another colour.
 */
export function outliersFigure({ picture, x, y, scheme, formats, width }: OutliersChart): Figure {
  const { grid, points, scores, axes } = picture;
  const xs = points.columns[axes[0]] ?? new Float64Array();
  const ys = points.columns[axes[1]] ?? new Float64Array();
  const isOut = (i: number): boolean => scores[i]! < 0;
  const order = Array.from(xs.keys());
  const inside = order.filter((i) => !isOut(i));
  const outside = order.filter(isOut);
  const data: Trace[] = [];
  const xRange: [number, number] = grid && grid.x.length > 1 ? [grid.x[0]!, grid.x.at(-1)!] : spanOf(xs);
  const yRange: [number, number] = grid && grid.y.length > 1 ? [grid.y[0]!, grid.y.at(-1)!] : spanOf(ys);
  if (grid) data.push(...boundaryTraces(grid, scheme));
  data.push(
    {
      type: 'scatter',
      mode: 'markers',
      x: inside.map((i) => xs[i]),
      y: inside.map((i) => ys[i]),
      marker: {
        color: palette['series-1'][scheme],
        size: inside.length > 800 ? 4.5 : 6,
        opacity: inside.length > 800 ? 0.65 : 0.85,
        line: { color: palette.surface[scheme], width: 0.75 },
      },
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: outside.map((i) => xs[i]),
      y: outside.map((i) => ys[i]),
      marker: {
        color: palette['series-2'][scheme],
        symbol: 'diamond',
        size: 8,
        line: { color: palette.surface[scheme], width: 1 },
      },
    },
  );
  return {
    data,
    layout: {
      xaxis: { ...featureAxis(x, xRange, Math.max(2, Math.floor(width / 110)), formats), showgrid: false },
      yaxis: { ...featureAxis(y, yRange, 5, formats), showgrid: !grid },
    },
  };
}

function boundaryTraces(grid: NonNullable<OutliersPicture['grid']>, scheme: Scheme): Trace[] {
  const rows = rowsOf(grid.values, grid.x.length);
  const x = Array.from(grid.x);
  const y = Array.from(grid.y);
  // A root pulls far values in, so that bands are about as wide far out as near.
  const bands = rows.map((row) => row.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value))));
  let low = 0;
  let high = 0;
  for (const row of bands)
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const surface = palette.surface[scheme];
  const far = between(surface, palette.other[scheme], scheme === 'light' ? 0.34 : 0.16);
  const near = between(surface, palette.other[scheme], scheme === 'light' ? 0.05 : 0.42);
  const inner = between(surface, palette['series-1'][scheme], scheme === 'light' ? 0.3 : 0.42);
  const edge = between(surface, palette['series-1'][scheme], scheme === 'light' ? 0.12 : 0.22);
  const zero = high - low > 0 ? -low / (high - low) : 0.5;
  const colorscale = [
    [0, far],
    [Math.max(0, zero - 1e-6), near],
    [zero, edge],
    [1, inner],
  ];
  const fill: Trace = {
    type: 'contour',
    x,
    y,
    z: bands,
    zmin: low,
    zmax: high,
    zauto: false,
    colorscale:
      zero > 0 && zero < 1
        ? colorscale
        : zero >= 1
          ? [
              [0, far],
              [1, near],
            ]
          : [
              [0, edge],
              [1, inner],
            ],
    showscale: false,
    connectgaps: false,
    contours: { coloring: 'fill', start: low, end: high, size: Math.max((high - low) / 16, 1e-12) },
    line: { width: 0 },
  };
  const line: Trace = {
    type: 'contour',
    x,
    y,
    z: rows,
    showscale: false,
    contours: { coloring: 'none', start: 0, end: 0, size: 1 },
    line: { color: palette['series-2'][scheme], width: 2, smoothing: 0.6 },
  };
  return low < 0 && high > 0 ? [fill, line] : [fill];
}

/** Row-major values as rows. */
export function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  const rows: number[][] = [];
  for (let at = 0; at < values.length; at += width)
    rows.push(Array.from({ length: width }, (_, i) => values[at + i]!));
  return rows;
}
