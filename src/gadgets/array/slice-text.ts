import { msg, str } from '@lit/localize';
import { ExaError } from '../../protocol/errors.ts';
import type { IndexRange } from '../exact/extent.ts';
import { parseIndex } from '../exact/index-text.ts';

/** A part of an array along each axis; `isOne` where a single index was written. */
export interface SlicePart extends IndexRange {
  readonly isOne: boolean;
}

/**
 * An index expression as in NumPy's brackets, of indices and slices without a step: `0:1e12, 0`, `-1000:`, `..., 3`. Axes
 * left out are whole. Throws {@link ExaError} `invalid` with a sentence.
 */
export function parseSlice(text: string, shape: readonly bigint[]): readonly SlicePart[] {
  const plain = text.trim().replace(/^\[|\]$/g, '');
  const items = plain === '' ? [] : plain.split(',').map((item) => item.trim());
  const dots = items.filter((item) => item === '...' || item === '…').length;
  if (dots > 1) throw wrong(msg('An index has one “...” at most.'));
  if (items.length - dots > shape.length)
    throw wrong(
      msg(str`${items.length - dots} indices for an array of ${shape.length} axes: leave some out.`),
    );
  const spread = items.flatMap((item) =>
    item === '...' || item === '…' ? Array<string>(shape.length - items.length + 1).fill(':') : [item],
  );
  return shape.map((size, axis) => partOf(spread[axis] ?? ':', size));
}

function partOf(item: string, size: bigint): SlicePart {
  const bounds = item.split(':').map((bound) => bound.trim());
  if (bounds.length > 2 && bounds[2] !== '' && bounds[2] !== '1')
    throw wrong(msg(str`“${item}”: what is shown has no step. Leave it out.`));
  if (bounds.length > 3) throw wrong(msg(str`“${item}” is no slice: write start:stop.`));
  if (bounds.length === 1) {
    const start = parseIndex(item, size);
    return { start, end: start + 1n, isOne: true };
  }
  const start = bounds[0] ? boundOf(bounds[0], size) : 0n;
  const end = bounds[1] ? boundOf(bounds[1], size) : size;
  if (end <= start) throw wrong(msg(str`“${item}” is empty: its stop is not after its start.`));
  return { start, end, isOne: false };
}

/** As NumPy cuts a bound to the axis. */
function boundOf(text: string, size: bigint): bigint {
  const most = 10n ** 60n;
  const isNegative = /^[-−–]/.test(text);
  const value = parseIndex(text.replace(/^[-−–]/, ''), most);
  const at = isNegative ? size - value : value;
  return at < 0n ? 0n : at > size ? size : at;
}

/** A part as it is written: `0:1000000000000, 0`. */
export function printSlice(parts: readonly SlicePart[], shape: readonly bigint[]): string {
  return parts
    .map(({ start, end, isOne }, axis) =>
      isOne ? String(start) : start === 0n && end === shape[axis] ? ':' : `${start}:${end}`,
    )
    .join(', ');
}

function wrong(sentence: string): ExaError {
  return new ExaError('invalid', sentence);
}
