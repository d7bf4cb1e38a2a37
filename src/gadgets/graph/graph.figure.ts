import { plainText } from '../fit/axis.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { niceTicks, yRange } from '../trend/trend.figure.ts';
import { type Graph, labelsOf } from './graph.value.ts';

/** What a graph's figure is made of; `width` in CSS px. */
export interface GraphPicture {
  readonly graph: Graph;
  readonly scheme: Scheme;
  readonly width: number;
  readonly yTick: (value: number) => string;
}

const dashes = ['solid', 'dash', 'dot'] as const;

/** Colour of a series, and its dash once the four colours are used up. */
export function seriesStyle(at: number, scheme: Scheme): { readonly color: string; readonly dash: string } {
  const name = `series-${(at % 4) + 1}` as 'series-1' | 'series-2' | 'series-3' | 'series-4';
  return { color: palette[name][scheme], dash: dashes[Math.floor(at / 4)] ?? 'dot' };
}

/** A graph for Plotly. The x axis counts labels: the one at `i` covers `[i, i + 1)`. */
export function graphFigure({ graph, scheme, width, yTick }: GraphPicture): Figure {
  const labels = labelsOf(graph);
  const place = new Map(labels.map((label, at) => [label, at + 0.5]));
  const isBars = graph.series.some(({ shape }) => shape === 'bar');
  const range = yRange(
    graph.series.flatMap(({ values }) => values.filter((value) => value !== null)),
    isBars,
  );
  const ticks = niceTicks(range[0], range[1], 4);
  const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor((width - 60) / 90))));
  const shown = labels.flatMap((label, at) => (at % every === 0 ? [{ at: at + 0.5, label }] : []));
  const title = (text: string) =>
    text === '' ? {} : { title: { text: plainText(text), standoff: 8, font: { size: 12 } } };
  return {
    data: graph.series.map(({ shape, labels: own, values }, at): Trace => {
      const { color, dash } = seriesStyle(at, scheme);
      const x = own.map((label) => place.get(label)!);
      if (shape === 'bar') return { type: 'bar', x, y: values, marker: { color } };
      const line = { color, dash, width: 1.75 };
      return {
        type: 'scatter',
        mode: shape === 'line' ? 'lines' : 'markers',
        x,
        y: values,
        line,
        marker: { color, size: 7 },
      };
    }),
    layout: {
      barmode: 'group',
      xaxis: {
        range: [0, Math.max(1, labels.length)],
        tickvals: shown.map(({ at }) => at),
        ticktext: shown.map(({ label }) => plainText(label.length > 14 ? `${label.slice(0, 13)}…` : label)),
        tickangle: 0,
        ...title(graph.xTitle),
      },
      yaxis: { range, tickvals: ticks, ticktext: ticks.map(yTick), ...title(graph.yTitle) },
    },
  };
}
