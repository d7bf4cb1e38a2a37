/**
 * Maps a scroll bar to more rows than browsers can be tall (they stop near 17,895,700 px). The canvas is at most
 * `maxCanvasPx`; short moves scroll rows 1 : 1, long ones jump in proportion. Positions are px, exact below 2^53.
 */
export interface ScrollScale {
  /** Height of all rows. */
  readonly fullPx: number;
  readonly canvasPx: number;
  readonly viewPx: number;
}

/** Where a grid is: the scroll bar's position, and the px of all rows that are above the view. */
export interface ScrollPlace {
  readonly scrollTop: number;
  readonly abovePx: number;
}

/** Less than half of the smallest limit among browsers (Firefox). */
export const maxCanvasPx = 8_000_000;

/** Moves up to this are local: some 450 rows of 36 px. */
export const localPx = 16_500;

export function scaleOf(rows: number, rowPx: number, viewPx: number): ScrollScale {
  const fullPx = rows * rowPx;
  return { fullPx, canvasPx: Math.min(fullPx, maxCanvasPx), viewPx };
}

/** The place after the scroll bar moved to `scrollTop`. */
export function scrolledTo(scale: ScrollScale, from: ScrollPlace, scrollTop: number): ScrollPlace {
  const last = Math.max(0, scale.fullPx - scale.viewPx);
  const lastTop = Math.max(0, scale.canvasPx - scale.viewPx);
  if (scale.fullPx <= scale.canvasPx) return { scrollTop, abovePx: clamp(scrollTop, last) };
  if (scrollTop <= 0) return { scrollTop, abovePx: 0 };
  if (scrollTop >= lastTop - 1) return { scrollTop, abovePx: last };
  const moved = scrollTop - from.scrollTop;
  if (Math.abs(moved) <= localPx) return { scrollTop, abovePx: clamp(from.abovePx + moved, last) };
  return { scrollTop, abovePx: clamp((scrollTop / lastTop) * last, last) };
}

/** Where the scroll bar belongs when `abovePx` is above the view. */
export function placeAt(scale: ScrollScale, abovePx: number): ScrollPlace {
  const last = Math.max(0, scale.fullPx - scale.viewPx);
  const above = clamp(abovePx, last);
  if (scale.fullPx <= scale.canvasPx) return { scrollTop: above, abovePx: above };
  const lastTop = Math.max(0, scale.canvasPx - scale.viewPx);
  return { scrollTop: last > 0 ? Math.round((above / last) * lastTop) : 0, abovePx: above };
}

/** The rows in view `[start, end)`, and the px of the first that are already above. */
export function rowsInView(
  place: ScrollPlace,
  rows: number,
  rowPx: number,
  viewPx: number,
): { readonly start: number; readonly end: number; readonly cutPx: number } {
  const start = Math.min(Math.floor(place.abovePx / rowPx), Math.max(0, rows - 1));
  const end = Math.min(rows, Math.ceil((place.abovePx + viewPx) / rowPx) + 1);
  return { start, end, cutPx: place.abovePx - start * rowPx };
}

/** `abovePx` that shows `row` with the least movement. */
export function toShow(place: ScrollPlace, row: number, rowPx: number, viewPx: number): number {
  const top = row * rowPx;
  if (top < place.abovePx) return top;
  return top + rowPx > place.abovePx + viewPx ? top + rowPx - viewPx : place.abovePx;
}

function clamp(value: number, high: number): number {
  return Math.min(high, Math.max(0, value));
}
