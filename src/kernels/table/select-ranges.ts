import type { ColumnData } from '../../arrow/column-data.ts';
import type { Literal } from '../../protocol/column.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { boundOf } from './bound.ts';

/** Values `[from, from + span)` of a plain column without nulls, `span` in `[0, 2^32)`. */
interface IntRange {
  readonly values: Int32Array;
  readonly from: number;
  readonly span: number;
}

/** Values `[from, to)` of one without nulls; an open lower end is −∞. */
interface DoubleRange {
  readonly values: Float64Array;
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
  const ints: IntRange[] = [];
  const doubles: DoubleRange[] = [];
  for (const leaf of where.op === 'and' ? where.of : [where]) {
    const range = rangeOf(leaf, input);
    if (!range) return undefined;
    if ('span' in range) ints.push(range);
    else doubles.push(range);
  }
  let count = 0;
  const [first, second, ...others] = ints;
  if (first) {
    count = second ? twoInts(first, second, input.length, room) : firstInts(first, input.length, room);
    for (const range of others) count = nextInts(range, count, room);
  } else {
    const range = doubles.shift();
    if (!range) return undefined;
    count = firstDoubles(range, input.length, room);
  }
  for (const range of doubles) count = nextDoubles(range, count, room);
  return room.subarray(0, count);
}

function rangeOf(leaf: FilterSpec, input: BlockInput): IntRange | DoubleRange | undefined {
  if (leaf.op !== 'range' || leaf.operand.op !== 'column') return undefined;
  const data: ColumnData | undefined = input.columns[leaf.operand.column];
  if (!data || data.validity || data.kind === 'decimal' || data.kind === 'text') return undefined;
  if (data.kind === 'bool' || data.kind === 'int64') return undefined;
  const { values } = data;
  if (leaf.to == null && values instanceof Float64Array) return undefined;
  const end = (literal: Literal | undefined, open: number): number =>
    literal == null ? open : Number(boundOf({ kind: data.kind }, literal).value);
  const from = end(leaf.from, Number.NEGATIVE_INFINITY);
  const to = end(leaf.to, Number.POSITIVE_INFINITY);
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  if (values instanceof Float64Array) return { values, from, to };
  const low = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, from));
  const span = Math.max(0, Math.min(2 ** 31, to) - Math.max(low, from));
  // A range over all of an int32 would not fit its span: the general way takes it.
  return span < 2 ** 32 ? { values, from: low, span } : undefined;
}

// The comparisons become numbers and every row is written: no branch to mispredict.

// An integer is within a range when its distance from the lower end, taken as unsigned, is below the span.

function firstInts({ values, from, span }: IntRange, length: number, room: Uint16Array): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    room[count] = i;
    count += +((values[i]! - from) >>> 0 < span);
  }
  return count;
}

function twoInts(one: IntRange, other: IntRange, length: number, room: Uint16Array): number {
  const [a, b] = [one.values, other.values];
  const [aFrom, bFrom] = [one.from, other.from];
  const [aSpan, bSpan] = [one.span, other.span];
  let count = 0;
  for (let i = 0; i < length; i++) {
    room[count] = i;
    count += +((a[i]! - aFrom) >>> 0 < aSpan) & +((b[i]! - bFrom) >>> 0 < bSpan);
  }
  return count;
}

function firstDoubles({ values, from, to }: DoubleRange, length: number, room: Uint16Array): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}

function nextInts({ values, from, span }: IntRange, before: number, room: Uint16Array): number {
  let count = 0;
  for (let n = 0; n < before; n++) {
    const i = room[n]!;
    room[count] = i;
    count += +((values[i]! - from) >>> 0 < span);
  }
  return count;
}

function nextDoubles({ values, from, to }: DoubleRange, before: number, room: Uint16Array): number {
  let count = 0;
  for (let n = 0; n < before; n++) {
    const i = room[n]!;
    const value = values[i]!;
    room[count] = i;
    count += +(value >= from) & +(value < to);
  }
  return count;
}
