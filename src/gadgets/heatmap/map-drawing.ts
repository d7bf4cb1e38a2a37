import { msg } from '@lit/localize';
import { groupDigits } from '../exact/index-text.ts';
import { indexTicks, type Ticks } from '../exact/ticks.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import { type ColorScaleName, colorTable } from './color-scale.ts';
import { drawMap, type MapColors, MapImage } from './map-canvas.ts';
import { crossSection, type MapCells, type MapExtent } from './map-cells.ts';
import { drawAxes, drawSections } from './map-margins.ts';
import type { MapPlace } from './map-readout.ts';

/** Cells and the image they were drawn into. */
export interface DrawnCells {
  readonly cells: MapCells;
  readonly image: MapImage;
}

/** Answers kept under the newest, which cover what it does not. */
const mostKept = 4;

/** A stack with newer cells on it; those of another version, or of the same question, leave. */
export function stacked(stack: readonly DrawnCells[], cells: MapCells): readonly DrawnCells[] {
  const rest = stack.filter(
    ({ cells: one }) =>
      one.version === cells.version &&
      (one.rowFirst !== cells.rowFirst ||
        one.columnFirst !== cells.columnFirst ||
        one.rowStep !== cells.rowStep ||
        one.columnStep !== cells.columnStep),
  );
  return [{ cells, image: new MapImage() }, ...rest].slice(0, mostKept);
}

/** Room round the map, in pixels. */
export interface Margins {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

/** `width` of the whole card; indices down the side need room by their length. */
export function marginsOf(width: number, rows: bigint): Margins {
  const isNarrow = width < 520;
  const longest = groupDigits(rows).length;
  return {
    l: Math.min(isNarrow ? 96 : 132, Math.max(40, longest * 7 + 8)),
    r: isNarrow ? 8 : 72,
    t: 48,
    b: 40,
  };
}

/** Marks along both axes of a map of so many pixels. */
export function mapTicks(
  extent: MapExtent,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly rows: Ticks; readonly columns: Ticks } {
  return {
    // Down the side marks stand below each other: their height counts, not their width.
    rows: indexTicks(extent.rows, Math.max(1, Math.floor(height / 52)) * 220, 220),
    columns: indexTicks(extent.columns, width),
  };
}

export function mapColors(
  colors: ColorScaleName,
  range: readonly [number, number],
  scheme: Scheme,
): MapColors {
  const color = (name: keyof typeof palette): string => palette[name][scheme];
  return {
    table: colorTable(colors, scheme),
    range,
    surface: color('surface'),
    hatch: color('border'),
    away: color('warning-soft'),
    nan: scheme === 'light' ? 0xffdcd7d3 : 0xff4c413a,
    mark: color('accent'),
  };
}

/** The map with its axes, and the cross-sections through a place. `stack`: the newest first. */
export function drawMapCard(
  canvas: HTMLCanvasElement,
  {
    stack,
    extent,
    margins: { l, t, r, b },
    ticks,
    colors,
    scheme,
    hovered,
  }: {
    readonly stack: readonly DrawnCells[];
    readonly extent: MapExtent;
    readonly margins: Margins;
    readonly ticks: { readonly rows: Ticks; readonly columns: Ticks };
    readonly colors: MapColors;
    readonly scheme: Scheme;
    readonly hovered: MapPlace | undefined;
  },
): void {
  const ctx = canvas.getContext('2d');
  if (!ctx || canvas.clientWidth === 0) return;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * density);
  canvas.height = Math.round(canvas.clientHeight * density);
  ctx.scale(density, density);
  const area = { width: canvas.clientWidth - l - r, height: canvas.clientHeight - t - b };
  if (area.width < 1 || area.height < 1) return;
  const [newest] = stack;
  ctx.save();
  ctx.translate(l, t);
  // The coarsest first, the newest last: each clears the ground it knows better.
  const older = stack.slice(1).sort((one, other) => (one.cells.rowStep < other.cells.rowStep ? 1 : -1));
  for (const { cells, image } of [...older, ...(newest ? [newest] : [])])
    drawMap(ctx, image, cells, extent, area, colors);
  ctx.restore();
  const lines = {
    text: palette.muted[scheme],
    line: palette['border-strong'][scheme],
    mark: palette['series-1'][scheme],
    font: getComputedStyle(canvas).fontFamily,
  };
  drawAxes(ctx, { left: l, top: t, ...area }, ticks, lines, { rows: msg('Row'), columns: msg('Column') });
  if (newest && hovered)
    drawSections(
      ctx,
      { left: l, top: t, ...area, right: r },
      {
        cells: newest.cells,
        extent,
        range: colors.range,
        row: crossSection(newest.cells, { row: hovered.row }),
        column: crossSection(newest.cells, { column: hovered.column }),
      },
      lines,
    );
}
