import type { ColumnData } from '../../arrow/column-data.ts';
import { blockRows } from '../../protocol/column.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { AggregateSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { binIndex } from './bins.ts';
import type { Selection } from './key-codes.ts';
import { spanOfDoubles, spanOfInts } from './span.ts';

/** Rows and sums of every code of one key, and what the codes mean. */
export interface Fused {
  readonly counts: Float64Array;
  /** Of the spec's one sum of doubles, in row order; undefined when it has none. */
  readonly sums: Float64Array | undefined;
  take(codes: ArrayLike<number>): ColumnData;
}

/** Codes a block may have; above, the general way is as quick. */
const maxCodes = 1 << 14;

const everyRow = Uint16Array.from({ length: blockRows }, (_, row) => row);
const tables = new Int32Array(maxCodes);
const noSums = new Float64Array(blockRows);

/**
 * What brushing asks most: one key that is a small integer, its bins, or bins of a double, counted and at most one
 * sum of doubles, nothing of it null. One loop codes, counts and adds, in row order as the algebra fixes it.
 * Undefined for anything else: then the general way gives the same bits.
 */
export function fused(spec: AggregateSpec, input: BlockInput, rows: Selection): Fused | undefined {
  const [group, second] = spec.groupBy;
  if (!group || second || group.by === 'time' || input.length > blockRows) return undefined;
  const key = plain(group.operand, input);
  if (!key) return undefined;
  let addends: Float64Array | undefined;
  let summed: Formula | undefined;
  for (const state of spec.states) {
    if (state.state === 'rows') continue;
    const data = plain(state.operand, input);
    if (!data || (state.state !== 'count' && state.state !== 'sum')) return undefined;
    if (state.state === 'count') continue;
    if (data.kind !== 'float64' || (summed && summed !== state.operand)) return undefined;
    summed = state.operand;
    addends = data.values;
  }
  const chosen = rows ?? everyRow.subarray(0, input.length);
  const values = addends ?? noSums;
  const done = (counts: Int32Array, sums: Float64Array, take: Fused['take']): Fused => ({
    counts: new Float64Array(counts),
    sums: addends && sums,
    take,
  });

  if (key.kind === 'int32' || key.kind === 'date') {
    const { low, high } = spanOfInts(key.values);
    if (!(high - low < maxCodes)) return undefined;
    if (group.by === 'value') {
      const size = high - low + 1;
      const [counts, sums] = [new Int32Array(size), new Float64Array(size)];
      addByOffset(key.values, low, chosen, values, counts, sums);
      return done(counts, sums, (codes) => {
        const values = new Int32Array(codes.length);
        for (let i = 0; i < values.length; i++) values[i] = codes[i]! + low;
        return { kind: key.kind, length: values.length, values };
      });
    }
    const { origin, width } = group;
    if (!isBin(origin, width)) return undefined;
    const first = binIndex(low, origin, width);
    const size = binIndex(high, origin, width) - first + 1;
    if (!(size <= maxCodes)) return undefined;
    for (let value = low; value <= high; value++)
      tables[value - low] = binIndex(value, origin, width) - first;
    const [counts, sums] = [new Int32Array(size), new Float64Array(size)];
    addByTable(key.values, low, chosen, values, counts, sums);
    return done(counts, sums, (codes) => binsFrom(codes, first));
  }
  if (key.kind !== 'float64' || group.by !== 'number' || !isBin(group.origin, group.width)) return undefined;
  const { origin, width } = group;
  const { low, high } = spanOfDoubles(key.values);
  const first = binIndex(low, origin, width);
  const size = binIndex(high, origin, width) - first + 1;
  if (!(size > 0 && size <= maxCodes)) return undefined;
  const [counts, sums] = [new Int32Array(size), new Float64Array(size)];
  addByBin(key.values, origin, width, first, chosen, values, counts, sums);
  return done(counts, sums, (codes) => binsFrom(codes, first));
}

/** A stored column without nulls. */
function plain(operand: Formula, input: BlockInput): ColumnData | undefined {
  const data = operand.op === 'column' ? input.columns[operand.column] : undefined;
  return data?.validity ? undefined : data;
}

