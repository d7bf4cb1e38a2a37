import type { ColumnData } from '../../arrow/column-data.ts';
import { doublesFromInt64 } from '../../arrow/words.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { StateSpec } from '../../protocol/kernel.ts';
import { carry, grown } from './cube-cells.ts';
import { countCells, sumDoublesInto, sumIntsInto, sumWordsInto } from './cube-loops.ts';
import { pairsColumn } from './cube-pairs-column.ts';
import { type CubeColumn, type CubeRows, validRows } from './cube-rows.ts';
import { doublesOf, maxExact } from './numbers.ts';
import type { StateData } from './partial.ts';

/** An empty column for `state`, along an axis of `bins`; `empty` is its form in a partial. */
export function cubeColumn(state: StateSpec, empty: StateData, bins: number): CubeColumn {
  switch (empty.state) {
    case 'rows':
      return { add: () => {}, state: () => ({ state: 'rows' }) };
    case 'count':
      return countColumn();
    case 'exact':
      return exactColumn(bins);
    case 'float':
      return floatColumn();
    case 'moments':
      return momentsColumn();
    case 'minmax':
      return empty.min.kind === 'text' ? pairsColumn('minmax', empty.min) : extremesColumn(empty.min);
    case 'bag':
      return pairsColumn(state.state === 'values' ? 'values' : 'distinct', empty.bag.values);
  }
}

/** Counts rows that are not null; until a null is seen they are the cube's rows. */
function validCounter() {
  let count: Int32Array<ArrayBuffer> | undefined;
  return {
    /** The rows of these that are not null. */
    add(taken: CubeRows): Pick<CubeRows, 'rows' | 'cells'> {
      const { rows, cells, data, size, before } = taken;
      const { validity } = data;
      if (!validity && !count) return taken;
      if (!count) {
        count = grown(new Int32Array(0), size);
        count.set(before.subarray(0, size));
        countCells(cells, count, -1);
      }
      count = grown(count, size);
      const valid = validity ? validRows(rows, cells, validity) : taken;
      countCells(valid.cells, count, 1);
      return valid;
    },
    state: (size: number) => (count ? grown(count, size).subarray(0, size) : undefined),
  };
}

function countColumn(): CubeColumn {
  const counter = validCounter();
  return {
    add: (taken) => void counter.add(taken),
    state: (size) => ({ state: 'count', count: counter.state(size) }),
  };
}

function floatColumn(): CubeColumn {
  const counter = validCounter();
  let sum = new Float64Array(0);
  return {
    add(taken) {
      const { rows, cells } = counter.add(taken);
      sum = grown(sum, taken.size);
      if (taken.data.kind !== 'float64') throw mixed();
      sumDoublesInto(taken.data.values, rows, cells, sum);
    },
    state: (size) => ({
      state: 'float',
      count: counter.state(size),
      sum: grown(sum, size).subarray(0, size),
    }),
  };
}

function momentsColumn(): CubeColumn {
  let count = new Int32Array(0);
  let mean = new Float64Array(0);
  let m2 = new Float64Array(0);
  return {
    add({ rows, cells, data, size }) {
      count = grown(count, size);
      mean = grown(mean, size);
      m2 = grown(m2, size);
      const valid = data.validity ? validRows(rows, cells, data.validity) : { rows, cells };
      const values = doublesOf(data);
      const [counts, means, squares] = [count, mean, m2];
      // One pass (Welford 1962): a cell's rows are spread over many blocks.
      for (let n = 0; n < valid.rows.length; n++) {
        const cell = valid.cells[n]!;
        const value = values[valid.rows[n]!]!;
        const rowsOfCell = counts[cell]! + 1;
        counts[cell] = rowsOfCell;
        const difference = value - means[cell]!;
        means[cell]! += difference / rowsOfCell;
        squares[cell]! += difference * (value - means[cell]!);
      }
    },
    state: (size) => ({
      state: 'moments',
      count: grown(count, size).subarray(0, size),
      mean: grown(mean, size).subarray(0, size),
      m2: grown(m2, size).subarray(0, size),
    }),
  };
}

