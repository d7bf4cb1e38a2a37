import type { Figure, Trace } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import type { Series } from './series.ts';

/** What a trend's figure is made of. Text in `ticks` is written by the gadget's formats. */
export interface TrendPicture {
  readonly series: Series;
  /** Bars from zero for sums and counts in few bins, else a line. */
  readonly shape: 'bars' | 'line';
  /** The same measure without the other gadgets' filters, drawn grey behind; undefined when nothing is filtered. */
  readonly ghost: Series | undefined;
  /** The measure over the period compared with, bin beside bin, drawn dashed; undefined when nothing is compared. */
  readonly before?: Series | undefined;
  /** Whether the axis begins at zero. */
  readonly zero: boolean;
  /** Ends of the y axis while a brush freezes it. */
  readonly frozen: readonly [number, number] | undefined;
  readonly scheme: Scheme;
  readonly xTicks: readonly TrendTick[];
  readonly yTick: (value: number) => string;
}

/** A label of the x axis; `at` counts bins. */
export interface TrendTick {
  readonly at: number;
  readonly text: string;
}

/** Most bins drawn as bars; more are a line. */
export const maxBars = 62;

/** A trend for Plotly. The x axis counts bins (bin `i` covers `[i, i + 1)`), so bars of unequal months stay even. */
export function trendFigure(picture: TrendPicture): Figure {
  const { series, ghost, shape, scheme } = picture;
  const data: Trace[] = [];
  if (ghost) data.push(traceOf(ghost, shape, palette.ghost[scheme]));
  data.push(traceOf(series, shape, palette['series-1'][scheme]));
  const { before } = picture;
  // On a pale edge, so that it is seen before bars too.
  const bins = series.values.length;
  if (before)
    data.push(
      dashed(before, bins, palette.surface[scheme], 4),
      dashed(before, bins, palette['series-2'][scheme], 2),
    );
  const all = [...series.values, ...(ghost?.values ?? []), ...(before?.values ?? [])];
  const range = picture.frozen ?? yRange(all, picture.zero);
  const yTicks = niceTicks(range[0], range[1], 4);
  return {
    data,
    layout: {
      barmode: 'overlay',
      xaxis: {
        range: [0, series.values.length],
        tickvals: picture.xTicks.map(({ at }) => at),
        ticktext: picture.xTicks.map(({ text }) => text),
        tickangle: 0,
      },
      yaxis: { range, tickvals: yTicks, ticktext: yTicks.map(picture.yTick) },
    },
  };
}

function traceOf(series: Series, shape: 'bars' | 'line', color: string): Trace {
  const x = series.values.map((_, bin) => bin + 0.5);
  const y = series.values;
  if (shape === 'bars') return { type: 'bar', x, y, marker: { color }, width: 0.84 };
  return { type: 'scatter', ...lineOf(y, color), x, y, line: { color, width: 1.75 }, connectgaps: false };
}

/** A line; where a value has none beside it, there is no line to see, and it is a dot. */
function lineOf(y: Series['values'], color: string): Readonly<Record<string, unknown>> {
  const isLone = (bin: number): boolean => y[bin] != null && y[bin - 1] == null && y[bin + 1] == null;
  const sizes = y.map((_, bin) => (isLone(bin) ? 5 : 0));
  if (!sizes.includes(5)) return { mode: 'lines' };
  return { mode: 'lines+markers', marker: { color, size: sizes, line: { width: 0 } } };
}

/** At most as many bins as there are to compare it with. */
function dashed({ values }: Series, bins: number, color: string, width: number): Trace {
  const y = values.slice(0, bins);
  const x = y.map((_, bin) => bin + 0.5);
  return {
    type: 'scatter',
    ...lineOf(y, color),
    x,
    y,
    line: { color, width, dash: '7px,4px' },
    connectgaps: false,
  };
}

/** Ends of a y axis that hold all values, with room above; from zero when asked or when it is near. */
export function yRange(values: readonly (number | null)[], zero: boolean): [number, number] {
  const known = values.filter((value) => value !== null);
  const high = known.reduce((top, value) => Math.max(top, value), zero || known.length === 0 ? 0 : -Infinity);
  const low = known.reduce(
    (bottom, value) => Math.min(bottom, value),
    zero || known.length === 0 ? 0 : Infinity,
  );
  if (high === low) return high === 0 ? [0, 1] : [Math.min(0, low * 1.1), Math.max(0, high * 1.1)];
  const room = (high - low) * 0.06;
  return [low < 0 || !zero ? low - room : 0, high > 0 || !zero ? high + room : 0];
}

/** About `count` round values (1, 2, 2.5, 5 × 10^k) within `[from, to]`. */
export function niceTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const ticks: number[] = [];
  // Nought is added so that a range from a little below it has no tick of −0.
  for (let k = Math.ceil(from / step); k * step <= to * (1 + 1e-12); k++) ticks.push(k * step + 0);
  return ticks;
}
