import type { CellAt } from './pivot-grid.ts';
import { headPx } from './pivot-grid.ts';
import type { Sight } from './pivot-model.ts';

/** Tallest a browser scrolls, px; taller lists are scrolled in proportion. */
const maxScrollPx = 12_000_000;
/** Rows and columns drawn beyond what is in sight. */
const margin = 4;

/** What of a pivot lies where: its rows are as tall as `--exa-row`, its columns as wide as {@link leafPx}. */
export class PivotScroll {
  readonly #host: HTMLElement;
  readonly #view: () => HTMLElement | null;
  /** Rows there are. */
  readonly #rowCount: () => number;
  #waiting = 0;
  /** Width of a column, px: of the widest total. */
  leafPx = 116;

  constructor(host: HTMLElement, view: () => HTMLElement | null, rowCount: () => number) {
    this.#host = host;
    this.#view = view;
    this.#rowCount = rowCount;
  }

  get rowPx(): number {
    return Number.parseInt(getComputedStyle(this.#host).getPropertyValue('--exa-row'), 10) || 36;
  }

  /** Width of the rows' names, px. */
  get sidePx(): number {
    return this.#host.clientWidth > 0 && this.#host.clientWidth < 520 ? 132 : 220;
  }

  /** Height of all rows as a browser can scroll them, px. */
  get heightPx(): number {
    return Math.min(maxScrollPx, this.#rowCount() * this.rowPx);
  }

  /** Rows that a page key moves over. */
  get pageRows(): number {
    return Math.max(1, Math.floor(((this.#view()?.clientHeight ?? 480) - headPx) / this.rowPx) - 2);
  }

  /** Where a row is drawn, px below the header and the total; `rowPx` as read once for all of them. */
  topOf(rowPx: number): (place: number) => number {
    const moved = this.#ratio() === 1 ? 0 : this.#topPx() - (this.#view()?.scrollTop ?? 0);
    return (place) => place * rowPx - moved;
  }

  sight(measures: number): Sight {
    const view = this.#view();
    const rowPx = this.rowPx;
    const leaves = (pixels: number): number => pixels / this.leafPx / measures;
    const firstRow = Math.max(0, Math.floor(this.#topPx() / rowPx) - margin);
    const firstColumn = Math.max(0, Math.floor(leaves(Math.abs(view?.scrollLeft ?? 0))) - 2);
    return {
      firstRow,
      endRow: firstRow + Math.ceil((view?.clientHeight ?? 480) / rowPx) + 2 * margin,
      firstColumn,
      endColumn: firstColumn + Math.ceil(leaves(view?.clientWidth ?? 800)) + 3,
    };
  }

  /** Scrolls as little as brings a cell into sight. */
  reveal({ place, leaf }: CellAt, measures: number): void {
    const view = this.#view();
    if (!view) return;
    const rowPx = this.rowPx;
    const ratio = this.#ratio();
    const seen = view.clientHeight - headPx - rowPx;
    const top = this.#topPx();
    if (place >= 0) {
      if (place * rowPx < top) view.scrollTop = (place * rowPx) / ratio;
      else if ((place + 1) * rowPx > top + seen) view.scrollTop = ((place + 1) * rowPx - seen) / ratio;
    }
    const left = leaf * this.leafPx;
    const right = left + this.leafPx;
    if (leaf < measures && leaf <= 0) view.scrollLeft = 0;
    else if (left < view.scrollLeft) view.scrollLeft = left;
    else if (right > view.scrollLeft + view.clientWidth - this.sidePx)
      view.scrollLeft = right - view.clientWidth + this.sidePx;
  }

  /** Calls `draw` before the next frame, once for however many scrolls. */
  scrolled(draw: () => void): void {
    if (this.#waiting) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      draw();
    });
  }

  stop(): void {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = 0;
  }

  /** The part of all rows above the view, px, where all would be as tall as they are. */
  #topPx(): number {
    return (this.#view()?.scrollTop ?? 0) * this.#ratio();
  }

  /** How much further than the scroll bar the rows move. */
  #ratio(): number {
    const view = this.#view();
    const all = this.#rowCount() * this.rowPx;
    if (!view || all <= maxScrollPx) return 1;
    const seen = view.clientHeight - headPx - this.rowPx;
    return (all - seen) / (maxScrollPx - seen);
  }
}
