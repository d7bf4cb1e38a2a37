import type { Figure } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { niceTicks, yRange } from '../trend/trend.figure.ts';

/** What a distribution's figure is made of: rows a bin, and texts written by the gadget's formats. */
export interface DistributionPicture {
  readonly counts: readonly number[];
  /** The same bins without the other gadgets' filters, drawn grey behind; undefined when nothing is filtered. */
  readonly ghost: readonly number[] | undefined;
  /** Ends of the y axis while a brush freezes it. */
  readonly frozen: readonly [number, number] | undefined;
  readonly scheme: Scheme;
  /** `at`: an edge between bins, from 0 to their number. */
  readonly xTicks: readonly { readonly at: number; readonly text: string }[];
  readonly yTick: (value: number) => string;
}

/** A distribution for Plotly. The x axis counts bins: bin `i` covers `[i, i + 1)`. */
export function distributionFigure(picture: DistributionPicture): Figure {
  const { counts, ghost, scheme, frozen, xTicks } = picture;
  const bar = (y: readonly number[], color: string) =>
    ({ type: 'bar', x: y.map((_, bin) => bin + 0.5), y, marker: { color }, width: 0.94 }) as const;
  const range = frozen ?? yRange([...counts, ...(ghost ?? [])], true);
  const yTicks = niceTicks(range[0], range[1], 3).filter((tick) => Number.isInteger(tick));
  return {
    data: [...(ghost ? [bar(ghost, palette.ghost[scheme])] : []), bar(counts, palette['series-1'][scheme])],
    layout: {
      barmode: 'overlay',
      xaxis: {
        range: [0, counts.length],
        tickvals: xTicks.map(({ at }) => at),
        ticktext: xTicks.map(({ text }) => text),
        tickangle: 0,
      },
      yaxis: { range, tickvals: yTicks, ticktext: yTicks.map(picture.yTick) },
    },
  };
}

/** Which bins carry a label so that about `room` fit: indices, evenly stepped from the first. */
export function labelledBins(bins: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(bins / Math.max(1, room)));
  return Array.from({ length: Math.ceil(bins / step) }, (_, i) => i * step);
}
