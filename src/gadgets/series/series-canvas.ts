import type { Extent } from '../exact/extent.ts';
import { cellsIn, kindOfCell, placeOf, type SeriesCells } from './series-cells.ts';

/** Colours as CSS writes them. */
export interface SeriesColors {
  readonly line: string;
  readonly hatch: string;
  readonly away: string;
  readonly surface: string;
}

/** What a series is drawn into: CSS px, from its left top corner. */
export interface SeriesArea {
  readonly width: number;
  readonly height: number;
  readonly extent: Extent;
  /** Values at the bottom and the top. */
  readonly y: readonly [number, number];
}

/** Part of the picture with nothing to draw: CSS px `[from, to)`. */
export interface Gap {
  readonly kind: 'unwritten' | 'nans' | 'away';
  readonly from: number;
  readonly to: number;
}

/** Widest cell, CSS px, whose value is no mark of its own. */
const pointPx = 5;

/** Draws pictures from the best to the worst, each where those before it left room; tells what is empty. */
export function drawSeries(
  ctx: CanvasRenderingContext2D,
  area: SeriesArea,
  pictures: Iterable<SeriesCells>,
  colors: SeriesColors,
): Gap[] {
  const gaps: Gap[] = [];
  let free: [number, number][] = [[0, area.width]];
  for (const cells of pictures) {
    if (free.length === 0) break;
    const { x, dx } = placeOf(cells, area.extent, area.width);
    const [from, to] = [Math.max(0, x), Math.min(area.width, x + dx * cells.size)];
    if (!(to > from)) continue;
    const left: [number, number][] = [];
    for (const [start, end] of free) {
      const [a, b] = [Math.max(start, from), Math.min(end, to)];
      if (b <= a) {
        left.push([start, end]);
        continue;
      }
      ctx.save();
      ctx.beginPath();
      ctx.rect(a, 0, b - a, area.height);
      ctx.clip();
      gaps.push(...drawCells(ctx, area, cells, colors).flatMap((gap) => cutGap(gap, a, b)));
      ctx.restore();
      if (a > start) left.push([start, a]);
      if (b < end) left.push([b, end]);
    }
    free = left.filter(([start, end]) => end - start > 0.5);
  }
  return joined(gaps);
}

function cutGap(gap: Gap, from: number, to: number): Gap[] {
  const [a, b] = [Math.max(gap.from, from), Math.min(gap.to, to)];
  return b > a ? [{ kind: gap.kind, from: a, to: b }] : [];
}

function joined(gaps: readonly Gap[]): Gap[] {
  const found: Gap[] = [];
  for (const gap of [...gaps].sort((one, other) => one.from - other.from)) {
    const last = found[found.length - 1];
    if (last && last.kind === gap.kind && gap.from - last.to < 1)
      found[found.length - 1] = { ...last, to: Math.max(last.to, gap.to) };
    else found.push(gap);
  }
  return found;
}

function drawCells(
  ctx: CanvasRenderingContext2D,
  area: SeriesArea,
  cells: SeriesCells,
  colors: SeriesColors,
): Gap[] {
  const gaps = gapsOf(area, cells);
  for (const gap of gaps)
    if (gap.kind !== 'nans') hatch(ctx, gap, area.height, gap.kind === 'away' ? colors.away : colors.hatch);
  const columns = columnsOf(area, cells);
  ctx.lineJoin = 'round';
  if (cells.step > 1n || columns.dx < 1) envelope(ctx, area, columns, colors.line);
  means(ctx, area, columns, colors.line);
  if (cells.step === 1n && columns.dx >= pointPx) points(ctx, area, columns, colors);
  return gaps;
}

function gapsOf(area: SeriesArea, cells: SeriesCells): Gap[] {
  const { x, dx } = placeOf(cells, area.extent, area.width);
  const { start, end } = cellsIn(cells, area.extent);
  const gaps: Gap[] = [];
  for (let i = start; i < end; i++) {
    const kind = kindOfCell(cells, i);
    if (kind === 'numbers') continue;
    const last = gaps[gaps.length - 1];
    const from = x + dx * i;
    if (last && last.kind === kind && from - last.to < 1e-3 + dx * 1e-6)
      gaps[gaps.length - 1] = { ...last, to: from + dx };
    else gaps.push({ kind, from, to: from + dx });
  }
  return gaps;
}

/** Diagonal hairlines, fixed to the plot, where there is nothing. */
function hatch(ctx: CanvasRenderingContext2D, gap: Gap, height: number, color: string): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(gap.from, 0, gap.to - gap.from, height);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const step = 9;
  for (let x = Math.floor((gap.from - height) / step) * step; x < gap.to; x += step) {
    ctx.moveTo(x, height);
    ctx.lineTo(x + height, 0);
  }
  ctx.stroke();
  ctx.restore();
}

