import type { ClustersPicture, DrawnFeature } from '../../protocol/fit-picture.ts';
import { featureAxis, spanOf } from '../fit/axis.ts';
import { seriesStyle } from '../fit/series-style.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the chart of clusters is made of. */
export interface ClustersChart {
  readonly picture: ClustersPicture;
  readonly x: DrawnFeature;
  readonly y: DrawnFeature;
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
}

/** Rows coloured by cluster, each cluster's centre as a numbered disc. */
export function clustersFigure({ picture, x, y, scheme, formats, width }: ClustersChart): Figure {
  const [first, second] = picture.axes;
  const xs = picture.points.columns[first] ?? new Float64Array();
  const ys = picture.points.columns[second] ?? new Float64Array();
  const dense = xs.length > 800;
  const places = Array.from(xs.keys());
  const data: Trace[] = clusterLabels(picture).map((label) => {
    const own = places.filter((i) => picture.labels[i] === label);
    const { color, symbol } = seriesStyle(label, scheme);
    return {
      type: 'scatter',
      mode: 'markers',
      x: own.map((i) => xs[i]),
      y: own.map((i) => ys[i]),
      marker: {
        color,
        symbol,
        size: dense ? 5 : 7,
        opacity: dense ? 0.7 : 0.85,
        line: { color: symbol === 'x-thin' ? color : palette.surface[scheme], width: 0.75 },
      },
    };
  });
  const centers = picture.centers.map((center, k) => ({ k, x: center[first]!, y: center[second]! }));
  data.push({
    type: 'scatter',
    mode: 'markers',
    x: centers.map((center) => center.x),
    y: centers.map((center) => center.y),
    marker: {
      color: palette.surface[scheme],
      size: 20,
      line: { color: centers.map(({ k }) => seriesStyle(k, scheme).color), width: 2.5 },
    },
  });
  const xRange = spanOf([...xs, ...centers.map((center) => center.x)]);
  const yRange = spanOf([...ys, ...centers.map((center) => center.y)]);
  return {
    data,
    layout: {
      xaxis: featureAxis(x, xRange, Math.max(2, Math.floor(width / 110)), formats),
      yaxis: featureAxis(y, yRange, 5, formats),
      annotations: centers.map((center) => ({
        x: center.x,
        y: center.y,
        text: `<b>${center.k + 1}</b>`,
        showarrow: false,
        font: { size: 11, color: palette.text[scheme] },
      })),
    },
  };
}

/** Labels there are, −1 (of no cluster) first. */
export function clusterLabels({ labels, counts }: ClustersPicture): readonly number[] {
  const all = Array.from(counts.keys());
  return labels.some((label) => label < 0) ? [-1, ...all] : all;
}
