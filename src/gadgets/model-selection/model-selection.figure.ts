import type { ModelSelectionPicture } from '../../protocol/fit-picture.ts';
import { linearAxis, plainText, spanOf } from '../fit/axis.ts';
import { cividis, seriesStyle } from '../fit/series-style.ts';
import type { Formats } from '../format.ts';
import type { Figure, Trace } from '../plot/figure.ts';
import { faded } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';

/** What the charts of a model selection are made of. */
export interface SelectionChart {
  readonly picture: ModelSelectionPicture;
  readonly scheme: Scheme;
  readonly formats: Formats;
  readonly width: number;
  readonly words: {
    readonly score: string;
    readonly rows: string;
    readonly train: string;
    readonly test: string;
  };
}

/** A grid over two parameters, the others at the best choice's values; undefined where only one varies. */
export interface SelectionGrid {
  readonly x: { readonly param: string; readonly values: readonly string[] };
  readonly y: { readonly param: string; readonly values: readonly string[] };
  /** `scores[y][x]`, NaN where nothing was tried. */
  readonly scores: readonly (readonly number[])[];
  readonly best: { readonly x: number; readonly y: number };
}

/** Lays the choices out over the two parameters with the most values. */
export function selectionGrid({
  params,
  choices,
  mean,
  best,
}: ModelSelectionPicture): SelectionGrid | undefined {
  const values = params.map((_, p) => unique(choices.map((choice) => choice[p]!)));
  const [x, y] = params
    .map((_, p) => p)
    .filter((p) => values[p]!.length > 1)
    .sort((one, other) => values[other]!.length - values[one]!.length || one - other);
  const chosen = choices[best];
  if (x === undefined || y === undefined || !chosen) return undefined;
  const scores = values[y]!.map(() => values[x]!.map(() => Number.NaN));
  choices.forEach((choice, c) => {
    const isShown = choice.every((value, p) => p === x || p === y || value === chosen[p]);
    if (isShown) scores[values[y]!.indexOf(choice[y]!)]![values[x]!.indexOf(choice[x]!)] = mean[c]!;
  });
  return {
    x: { param: params[x]!, values: values[x]! },
    y: { param: params[y]!, values: values[y]! },
    scores,
    best: { x: values[x]!.indexOf(chosen[x]!), y: values[y]!.indexOf(chosen[y]!) },
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** A JSON text of a parameter's value as people read it. */
export function valueText(json: string): string {
  return json === 'null' ? 'None' : json.replace(/^"|"$/g, '');
}

/** Scores of a grid as a heat map with the numbers in its cells; the best choice framed. */
export function gridFigure(grid: SelectionGrid, { scheme, formats, width }: SelectionChart): Figure {
  const flat = grid.scores.flat().filter((score) => !Number.isNaN(score));
  const low = Math.min(...flat);
  const high = Math.max(...flat);
  const across = grid.x.values.map((_, i) => i);
  const up = grid.y.values.map((_, j) => j);
  const wide = (width - 120) / Math.max(1, across.length) > 44;
  const scale = cividis(scheme);
  return {
    data: [
      {
        type: 'heatmap',
        x: across,
        y: up,
        z: grid.scores,
        zmin: low,
        zmax: high > low ? high : low + 1e-9,
        colorscale: scale,
        showscale: false,
        xgap: 2,
        ygap: 2,
        hoverinfo: 'skip',
      },
    ],
    layout: {
      xaxis: {
        range: [-0.5, across.length - 0.5],
        tickvals: across,
        ticktext: grid.x.values.map((value) => plainText(valueText(value))),
        title: { text: plainText(grid.x.param), standoff: 6, font: { size: 12 } },
        ticks: '',
      },
      yaxis: {
        range: [-0.5, up.length - 0.5],
        tickvals: up,
        ticktext: grid.y.values.map((value) => plainText(valueText(value))),
        title: { text: plainText(grid.y.param), standoff: 6, font: { size: 12 } },
        showgrid: false,
      },
      shapes: [
        {
          type: 'rect',
          x0: grid.best.x - 0.5,
          x1: grid.best.x + 0.5,
          y0: grid.best.y - 0.5,
          y1: grid.best.y + 0.5,
          line: { color: palette['series-2'][scheme], width: 3 },
        },
      ],
      annotations: grid.scores.flatMap((row, j) =>
        row.flatMap((score, i) =>
          Number.isNaN(score)
            ? []
            : [
                {
                  x: i,
                  y: j,
                  text: wide ? formats.number(score, 3) : formats.number(score, 2),
                  showarrow: false,
                  font: { size: 12, color: inkOn(high > low ? (score - low) / (high - low) : 1, scheme) },
                },
              ],
        ),
      ),
    },
  };
}

/** Ink that reads on Cividis: on light it runs from yellow (little) to navy, on dark the other way. */
function inkOn(share: number, scheme: Scheme): string {
  const lightness = scheme === 'light' ? 1 - share : share;
  return lightness > 0.5 ? '#101418' : '#ffffff';
}

/** Scores against one parameter's values, with their deviation over folds as bars. */
export function lineFigure({ picture, scheme, formats, words }: SelectionChart): Figure {
  const at = picture.choices.map((_, c) => c);
  const { color } = seriesStyle(0, scheme);
  const mean = Array.from(picture.mean);
  const sd = Array.from(picture.sd);
  const range = spanOf(
    mean.flatMap((value, c) => [value - sd[c]!, value + sd[c]!]),
    0.08,
  );
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        x: at,
        y: mean,
        error_y: { type: 'data', array: sd, color: palette.other[scheme], thickness: 1.25, width: 4 },
        line: { color, width: 2 },
        marker: {
          color: at.map((c) => (c === picture.best ? palette['series-2'][scheme] : color)),
          size: at.map((c) => (c === picture.best ? 11 : 7)),
        },
      },
    ],
    layout: {
      xaxis: {
        range: [-0.5, at.length - 0.5],
        tickvals: at,
        ticktext: picture.choices.map((choice) => plainText(choice.map(valueText).join(' · '))),
        title: { text: plainText(picture.params.join(' · ')), standoff: 6, font: { size: 12 } },
      },
      yaxis: linearAxis(range, 5, formats, plainText(words.score)),
    },
  };
}

