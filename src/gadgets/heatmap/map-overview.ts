import { fractionOf } from '../exact/extent.ts';
import { drawMap, type MapColors, type MapImage } from './map-canvas.ts';
import type { MapCells, MapExtent } from './map-cells.ts';

/** All of an array, small, and the part in view. */
export function drawOverview(
  canvas: HTMLCanvasElement,
  all: { readonly cells: MapCells; readonly image: MapImage } | undefined,
  {
    whole,
    shown,
    colors,
  }: { readonly whole: MapExtent; readonly shown: MapExtent; readonly colors: MapColors },
): void {
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  const density = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  ctx.scale(density, density);
  if (all) drawMap(ctx, all.image, all.cells, whole, { width, height }, { ...colors, mark: 'transparent' });
  const [x, y] = [
    fractionOf(whole.columns, shown.columns.from) * width,
    fractionOf(whole.rows, shown.rows.from) * height,
  ];
  const [w, h] = [
    Math.max(6, fractionOf(whole.columns, shown.columns.to) * width - x),
    Math.max(6, fractionOf(whole.rows, shown.rows.to) * height - y),
  ];
  ctx.strokeStyle = colors.mark;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(Math.min(x, width - 7), Math.min(y, height - 7), w, h);
}
