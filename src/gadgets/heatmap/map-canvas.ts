import { boxOf, kindOfMapCell, type MapCells, type MapExtent } from './map-cells.ts';

/** Colours of a map: a table of 256 and the ends it spans; what is empty as CSS writes it. */
export interface MapColors {
  readonly table: Uint32Array;
  readonly range: readonly [number, number];
  readonly surface: string;
  readonly hatch: string;
  readonly away: string;
  readonly nan: number;
  readonly mark: string;
}

/** Cells up to so many are ringed where they are too small to be seen. */
const mostRinged = 64;

/** Cells as an image, one px each; what is unwritten is clear. Kept as long as its cells and colours stand. */
export class MapImage {
  readonly canvas: HTMLCanvasElement = document.createElement('canvas');
  #of: MapCells | undefined;
  #key = '';

  draw(cells: MapCells, { table, range, nan }: MapColors): void {
    const key = `${range.join()} ${table[0]} ${table[255]}`;
    if (cells === this.#of && key === this.#key) return;
    this.#of = cells;
    this.#key = key;
    this.canvas.width = Math.max(1, cells.columns);
    this.canvas.height = Math.max(1, cells.rows);
    const ctx = this.canvas.getContext('2d');
    if (!ctx) return;
    const image = ctx.createImageData(this.canvas.width, this.canvas.height);
    const words = new Uint32Array(image.data.buffer);
    const [low, high] = range;
    const scale = 255 / (high - low);
    for (let i = 0; i < words.length; i++) {
      const kind = kindOfMapCell(cells, i);
      if (kind === 'numbers') {
        const at = Math.round((cells.mean[i]! - low) * scale);
        words[i] = Number.isNaN(at) ? nan : table[Math.min(255, Math.max(0, at))]!;
      } else if (kind === 'nans') words[i] = nan;
    }
    ctx.putImageData(image, 0, 0);
  }
}

/** Draws one picture over what lies below it. */
export function drawMap(
  ctx: CanvasRenderingContext2D,
  image: MapImage,
  cells: MapCells,
  extent: MapExtent,
  area: { readonly width: number; readonly height: number },
  colors: MapColors,
): void {
  const box = boxOf(cells, extent, area.width, area.height);
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [right, bottom] = [
    Math.min(area.width, box.x + box.width),
    Math.min(area.height, box.y + box.height),
  ];
  if (right <= left || bottom <= top) return;
  image.draw(cells, colors);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  hatched(ctx, left, top, right, bottom, colors);
  away(ctx, cells, box, colors);
  ctx.imageSmoothingEnabled = false;
  // Only the cells in view: stretched as a whole they would be an image of millions of px.
  const [dx, dy] = [box.width / cells.columns, box.height / cells.rows];
  const [fromX, fromY] = [Math.floor((left - box.x) / dx), Math.floor((top - box.y) / dy)];
  const [toX, toY] = [
    Math.min(cells.columns, Math.ceil((right - box.x) / dx)),
    Math.min(cells.rows, Math.ceil((bottom - box.y) / dy)),
  ];
  if (toX > fromX && toY > fromY)
    ctx.drawImage(
      image.canvas,
      fromX,
      fromY,
      toX - fromX,
      toY - fromY,
      box.x + fromX * dx,
      box.y + fromY * dy,
      (toX - fromX) * dx,
      (toY - fromY) * dy,
    );
  rings(ctx, cells, box, colors);
  ctx.restore();
}

function hatched(
  ctx: CanvasRenderingContext2D,
  left: number,
  top: number,
  right: number,
  bottom: number,
  colors: MapColors,
): void {
  ctx.fillStyle = colors.surface;
  ctx.fillRect(left, top, right - left, bottom - top);
  ctx.strokeStyle = colors.hatch;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const step = 9;
  for (let at = Math.floor((left + top) / step) * step; at < right + bottom; at += step) {
    ctx.moveTo(at - bottom, bottom);
    ctx.lineTo(at - top, top);
  }
  ctx.stroke();
}

function away(
  ctx: CanvasRenderingContext2D,
  cells: MapCells,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  colors: MapColors,
): void {
  if (!cells.state.includes(2)) return;
  ctx.fillStyle = colors.away;
  const [dx, dy] = [box.width / cells.columns, box.height / cells.rows];
  for (let i = 0; i < cells.state.length; i++)
    if (cells.state[i] === 2)
      ctx.fillRect(
        box.x + (i % cells.columns) * dx,
        box.y + Math.floor(i / cells.columns) * dy,
        dx + 0.5,
        dy + 0.5,
      );
}

/** Where few cells hold something and they are small, each is ringed, so that people see where to go. */
function rings(
  ctx: CanvasRenderingContext2D,
  cells: MapCells,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  colors: MapColors,
): void {
  const [dx, dy] = [box.width / cells.columns, box.height / cells.rows];
  if (Math.max(dx, dy) > 6) return;
  const places: number[] = [];
  for (let i = 0; i < cells.count.length && places.length <= mostRinged; i++)
    if (cells.count[i]! > 0) places.push(i);
  if (places.length > mostRinged) return;
  for (const i of places) {
    const [x, y] = [
      box.x + ((i % cells.columns) + 0.5) * dx,
      box.y + (Math.floor(i / cells.columns) + 0.5) * dy,
    ];
    const mean = Math.round(((cells.mean[i]! - colors.range[0]) / (colors.range[1] - colors.range[0])) * 255);
    const word = colors.table[Math.min(255, Math.max(0, mean))] ?? 0;
    ctx.fillStyle = `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
    ctx.fillRect(x - 3, y - 3, 6, 6);
    ctx.strokeStyle = colors.mark;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(x, y, 9, 0, 2 * Math.PI);
    ctx.stroke();
  }
}
