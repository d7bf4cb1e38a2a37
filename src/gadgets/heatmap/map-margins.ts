import type { Ticks } from '../exact/ticks.ts';
import { boxOf, type MapCells, type MapExtent } from './map-cells.ts';

/** The map's place on its canvas, CSS px. */
export interface MapArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface MarginColors {
  readonly text: string;
  readonly line: string;
  readonly mark: string;
  readonly font: string;
}

/** Marks below and at the left side of a map. */
export function drawAxes(
  ctx: CanvasRenderingContext2D,
  area: MapArea,
  { rows, columns }: { readonly rows: Ticks; readonly columns: Ticks },
  colors: MarginColors,
  names: { readonly rows: string; readonly columns: string },
): void {
  const { left, top, width, height } = area;
  const bottom = top + height;
  ctx.font = `12px ${colors.font}`;
  ctx.fillStyle = colors.text;
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.rect(left - 0.5, top - 0.5, width + 1, height + 1);
  for (const { at } of columns.ticks) {
    const x = Math.round(left + at * width) + 0.5;
    ctx.moveTo(x, bottom);
    ctx.lineTo(x, bottom + 4);
  }
  for (const { at } of rows.ticks) {
    const y = Math.round(top + at * height) + 0.5;
    ctx.moveTo(left - 4, y);
    ctx.lineTo(left, y);
  }
  ctx.stroke();
  ctx.textBaseline = 'top';
  ctx.textAlign = 'center';
  for (const { at, text } of columns.ticks) {
    const half = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.min(left + width - half, Math.max(half, left + at * width)), bottom + 7);
  }
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const { at, text } of rows.ticks)
    ctx.fillText(text, left - 8, Math.min(bottom - 6, Math.max(top + 6, top + at * height)));
  ctx.textBaseline = 'top';
  ctx.fillText(withUnit(names.columns, columns), left + width, bottom + 24);
  ctx.textAlign = 'left';
  if (columns.base !== '') ctx.fillText(columns.base, left, bottom + 24);
  ctx.textBaseline = 'bottom';
  ctx.fillText(rows.base === '' ? withUnit(names.rows, rows) : rows.base, Math.max(0, left - 60), top - 8);
}

function withUnit(name: string, { unit }: Ticks): string {
  return unit === '' ? name : `${name} ${unit}`;
}

/** The cross-sections through the pointer: along the row above the map, along the column beside it. */
export function drawSections(
  ctx: CanvasRenderingContext2D,
  area: MapArea & { readonly right: number },
  section: {
    readonly cells: MapCells;
    readonly extent: MapExtent;
    readonly range: readonly [number, number];
    readonly row: Float64Array | undefined;
    readonly column: Float64Array | undefined;
  },
  colors: MarginColors,
): void {
  const { left, top, width, height, right } = area;
  const box = boxOf(section.cells, section.extent, width, height);
  const [low, high] = section.range;
  const share = (value: number): number => Math.min(1, Math.max(0, (value - low) / (high - low)));
  ctx.strokeStyle = colors.mark;
  ctx.lineWidth = 1.25;
  if (section.row) {
    const dx = box.width / section.cells.columns;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, 0, width, top);
    ctx.clip();
    const [base, room] = [top - 6, top - 12];
    path(ctx, section.row, (i, value) => [left + box.x + (i + 0.5) * dx, base - share(value) * room]);
    ctx.restore();
  }
  if (section.column && right > 40) {
    const dy = box.height / section.cells.rows;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left + width, top, right, height);
    ctx.clip();
    const [base, room] = [left + width + 6, right - 12];
    path(ctx, section.column, (i, value) => [base + share(value) * room, top + box.y + (i + 0.5) * dy]);
    ctx.restore();
  }
}

function path(
  ctx: CanvasRenderingContext2D,
  values: Float64Array,
  at: (i: number, value: number) => [number, number],
): void {
  ctx.beginPath();
  let isDown = false;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) {
      isDown = false;
      continue;
    }
    const [x, y] = at(i, value);
    if (isDown) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    isDown = true;
  }
  ctx.stroke();
}
