import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { evaluate } from './evaluate.ts';
import { narrowLeaf } from './mask-leaf.ts';

/**
 * Which rows of a block match: one byte a row, deleted rows 0; undefined when all do and none is deleted.
 * Nulls match only where `null` is among an `in`'s values, also under `not`. Ranges are `[from, to)` in the order of
 * `compareText` for texts, with −0 equal to +0 and NaN after +∞ for numbers; decimals compare exactly.
 * The result may be the block's own `live`: do not write to it. It lies in `room` where given, which has a byte a row or more.
 */
export function maskOf(
  where: FilterSpec | undefined,
  input: BlockInput,
  types: ColumnTypes,
  room?: Uint8Array,
): Uint8Array | undefined {
  if (!where) return input.live;
  const mask = room ? room.subarray(0, input.length) : new Uint8Array(input.length);
  if (input.live) mask.set(input.live.subarray(0, input.length));
  else mask.fill(1);
  narrow(where, false, mask, input, types);
  return mask;
}

/**
 * Clears in `mask` the rows where `where` (or its contrary) is not true. `not` is pushed down to the leaves, where an
 * unknown counts as not true either way: with only `and` and `or` above, that is three-valued logic.
 */
function narrow(
  where: FilterSpec,
  contrary: boolean,
  mask: Uint8Array,
  input: BlockInput,
  types: ColumnTypes,
): void {
  if (where.op === 'not') {
    narrow(where.of, !contrary, mask, input, types);
    return;
  }
  if ('operand' in where) {
    narrowLeaf(where, contrary, mask, evaluate(where.operand, input, types));
    return;
  }
  if ((where.op === 'and') !== contrary) {
    for (const part of where.of) narrow(part, contrary, mask, input, types);
    return;
  }
  const union = new Uint8Array(mask.length);
  for (const part of where.of) {
    const branch = mask.slice();
    narrow(part, contrary, branch, input, types);
    for (let i = 0; i < union.length; i++) union[i]! |= branch[i]!;
  }
  mask.set(union);
}