/** Numbers by place: cells, or px columns of cells narrower than a px. */
interface Columns {
  readonly x: Float64Array;
  readonly dx: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly size: number;
}

function columnsOf(area: SeriesArea, cells: SeriesCells): Columns {
  const { x, dx } = placeOf(cells, area.extent, area.width);
  const { start, end } = cellsIn(cells, area.extent);
  // One cell more at either side, so that lines run off the picture.
  const [from, to] = [Math.max(0, start - 1), Math.min(cells.size, end + 1)];
  const bundle = Math.max(1, Math.floor(1 / dx));
  const most = Math.ceil((to - from) / bundle);
  const columns = {
    x: new Float64Array(most),
    min: new Float64Array(most),
    max: new Float64Array(most),
    mean: new Float64Array(most),
  };
  let size = 0;
  for (let first = from - (from % bundle); first < to; first += bundle) {
    let [low, high, sum, count] = [Infinity, -Infinity, 0, 0];
    for (let i = Math.max(from, first); i < Math.min(to, first + bundle); i++) {
      const numbers = cells.count[i]!;
      if (!(numbers > 0)) continue;
      if (cells.min[i]! < low) low = cells.min[i]!;
      if (cells.max[i]! > high) high = cells.max[i]!;
      sum += cells.mean[i]! * numbers;
      count += numbers;
    }
    if (size >= most) break;
    columns.x[size] = x + dx * first;
    columns.min[size] = count > 0 ? low : Number.NaN;
    columns.max[size] = count > 0 ? high : Number.NaN;
    columns.mean[size] = count > 0 ? (bundle === 1 ? cells.mean[first]! : sum / count) : Number.NaN;
    size++;
  }
  return { ...columns, dx: dx * bundle, size };
}

function yOf({ y: [low, high], height }: SeriesArea): (value: number) => number {
  const scale = height / (high - low);
  // Far outside is still outside, and canvas coordinates stay small.
  return (value) => Math.max(-10 * height, Math.min(11 * height, (high - value) * scale));
}

function envelope(ctx: CanvasRenderingContext2D, area: SeriesArea, columns: Columns, color: string): void {
  const at = yOf(area);
  const isEmpty = (i: number): boolean => !(columns.max[i]! >= columns.min[i]!);
  // A narrow cell with nothing beside it would hardly be seen.
  for (const alone of [false, true]) {
    ctx.fillStyle = color;
    ctx.globalAlpha = alone ? 0.75 : 0.32;
    ctx.beginPath();
    const width = alone ? Math.max(2, columns.dx) : Math.max(1, columns.dx);
    for (let i = 0; i < columns.size; i++) {
      if (isEmpty(i) || alone !== (columns.dx < 4 && isEmpty(i - 1) && isEmpty(i + 1))) continue;
      const [top, bottom] = [at(columns.max[i]!), at(columns.min[i]!)];
      ctx.rect(columns.x[i]!, top, width, Math.max(1, bottom - top));
    }
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function means(ctx: CanvasRenderingContext2D, area: SeriesArea, columns: Columns, color: string): void {
  const at = yOf(area);
  const half = columns.dx / 2;
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  let isDown = false;
  for (let i = 0; i < columns.size; i++) {
    const mean = columns.mean[i]!;
    if (Number.isNaN(mean)) {
      isDown = false;
      continue;
    }
    const [x, y] = [columns.x[i]! + half, at(mean)];
    const isAlone = !isDown && (i + 1 === columns.size || Number.isNaN(columns.mean[i + 1]!));
    if (isAlone) {
      ctx.moveTo(x - Math.max(half, 1), y);
      ctx.lineTo(x + Math.max(half, 1), y);
    } else if (isDown) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    isDown = true;
  }
  ctx.stroke();
}

function points(
  ctx: CanvasRenderingContext2D,
  area: SeriesArea,
  columns: Columns,
  colors: SeriesColors,
): void {
  const at = yOf(area);
  const radius = Math.min(4, Math.max(1.8, columns.dx / 6));
  ctx.fillStyle = colors.line;
  ctx.strokeStyle = colors.surface;
  ctx.lineWidth = 1;
  for (let i = 0; i < columns.size; i++) {
    const mean = columns.mean[i]!;
    if (Number.isNaN(mean)) continue;
    ctx.beginPath();
    ctx.arc(columns.x[i]! + columns.dx / 2, at(mean), radius, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}
