import type { Extent } from '../exact/extent.ts';
import type { Tick } from '../exact/ticks.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { cellsIn, placeOf, type SeriesCells } from './series-cells.ts';

/** Room round the axes, CSS px; the light layer above lies on the same place. */
export interface Margins {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

export interface SeriesPicture {
  readonly scheme: Scheme;
  readonly margins: Margins;
  readonly y: readonly [number, number];
  readonly yTicks: readonly { readonly at: number; readonly text: string }[];
  readonly xTicks: readonly Tick[];
}

/** The axes alone, for the screen: the light layer draws what moves. */
export function axesFigure({ margins, y, yTicks }: Pick<SeriesPicture, 'margins' | 'y' | 'yTicks'>): Figure {
  // Plotly draws no axes without a trace.
  const none: Trace = { type: 'scatter', mode: 'markers', x: [0.5], y: [(y[0] + y[1]) / 2], opacity: 0 };
  return { data: [none], layout: layoutOf({ margins, y, yTicks }, { visible: false, range: [0, 1] }) };
}

/** All of it, as a picture to keep: envelope, mean, and marks where every point is an element. */
export function seriesFigure(picture: SeriesPicture, cells: SeriesCells, extent: Extent): Figure {
  const color = palette['series-1'][picture.scheme];
  const { x, dx } = placeOf(cells, extent, 1);
  const { start, end } = cellsIn(cells, extent);
  const places = Array.from({ length: end - start }, (_, i) => x + dx * (start + i + 0.5));
  const of = (values: Float64Array): (number | null)[] =>
    Array.from(values.subarray(start, end), (value) => (Number.isFinite(value) ? value : null));
  const line: Trace = {
    type: 'scatter',
    mode: cells.step === 1n && end - start < 200 ? 'lines+markers' : 'lines',
    x: places,
    y: of(cells.mean),
    line: { color, width: 1.5 },
    marker: { color, size: 6 },
    connectgaps: false,
  };
  const edge = (values: Float64Array, fill: object): Trace => ({
    type: 'scatter',
    mode: 'lines',
    x: places,
    y: of(values),
    line: { color, width: 0.5 },
    connectgaps: false,
    ...fill,
  });
  const band =
    cells.step === 1n
      ? []
      : [edge(cells.min, {}), edge(cells.max, { fill: 'tonexty', fillcolor: `${color}52` })];
  const xaxis = {
    range: [0, 1],
    tickvals: picture.xTicks.map(({ at }) => at),
    ticktext: picture.xTicks.map(({ text }) => text),
    tickangle: 0,
  };
  return { data: [...band, line], layout: layoutOf(picture, xaxis) };
}

function layoutOf(
  { margins, y, yTicks }: Pick<SeriesPicture, 'margins' | 'y' | 'yTicks'>,
  xaxis: object,
): Record<string, unknown> {
  return {
    margin: { ...margins, pad: 0 },
    xaxis: { automargin: false, ...xaxis },
    yaxis: {
      automargin: false,
      range: y,
      tickvals: yTicks.map(({ at }) => at),
      ticktext: yTicks.map(({ text }) => text),
    },
  };
}
