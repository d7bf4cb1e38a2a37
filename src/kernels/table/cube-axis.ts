import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { CubeAxis } from './cube.ts';
import { doublesOf } from './numbers.ts';

/** Rows of a block that fall on the axis, and the bin of each. */
export interface BinnedRows {
  readonly rows: Uint16Array;
  readonly bins: Int32Array;
}

/** The rows under `mask` whose axis value lies in a bin; nulls and values beyond either end lie in none. */
export function binRows(axis: CubeAxis, data: ColumnData, mask: Uint8Array | undefined): BinnedRows {
  if (data.kind === 'text' || data.kind === 'bool')
    throw new ExaError('invalid', 'Only numbers, dates and times can be brushed.');
  const values = data.kind === 'int32' || data.kind === 'date' ? data.values : doublesOf(data);
  const rows = new Uint16Array(data.length);
  const bins = new Int32Array(data.length);
  const count =
    values instanceof Int32Array
      ? binInts(axis, values, mask, data.validity, rows, bins)
      : binDoubles(axis, values, mask, data.validity, rows, bins);
  return { rows: rows.subarray(0, count), bins: bins.subarray(0, count) };
}

function binInts(
  axis: CubeAxis,
  values: Int32Array,
  mask: Uint8Array | undefined,
  validity: Uint8Array | undefined,
  rows: Uint16Array,
  bins: Int32Array,
): number {
  const { from, width, bins: size } = axis;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const bin = Math.floor((values[i]! - from) / width);
    if (!(bin >= 0 && bin < size)) continue;
    if (validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    rows[count] = i;
    bins[count++] = bin;
  }
  return count;
}

function binDoubles(
  axis: CubeAxis,
  values: Float64Array,
  mask: Uint8Array | undefined,
  validity: Uint8Array | undefined,
  rows: Uint16Array,
  bins: Int32Array,
): number {
  const { from, width, bins: size } = axis;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const bin = Math.floor((values[i]! - from) / width);
    if (!(bin >= 0 && bin < size)) continue;
    if (validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    rows[count] = i;
    bins[count++] = bin;
  }
  return count;
}