function isBin(origin: number, width: number): boolean {
  return width > 0 && Number.isFinite(width) && Number.isFinite(origin);
}

function binsFrom(codes: ArrayLike<number>, first: number): ColumnData {
  const values = new Float64Array(codes.length);
  for (let i = 0; i < values.length; i++) values[i] = codes[i]! + first;
  return { kind: 'float64', length: values.length, values };
}

// One loop a kind of array, as an access that has seen two kinds may be more than one instruction; and four rows a step, all
// read before anything is written, so that no reading waits for what was just written.

/** Counts four codes and adds their addends, in order: they are numbers already when the first is written. */
function addFour(
  a: number,
  b: number,
  c: number,
  d: number,
  ofA: number,
  ofB: number,
  ofC: number,
  ofD: number,
  counts: Int32Array,
  sums: Float64Array,
): void {
  counts[a]!++;
  sums[a]! += ofA;
  counts[b]!++;
  sums[b]! += ofB;
  counts[c]!++;
  sums[c]! += ofC;
  counts[d]!++;
  sums[d]! += ofD;
}

function addByOffset(
  keys: Int32Array,
  low: number,
  rows: Uint16Array,
  addends: Float64Array,
  counts: Int32Array,
  sums: Float64Array,
): void {
  const fours = rows.length & ~3;
  let n = 0;
  for (; n < fours; n += 4) {
    const i = rows[n]!;
    const j = rows[n + 1]!;
    const k = rows[n + 2]!;
    const l = rows[n + 3]!;
    const a = (keys[i]! - low) | 0;
    const b = (keys[j]! - low) | 0;
    const c = (keys[k]! - low) | 0;
    const d = (keys[l]! - low) | 0;
    addFour(a, b, c, d, addends[i]!, addends[j]!, addends[k]!, addends[l]!, counts, sums);
  }
  for (; n < rows.length; n++) {
    const i = rows[n]!;
    const a = (keys[i]! - low) | 0;
    counts[a]!++;
    sums[a]! += addends[i]!;
  }
}

function addByTable(
  keys: Int32Array,
  low: number,
  rows: Uint16Array,
  addends: Float64Array,
  counts: Int32Array,
  sums: Float64Array,
): void {
  const fours = rows.length & ~3;
  let n = 0;
  for (; n < fours; n += 4) {
    const i = rows[n]!;
    const j = rows[n + 1]!;
    const k = rows[n + 2]!;
    const l = rows[n + 3]!;
    const a = tables[(keys[i]! - low) | 0]!;
    const b = tables[(keys[j]! - low) | 0]!;
    const c = tables[(keys[k]! - low) | 0]!;
    const d = tables[(keys[l]! - low) | 0]!;
    addFour(a, b, c, d, addends[i]!, addends[j]!, addends[k]!, addends[l]!, counts, sums);
  }
  for (; n < rows.length; n++) {
    const i = rows[n]!;
    const a = tables[(keys[i]! - low) | 0]!;
    counts[a]!++;
    sums[a]! += addends[i]!;
  }
}

function addByBin(
  keys: Float64Array,
  origin: number,
  width: number,
  first: number,
  rows: Uint16Array,
  addends: Float64Array,
  counts: Int32Array,
  sums: Float64Array,
): void {
  const fours = rows.length & ~3;
  let n = 0;
  for (; n < fours; n += 4) {
    const i = rows[n]!;
    const j = rows[n + 1]!;
    const k = rows[n + 2]!;
    const l = rows[n + 3]!;
    const a = (Math.floor((keys[i]! - origin) / width) - first) | 0;
    const b = (Math.floor((keys[j]! - origin) / width) - first) | 0;
    const c = (Math.floor((keys[k]! - origin) / width) - first) | 0;
    const d = (Math.floor((keys[l]! - origin) / width) - first) | 0;
    addFour(a, b, c, d, addends[i]!, addends[j]!, addends[k]!, addends[l]!, counts, sums);
  }
  for (; n < rows.length; n++) {
    const i = rows[n]!;
    const a = (Math.floor((keys[i]! - origin) / width) - first) | 0;
    counts[a]!++;
    sums[a]! += addends[i]!;
  }
}