/** Scores as the training rows grow: on the rows learnt from, and on those kept apart, each with its deviation. */
export function learningFigure({ picture, scheme, formats, width, words }: SelectionChart): Figure {
  const { curve } = picture;
  if (!curve) return { data: [], layout: {} };
  const x = Array.from(curve.sizes);
  const lines = [
    { mean: curve.train, sd: curve.trainSd, at: 1, name: words.train },
    { mean: curve.test, sd: curve.testSd, at: 0, name: words.test },
  ];
  const data: Trace[] = [];
  for (const { mean, sd, at } of lines) {
    const { color } = seriesStyle(at, scheme);
    const y = Array.from(mean);
    data.push(
      {
        type: 'scatter',
        mode: 'lines',
        x: [...x, ...[...x].reverse()],
        y: [...y.map((value, i) => value + sd[i]!), ...y.map((value, i) => value - sd[i]!).reverse()],
        fill: 'toself',
        fillcolor: faded(color, 0.16),
        line: { width: 0 },
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        x,
        y,
        line: { color, width: 2 },
        marker: { color, size: 6 },
      },
    );
  }
  const all = lines.flatMap(({ mean, sd }) =>
    Array.from(mean, (value, i) => [value - sd[i]!, value + sd[i]!]).flat(),
  );
  const yRange = spanOf(all, 0.08);
  const longest = Math.max(...lines.map(({ name }) => name.length));
  return {
    data,
    layout: {
      margin: { l: 8, r: 12 + longest * 6.6, t: 8, b: 8, pad: 0 },
      xaxis: linearAxis(
        spanOf(x, 0.03),
        Math.max(2, Math.floor(width / 130)),
        formats,
        plainText(words.rows),
      ),
      yaxis: linearAxis(yRange, 4, formats, plainText(words.score)),
      annotations: apart(
        lines.map(({ mean }) => mean.at(-1) ?? 0),
        (yRange[1] - yRange[0]) / 9,
      ).map((y, i) => ({
        xref: 'paper',
        yref: 'y',
        x: 1,
        y,
        xanchor: 'left',
        xshift: 4,
        text: plainText(lines[i]!.name),
        showarrow: false,
        font: { size: 12, color: seriesStyle(lines[i]!.at, scheme).color },
      })),
    },
  };
}

/** Two places moved apart to at least `gap`. */
function apart([one = 0, other = 0]: readonly number[], gap: number): readonly [number, number] {
  const missing = gap - Math.abs(one - other);
  if (missing <= 0) return [one, other];
  return one >= other ? [one + missing / 2, other - missing / 2] : [one - missing / 2, other + missing / 2];
}
