import { parts } from '../exact/extent.ts';

/** One axis of a scrolled grid: positions are in `parts` of a row or column, exact at any size. */
export interface ScrollAxis {
  /** Rows or columns there are. */
  readonly size: bigint;
  /** CSS px of one, and of what is seen. */
  readonly itemPx: number;
  readonly viewPx: number;
}

/** Items `[start, end)` that are seen, the first moved up by `cutPx`. */
export interface ShownItems {
  readonly start: bigint;
  readonly end: bigint;
  readonly cutPx: number;
}

/** Last position there is: its end stands at the end of the view. */
export function lastPosition({ size, itemPx, viewPx }: ScrollAxis): bigint {
  const last = size * parts - partsOf(viewPx, itemPx);
  return last > 0n ? last : 0n;
}

export function clampPosition(position: bigint, axis: ScrollAxis): bigint {
  const last = lastPosition(axis);
  return position < 0n ? 0n : position > last ? last : position;
}

/** The position `px` further on. */
export function scrolledBy(position: bigint, px: number, axis: ScrollAxis): bigint {
  return clampPosition(position + partsOf(px, axis.itemPx), axis);
}

export function shownItems(position: bigint, axis: ScrollAxis): ShownItems {
  const start = position / parts;
  const cutPx = (Number(position % parts) / Number(parts)) * axis.itemPx;
  const end = start + BigInt(Math.max(0, Math.ceil((axis.viewPx + cutPx) / axis.itemPx)));
  return { start, end: end < axis.size ? end : axis.size, cutPx };
}

/** The nearest position at which item `index` is seen whole. */
export function revealed(index: bigint, position: bigint, axis: ScrollAxis): bigint {
  const top = index * parts;
  const bottom = top + parts - partsOf(axis.viewPx, axis.itemPx);
  if (top < position) return clampPosition(top, axis);
  return clampPosition(bottom > position ? bottom : position, axis);
}

/** The position that has item `index` in the middle. */
export function centred(index: bigint, axis: ScrollAxis): bigint {
  return clampPosition(index * parts + parts / 2n - partsOf(axis.viewPx, axis.itemPx) / 2n, axis);
}

/** How far down a position is, `[0, 1]`. */
export function shareOf(position: bigint, axis: ScrollAxis): number {
  const last = lastPosition(axis);
  return last === 0n ? 0 : Number(position) / Number(last);
}

/** The position at a share of the way, which ends exactly at the end. */
export function positionOf(share: number, axis: ScrollAxis): bigint {
  if (share >= 1) return lastPosition(axis);
  if (!(share > 0)) return 0n;
  return (lastPosition(axis) * BigInt(Math.round(share * 2 ** 40))) >> 40n;
}

function partsOf(px: number, itemPx: number): bigint {
  return BigInt(Math.round((px / itemPx) * Number(parts)));
}
