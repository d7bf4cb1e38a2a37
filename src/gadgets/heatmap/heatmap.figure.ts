import { fractionOf, parts } from '../exact/extent.ts';
import type { Tick } from '../exact/ticks.ts';
import type { Figure } from '../plot/figure.ts';
import { cssColor } from '../theme/color.ts';
import type { Scheme } from '../theme/palette.ts';
import { type ColorScaleName, colorAt } from './color-scale.ts';
import { kindOfMapCell, type MapCells, type MapExtent } from './map-cells.ts';

/** A map as a picture to keep, with its colour bar. */
export interface MapPicture {
  readonly scheme: Scheme;
  readonly colors: ColorScaleName;
  readonly range: readonly [number, number];
  readonly rowTicks: readonly Tick[];
  readonly columnTicks: readonly Tick[];
}

export function heatmapFigure(picture: MapPicture, cells: MapCells, extent: MapExtent): Figure {
  const places = (first: bigint, step: bigint, count: number, within: MapExtent['rows']): number[] =>
    Array.from({ length: count }, (_, i) =>
      fractionOf(within, (first + step * BigInt(i)) * parts + (step * parts) / 2n),
    );
  const axis = (ticks: readonly Tick[]) => ({
    range: [0, 1],
    tickvals: ticks.map(({ at }) => at),
    ticktext: ticks.map(({ text }) => text),
    tickangle: 0,
    showgrid: false,
  });
  return {
    data: [
      {
        type: 'heatmap',
        x: places(cells.columnFirst, cells.columnStep, cells.columns, extent.columns),
        y: places(cells.rowFirst, cells.rowStep, cells.rows, extent.rows),
        z: Array.from({ length: cells.rows }, (_, row) =>
          Array.from({ length: cells.columns }, (_, column) => {
            const i = row * cells.columns + column;
            return kindOfMapCell(cells, i) === 'numbers' ? cells.mean[i]! : null;
          }),
        ),
        zmin: picture.range[0],
        zmax: picture.range[1],
        colorscale: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((t) => [
          t,
          cssColor(colorAt(picture.colors, picture.scheme, t)).replace(/ (?=\d)/g, ','),
        ]),
        colorbar: { thickness: 10, outlinewidth: 0 },
      },
    ],
    layout: { xaxis: axis(picture.columnTicks), yaxis: { ...axis(picture.rowTicks), range: [1, 0] } },
  };
}
