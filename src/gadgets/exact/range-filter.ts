import type { Filter } from '../../protocol/query.ts';
import type { FilterGroup } from '../filter-group/group.ts';
import type { IndexRange } from './extent.ts';

/** How filters name the axes of an array, and its values. */
export const axisColumns = ['_row', '_column'] as const;
const valueColumn = '_value';

/** The filter of a range of elements along an axis; ends are decimal text, exact. */
export function indexFilter(axis: number, { start, end }: IndexRange): Filter {
  return { op: 'range', column: axisColumns[axis] ?? `_axis${axis}`, from: String(start), to: String(end) };
}

/** The filter of a range of values `[from, to)`. */
export function valueFilter(from: number, to: number): Filter {
  return { op: 'range', column: valueColumn, from, to };
}

/** The range that gadgets other than `excluded` chose along an axis of an array: the newest one, not cut with others. */
export function indexRangeOf(
  group: FilterGroup | undefined,
  array: string | undefined,
  axis: number,
  excluded?: string,
): IndexRange | undefined {
  const found = rangesOf(group, array, axisColumns[axis] ?? `_axis${axis}`, excluded)[0];
  if (!found || !/^\d{1,20}$/.test(String(found.from)) || !/^\d{1,20}$/.test(String(found.to)))
    return undefined;
  const range = { start: BigInt(String(found.from)), end: BigInt(String(found.to)) };
  return range.start < range.end ? range : undefined;
}

/** The range of values that gadgets other than `excluded` chose of an array. */
export function valueRangeOf(
  group: FilterGroup | undefined,
  array: string | undefined,
  excluded?: string,
): readonly [number, number] | undefined {
  const found = rangesOf(group, array, valueColumn, excluded)[0];
  const [from, to] = [Number(found?.from), Number(found?.to)];
  return from < to ? [from, to] : undefined;
}

function rangesOf(
  group: FilterGroup | undefined,
  array: string | undefined,
  column: string,
  excluded: string | undefined,
) {
  return Object.entries(group?.filters ?? {}).flatMap(([id, { dataset, filter }]) =>
    id !== excluded && dataset === array && filter.op === 'range' && filter.column === column ? [filter] : [],
  );
}
