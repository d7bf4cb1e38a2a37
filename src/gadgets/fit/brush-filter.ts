import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { DrawnFeature } from '../../protocol/fit-picture.ts';
import type { ColumnRef, Filter } from '../../protocol/query.ts';
import type { Rect } from './points-layer.ts';

const dayMs = 86_400_000;

/** Most rows a filter names one by one: it goes in the URL. */
export const mostNamedRows = 500;

/** Two features as axes, with their stored types. */
export interface BrushAxes {
  readonly x: DrawnFeature;
  readonly y: DrawnFeature;
  readonly type: (column: ColumnRef) => ColumnType | undefined;
}

/** A rectangle over two features as a filter on them: exact for every row, drawn or not. */
export function rectFilter(rect: Rect, { x, y, type }: BrushAxes): Filter {
  const parts = [rangeOf(x, rect.x, type(x.column))];
  if (y.column !== x.column) parts.push(rangeOf(y, rect.y, type(y.column)));
  return parts.length === 1 ? parts[0]! : { op: 'and', of: parts };
}

function rangeOf(feature: DrawnFeature, [low, high]: readonly [number, number], type?: ColumnType): Filter {
  const { column, categories } = feature;
  if (categories) return { op: 'in', column, values: categories.filter((_, at) => at >= low && at <= high) };
  const step = niceStep((high - low) / 500);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step;
  return { op: 'range', column, from: literalOf(from, type), to: literalOf(to, type) };
}

/** 10^k at most `size`: ends of a range are rounded to it, so that the URL stays short. */
function niceStep(size: number): number {
  return size > 0 && Number.isFinite(size) ? 10 ** Math.floor(Math.log10(size)) : 1;
}

/** A number on an axis as a literal of the column's type. */
export function literalOf(value: number, type: ColumnType | undefined): Literal {
  switch (type?.kind) {
    case 'date':
      return new Date(Math.round(value) * dayMs).toISOString().slice(0, 10);
    case 'timestamp':
      return new Date(Math.round(value)).toISOString();
    case 'int32':
    case 'int64':
      return Math.round(value);
    case 'decimal':
      return value.toFixed(type.scale);
    default:
      return Number(value.toPrecision(12));
  }
}

/** The rectangle a filter of {@link rectFilter} was made of; undefined for any other. */
export function filterRect(
  filter: Filter | undefined,
  { x, y }: Omit<BrushAxes, 'type'>,
  whole: Rect,
): Rect | undefined {
  if (!filter) return undefined;
  const parts = filter.op === 'and' ? filter.of : [filter];
  const xs = endsOf(
    parts.find((part) => 'column' in part && part.column === x.column),
    x,
  );
  const ys = endsOf(
    parts.find((part) => 'column' in part && part.column === y.column),
    y,
  );
  return xs || ys ? { x: xs ?? whole.x, y: ys ?? whole.y } : undefined;
}

function endsOf(filter: Filter | undefined, feature: DrawnFeature): [number, number] | undefined {
  if (filter?.op === 'in' && feature.categories) {
    const at = filter.values.map((value) => feature.categories!.indexOf(value)).filter((place) => place >= 0);
    return at.length === 0 ? undefined : [Math.min(...at) - 0.5, Math.max(...at) + 0.5];
  }
  if (filter?.op !== 'range') return undefined;
  const read = (end: Literal | undefined): number => {
    if (typeof end !== 'string') return Number(end);
    if (feature.kind === 'date') return Date.parse(end) / dayMs;
    return feature.kind === 'timestamp' ? Date.parse(end) : Number(end);
  };
  const ends: [number, number] = [read(filter.from), read(filter.to)];
  return ends.some(Number.isNaN) ? undefined : ends;
}

/** Positions of the points inside a rectangle. */
export function pointsIn(rect: Rect, xs: ArrayLike<number>, ys: ArrayLike<number>): number[] {
  const inside: number[] = [];
  for (let i = 0; i < xs.length; i++)
    if (xs[i]! >= rect.x[0] && xs[i]! <= rect.x[1] && ys[i]! >= rect.y[0] && ys[i]! <= rect.y[1])
      inside.push(i);
  return inside;
}

/** Rows by number; undefined when there are none or too many for a URL. */
export function rowsFilter(rows: readonly number[]): Filter | undefined {
  if (rows.length === 0 || rows.length > mostNamedRows) return undefined;
  return { op: 'in', column: '_row', values: [...rows].sort((a, b) => a - b) };
}
