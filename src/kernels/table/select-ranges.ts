import type { ColumnData } from '../../arrow/column-data.ts';
import type { Literal } from '../../protocol/column.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { boundOf } from './bound.ts';

/** A range on a plain column without nulls; an open end is infinite. */
interface Range {
  readonly values: Int32Array | Float64Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Rows within every range of a filter that is nothing but ranges on 32-bit or floating columns without nulls (floating
 * ones with an upper end, as NaN comes after +∞), of a block without deleted rows: what brushing asks. The first range looks at all rows, the next ones only at
 * those left. Undefined for any other filter. The result is in `room`.
 */
export function selectRanges(
  where: FilterSpec | undefined,
  input: BlockInput,
  room: Uint16Array,
): Uint16Array | undefined {
  if (!where || input.live || input.length > room.length) return undefined;
  const ranges: Range[] = [];
  for (const leaf of where.op === 'and' ? where.of : [where]) {
    const range = rangeOf(leaf, input);
    if (!range) return undefined;
    ranges.push(range);
  }
  const [first, ...rest] = ranges;
  if (!first) return undefined;
  let count =
    first.values instanceof Int32Array
      ? firstInts(first.values, first.from, first.to, input.length, room)
      : firstDoubles(first.values, first.from, first.to, input.length, room);
  for (const { values, from, to } of rest)
    count =
      values instanceof Int32Array
        ? nextInts(values, from, to, count, room)
        : nextDoubles(values, from, to, count, room);
  return room.subarray(0, count);
}

function rangeOf(leaf: FilterSpec, input: BlockInput): Range | undefined {
  if (leaf.op !== 'range' || leaf.operand.op !== 'column') return undefined;
  const data: ColumnData | undefined = input.columns[leaf.operand.column];
  if (!data || data.validity || data.kind === 'decimal' || data.kind === 'text') return undefined;
  if (data.kind === 'bool' || data.kind === 'int64') return undefined;
  if (leaf.to == null && data.values instanceof Float64Array) return undefined;
  const end = (literal: Literal | undefined, open: number): number =>
    literal == null ? open : Number(boundOf({ kind: data.kind }, literal).value);
  const from = end(leaf.from, Number.NEGATIVE_INFINITY);
  const to = end(leaf.to, Number.POSITIVE_INFINITY);
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : { values: data.values, from, to };
}

// The comparisons become numbers and every row is written: no branch to mispredict.

function firstInts(values: Int32Array, from: number, to: number, length: number, room: Uint16Array): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}

function firstDoubles(
  values: Float64Array,
  from: number,
  to: number,
  length: number,
  room: Uint16Array,
): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}

function nextInts(values: Int32Array, from: number, to: number, before: number, room: Uint16Array): number {
  let count = 0;
  for (let n = 0; n < before; n++) {
    const i = room[n]!;
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}

function nextDoubles(
  values: Float64Array,
  from: number,
  to: number,
  before: number,
  room: Uint16Array,
): number {
  let count = 0;
  for (let n = 0; n < before; n++) {
    const i = room[n]!;
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}
