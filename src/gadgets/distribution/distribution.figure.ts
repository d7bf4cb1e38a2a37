import type { Figure } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { niceTicks, yRange } from '../trend/trend.figure.ts';
import { type Bins, edgeOf } from './bins.ts';

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

/** At most about `room` round values on the axis, by their places in bins; `named`: each bin is one whole number. */
export function distributionTicks(
  bins: Bins,
  room: number,
  named: boolean,
): readonly { readonly at: number; readonly value: number }[] {
  const last = edgeOf(bins, named ? bins.count - 1 : bins.count);
  if (last === bins.from) return [{ at: 0.5, value: bins.from }];
  return niceTicks(bins.from, last, room)
    .filter((value) => !named || Number.isInteger(value))
    .map((value) => ({ at: (value - bins.from) / bins.width + (named ? 0.5 : 0), value }));
}
