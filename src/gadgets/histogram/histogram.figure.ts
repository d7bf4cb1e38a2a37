import type { Figure } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { niceTicks } from '../trend/trend.figure.ts';

export interface HistogramPicture {
  readonly scheme: Scheme;
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  readonly tick: (value: number) => string;
  readonly countTick: (value: number) => string;
}

/** Bars from zero, one a bin; the x axis counts bins, its marks are round values where they lie among them. */
export function histogramFigure({ scheme, edges, counts, tick, countTick }: HistogramPicture): Figure {
  const bins = counts.length;
  const [low, high] = [edges[0] ?? 0, edges[bins] ?? 1];
  const most = counts.reduce((top, count) => Math.max(top, count), 0);
  const yTicks = niceTicks(0, most * 1.06 || 1, 3);
  const xTicks = high > low ? niceTicks(low, high, 5) : [low];
  const place = (value: number): number => (high > low ? ((value - low) / (high - low)) * bins : bins / 2);
  return {
    data: [
      {
        type: 'bar',
        x: Array.from(counts, (_, bin) => bin + 0.5),
        y: Array.from(counts),
        marker: { color: palette['series-1'][scheme] },
        width: 0.92,
      },
    ],
    layout: {
      xaxis: {
        range: [0, bins],
        tickvals: xTicks.map(place),
        ticktext: xTicks.map((value) => tick(Math.abs(value) < (high - low) * 1e-9 ? 0 : value)),
        tickangle: 0,
      },
      yaxis: { range: [0, most * 1.06 || 1], tickvals: yTicks, ticktext: yTicks.map(countTick) },
    },
  };
}
