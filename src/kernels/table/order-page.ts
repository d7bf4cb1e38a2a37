import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { TopSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { evaluate } from './evaluate.ts';
import { maskOf } from './mask.ts';
import {
  comparePositions,
  highWord,
  isMissing,
  isWide,
  lowWord,
  type OrderKey,
  orderKeyOf,
} from './order-key.ts';

/** What rows are ordered by: `[]` is arrival order. Ties, always, by `_row`. */
export type RowOrder = TopSpec['order'];

/** A block's matching rows in order, with what they are ordered by. */
export interface OrderedBlock {
  readonly block: number;
  /** Matching positions in order: the order page. */
  readonly positions: Uint16Array;
  readonly keys: readonly OrderKey[];
}

/** The keys of a block's rows in `order`. */
export function orderKeys(order: RowOrder, input: BlockInput, types: ColumnTypes): OrderKey[] {
  return order.map(({ operand, descending }) => orderKeyOf(evaluate(operand, input, types), descending));
}

/** A block's rows that match `where`, in `order`. */
export function orderBlock(
  spec: Pick<TopSpec, 'where' | 'order' | 'columns'>,
  input: BlockInput,
): OrderedBlock {
  const keys = orderKeys(spec.order, input, spec.columns);
  const positions = matchingPositions(maskOf(spec.where, input, spec.columns), input.length);
  sortPositions(keys, positions);
  return { block: input.block, positions, keys };
}

/** Positions whose byte in `mask` is not 0, ascending; all of them without a mask. */
export function matchingPositions(mask: Uint8Array | undefined, length: number): Uint16Array {
  const positions = new Uint16Array(length);
  if (!mask) {
    for (let i = 0; i < length; i++) positions[i] = i;
    return positions;
  }
  let count = 0;
  for (let i = 0; i < length; i++) {
    positions[count] = i;
    count += mask[i] === 0 ? 0 : 1;
  }
  return positions.slice(0, count);
}

/** Bits a pass of the radix sort looks at. */
const digitBits = 11;

/**
 * Sorts ascending `positions` in place, stably: by least significant digit first (Knuth, TAOCP vol. 3, 5.2.5), from the
 * last key to the first. Digits that are the same in all rows are skipped.
 */
export function sortPositions(keys: readonly OrderKey[], positions: Uint16Array): void {
  const count = positions.length;
  if (count < 2 || keys.length === 0) return;
  if (count <= 64) {
    // Positions break ties: the sort must not depend on the engine's.
    positions.sort((a, b) => comparePositions(keys, a, b) || a - b);
    return;
  }
  const scratch = new Uint16Array(count);
  const words = new Uint32Array(65_536);
  for (const key of [...keys].reverse()) {
    if (isWide(key)) {
      fillWords(words, key, 'low', positions);
      radix(words, positions, scratch);
    }
    fillWords(words, key, 'high', positions);
    radix(words, positions, scratch);
    if (key.validity) nullsLast(key, positions, scratch);
  }
}

/** Each position's word by position, inverted where the order is descending; loops by kind, for speed. */
function fillWords(words: Uint32Array, key: OrderKey, half: 'high' | 'low', positions: Uint16Array): void {
  fillPresent(words, key, half, positions);
  if (!key.validity) return;
  // What lies under a null is anything: it must not disturb the order that other keys have made.
  for (let i = 0; i < positions.length; i++) if (isMissing(key, positions[i]!)) words[positions[i]!] = 0;
}

function fillPresent(words: Uint32Array, key: OrderKey, half: 'high' | 'low', positions: Uint16Array): void {
  const flip = key.descending ? 0xffffffff : 0;
  const source = key.words;
  if (key.kind === 'double' && source instanceof Int32Array)
    fillDoubles(words, source, half, flip, positions);
  else if (key.kind === 'int' && source instanceof Int32Array)
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]!;
      words[position] = source[position]! ^ 0x80000000 ^ flip;
    }
  else {
    const word = half === 'high' ? highWord : lowWord;
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]!;
      words[position] = word(key, position) ^ flip;
    }
  }
}

/** As `highWord` and `lowWord` give them: negative numbers inverted, NaN one value above +∞. */
function fillDoubles(
  words: Uint32Array,
  source: Int32Array,
  half: 'high' | 'low',
  flip: number,
  positions: Uint16Array,
): void {
  const isHigh = half === 'high';
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    const high = source[2 * position + 1]!;
    const low = source[2 * position]!;
    const magnitude = high & 0x7fffffff;
    let word = isHigh ? (high < 0 ? ~high : high ^ 0x80000000) : high < 0 ? ~low : low;
    if (magnitude > 0x7ff00000 || (magnitude === 0x7ff00000 && low !== 0)) word = isHigh ? 0xfff80000 : 0;
    words[position] = word ^ flip;
  }
}

function radix(words: Uint32Array, positions: Uint16Array, scratch: Uint16Array): void {
  const count = positions.length;
  let from = positions;
  let to = scratch;
  for (let shift = 0; shift < 32; shift += digitBits) {
    const mask = (1 << digitBits) - 1;
    const starts = new Uint32Array(mask + 2);
    for (let i = 0; i < count; i++) starts[((words[from[i]!]! >>> shift) & mask) + 1]!++;
    if (starts[((words[from[0]!]! >>> shift) & mask) + 1] === count) continue;
    for (let digit = 1; digit <= mask; digit++) starts[digit]! += starts[digit - 1]!;
    for (let i = 0; i < count; i++) {
      const position = from[i]!;
      to[starts[(words[position]! >>> shift) & mask]!++] = position;
    }
    [from, to] = [to, from];
  }
  if (from !== positions) positions.set(from);
}

function nullsLast(key: OrderKey, positions: Uint16Array, scratch: Uint16Array): void {
  let present = 0;
  let missing = 0;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    if (isMissing(key, position)) scratch[missing++] = position;
    else positions[present++] = position;
  }
  positions.set(scratch.subarray(0, missing), present);
}

/**
 * An order page after some rows of its block changed: `changed` are their positions (any order, none twice), `keys` and
 * `mask` those of the block as it is now. Costs the block's length and the sort of what changed.
 */
export function repairOrder(
  page: Uint16Array,
  changed: ArrayLike<number>,
  keys: readonly OrderKey[],
  mask: Uint8Array | undefined,
): Uint16Array {
  const touched = new Uint8Array(65_536);
  for (let i = 0; i < changed.length; i++) touched[changed[i]!] = 1;
  const stayed = page.filter((position) => touched[position] === 0);
  const moved = Uint16Array.from(changed)
    .filter((position) => mask === undefined || mask[position] === 1)
    .sort();
  sortPositions(keys, moved);
  const merged = new Uint16Array(stayed.length + moved.length);
  let left = 0;
  let right = 0;
  for (let i = 0; i < merged.length; i++) {
    const a = stayed[left];
    const b = moved[right];
    if (b === undefined || (a !== undefined && (comparePositions(keys, a, b) || a - b) < 0)) {
      merged[i] = a!;
      left++;
    } else {
      merged[i] = b;
      right++;
    }
  }
  return merged;
}