function extremesColumn(type: ColumnData): CubeColumn {
  const counter = validCounter();
  let min = new Float64Array(0);
  let max = new Float64Array(0);
  let filled = 0;
  return {
    add(taken) {
      const { rows, cells } = counter.add(taken);
      min = grown(min, taken.size);
      max = grown(max, taken.size);
      min.fill(Number.POSITIVE_INFINITY, filled);
      max.fill(Number.NEGATIVE_INFINITY, filled);
      filled = min.length;
      const values = extremeDoubles(taken.data);
      const [least, greatest] = [min, max];
      for (let n = 0; n < rows.length; n++) {
        const cell = cells[n]!;
        const value = values[rows[n]!]!;
        // Math.min and Math.max put −0 before +0 and keep NaN.
        least[cell] = Math.min(least[cell]!, value);
        greatest[cell] = Math.max(greatest[cell]!, value);
      }
    },
    state(size) {
      min = grown(min, size).fill(Number.POSITIVE_INFINITY, filled);
      max = grown(max, size).fill(Number.NEGATIVE_INFINITY, filled);
      return {
        state: 'extremes',
        count: counter.state(size),
        min: min.subarray(0, size),
        max: max.subarray(0, size),
        type,
      };
    },
  };
}

/** Values as they are stored (decimals unscaled), in exact doubles. */
function extremeDoubles(data: ColumnData): Float64Array | Int32Array | Uint8Array {
  if (data.kind === 'text') throw mixed();
  if (data.kind !== 'int64' && data.kind !== 'decimal') return data.values;
  const words = new Int32Array(data.values.buffer, data.values.byteOffset, 2 * data.length);
  for (let i = 1; i < words.length; i += 2)
    if (words[i]! >= 2 ** 21 || words[i]! < -(2 ** 21))
      throw new ExaError('refused', 'These numbers are too large for extremes to follow the pointer.');
  return doublesFromInt64(data.values);
}

function exactColumn(bins: number): CubeColumn {
  const counter = validCounter();
  let low = new Float64Array(0);
  let high: Float64Array<ArrayBuffer> | undefined;
  let bound = 0;

  /** Makes sure that adding `more` in absolute values keeps every sum of lows exact. */
  function reserve(more: number): void {
    if (bound + more > maxExact) {
      high = grown(high ?? new Float64Array(0), low.length);
      carry(low, high);
      bound = bins * 2 ** 32;
    }
    bound += more;
  }

  return {
    add(taken) {
      const { rows, cells } = counter.add(taken);
      const { data, size } = taken;
      low = grown(low, size);
      if (high) high = grown(high, size);
      if (data.kind === 'int32') {
        reserve(rows.length * 2 ** 31);
        sumIntsInto(data.values, rows, cells, low);
        return;
      }
      if (data.kind !== 'int64' && data.kind !== 'decimal') throw mixed();
      const words = new Int32Array(data.values.buffer, data.values.byteOffset, 2 * data.length);
      let extreme = 0;
      for (let n = 0; n < rows.length; n++) {
        const top = words[2 * rows[n]! + 1]!;
        const size32 = top < 0 ? ~top : top;
        if (size32 > extreme) extreme = size32;
      }
      const most = (extreme + 1) * 2 ** 32;
      if (rows.length * most <= maxExact / 2) {
        reserve(rows.length * most);
        sumDoublesInto(doublesFromInt64(data.values), rows, cells, low);
        return;
      }
      reserve(rows.length * 2 ** 32);
      high = grown(high ?? new Float64Array(0), low.length);
      sumWordsInto(words, rows, cells, low, high);
    },
    state: (size) => ({
      state: 'exact',
      count: counter.state(size),
      low: grown(low, size).subarray(0, size),
      high: high && grown(high, size).subarray(0, size),
      bound,
    }),
  };
}

function mixed(): ExaError {
  return new ExaError('broken', 'A sum was given values of another type in one of its blocks.');
}
