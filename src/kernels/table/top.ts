import { concatColumns, takeRows } from '../../arrow/build-column.ts';
import { type ColumnData, byteSize as columnBytes } from '../../arrow/column-data.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { decodeColumns } from '../../arrow/read-columns.ts';
import { blockRows } from '../../protocol/column.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { TopSpec } from '../../protocol/kernel.ts';
import { rowColumn } from '../block.ts';
import type { Kernel } from '../kernel.ts';
import { evaluate } from './evaluate.ts';
import { maskOf } from './mask.ts';
import { comparePositions, orderKeyOf } from './order-key.ts';
import { matchingPositions, orderKeys, sortPositions } from './order-page.ts';

/** The first matching rows in an order, and how many match. All columns have one value a row of `rows`. */
export interface TopPartial {
  readonly kernel: 'top';
  /** Rows that match, exact; the partial keeps the first `limit` of them. */
  readonly matching: number;
  /** Their `_row`. */
  readonly rows: Float64Array;
  /** One a part of the spec's order. */
  readonly order: readonly ColumnData[];
  /** One a formula of the spec's `take`. */
  readonly take: readonly ColumnData[];
}

/** The kernel of a window of rows; its partials are small and exact, so any order of merging gives the same. */
export function topKernel(spec: TopSpec): Kernel<TopPartial> {
  const { order, take, limit } = spec;

  return {
    map(input) {
      const matching = matchingPositions(maskOf(spec.where, input, spec.columns), input.length);
      const keys = orderKeys(order, input, spec.columns);
      sortPositions(keys, matching);
      const first = matching.subarray(0, limit);
      const pick = (operand: TopSpec['take'][number]) =>
        takeRows(evaluate(operand, input, spec.columns), first);
      return {
        kernel: 'top',
        matching: matching.length,
        rows: Float64Array.from(first, (position) => input.block * blockRows + position),
        order: order.map(({ operand }) => pick(operand)),
        take: take.map(pick),
      };
    },
    merge(left, right) {
      const matching = left.matching + right.matching;
      if (right.rows.length === 0) return { ...left, matching };
      if (left.rows.length === 0) return { ...right, matching };
      const both = (l: readonly ColumnData[], r: readonly ColumnData[]) =>
        l.map((column, i) => concatColumns([column, r[i]!]));
      const rows = concatRows(left.rows, right.rows);
      const orderColumns = both(left.order, right.order);
      const keys = orderColumns.map((column, i) => orderKeyOf(column, order[i]!.descending));
      const split = left.rows.length;
      const chosen = new Int32Array(Math.min(limit, rows.length));
      let l = 0;
      let r = split;
      for (let i = 0; i < chosen.length; i++) {
        const leftFirst =
          r === rows.length || (l < split && (comparePositions(keys, l, r) || rows[l]! - rows[r]!) < 0);
        chosen[i] = leftFirst ? l++ : r++;
      }
      return {
        kernel: 'top',
        matching,
        rows: Float64Array.from(chosen, (i) => rows[i]!),
        order: orderColumns.map((column) => takeRows(column, chosen)),
        take: both(left.take, right.take).map((column) => takeRows(column, chosen)),
      };
    },
    // A last row, all null, carries the count where `_row` is.
    encode({ matching, rows, order, take }) {
      const count = rows.length;
      const indices = Int32Array.from({ length: count + 1 }, (_, i) => (i < count ? i : -1));
      const columns: Record<string, ColumnData> = {
        [rowColumn]: {
          kind: 'float64',
          length: count + 1,
          values: concatRows(rows, Float64Array.of(matching)),
        },
      };
      order.forEach((column, i) => {
        columns[`o${i}`] = takeRows(column, indices);
      });
      take.forEach((column, i) => {
        columns[`t${i}`] = takeRows(column, indices);
      });
      return encodeColumns(columns);
    },
    decode(bytes) {
      const columns = decodeColumns(bytes);
      const rows = columns[rowColumn];
      if (rows?.kind !== 'float64' || rows.length === 0) throw notTop();
      const count = rows.length - 1;
      const indices = Int32Array.from({ length: count }, (_, i) => i);
      const read = (name: string) => {
        const column = columns[name];
        if (!column) throw notTop();
        return takeRows(column, indices);
      };
      return {
        kernel: 'top',
        matching: rows.values[count]!,
        rows: rows.values.slice(0, count),
        order: order.map((_, i) => read(`o${i}`)),
        take: take.map((_, i) => read(`t${i}`)),
      };
    },
    byteSize({ rows, order, take }) {
      return [...order, ...take].reduce((sum, column) => sum + columnBytes(column), 64 + rows.byteLength);
    },
  };
}

function concatRows(left: Float64Array, right: Float64Array): Float64Array {
  const rows = new Float64Array(left.length + right.length);
  rows.set(left);
  rows.set(right, left.length);
  return rows;
}

function notTop(): ExaError {
  return new ExaError('corrupt', 'The rows received are not a window of rows.');
}
