import type { LitElement, ReactiveController } from 'lit';
import { windowFor } from './grid.query.ts';
import {
  placeAt,
  rowsInView,
  type ScrollPlace,
  type ScrollScale,
  scaleOf,
  scrolledTo,
  toShow,
} from './scroll-scale.ts';

/** What a scroll controller asks of its grid. */
export interface Scrolled {
  /** The scrolling element, once drawn. */
  view(): HTMLElement | null;
  rows(): number;
  rowPx(): number;
  /** Height of what sticks to the top of the view. */
  headPx(): number;
}

/** A view taller than any screen stands where nothing limits it, and would grow with each row drawn. */
const maxViewPx = 8192;

/** Keeps where a grid is scrolled to, its size, and the window of rows that serves the view. */
export class ScrollController implements ReactiveController {
  /** Offset of the window to ask for. */
  offset = 0;
  place: ScrollPlace = { scrollTop: 0, abovePx: 0 };
  /** Height of the rows' view, and width of the whole. */
  viewPx = 0;
  widthPx = 0;

  readonly #host: LitElement;
  readonly #grid: Scrolled;
  #sizes: ResizeObserver | undefined;
  #sized: HTMLElement | null = null;

  constructor(host: LitElement, grid: Scrolled) {
    this.#host = host;
    this.#grid = grid;
    host.addController(this);
  }

  get scale(): ScrollScale {
    return scaleOf(this.#grid.rows(), this.#grid.rowPx(), this.viewPx);
  }

  /** Rows in view `[start, end)`. */
  get inView(): ReturnType<typeof rowsInView> {
    return rowsInView(this.place, this.#grid.rows(), this.#grid.rowPx(), this.viewPx);
  }

  hostConnected(): void {
    this.#sizes = new ResizeObserver(() => this.#measure());
    this.#sizes.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
    this.#sized = null;
  }

  hostUpdated(): void {
    const view = this.#grid.view();
    if (!view || view === this.#sized) return;
    if (this.#sized) this.#sizes?.unobserve(this.#sized);
    this.#sized = view;
    this.#sizes?.observe(view);
  }

  /** Back to the first row. */
  toTop(): void {
    this.#goTo({ scrollTop: 0, abovePx: 0 });
    const view = this.#grid.view();
    if (view) view.scrollTop = 0;
  }

  /** Scrolls as little as shows `row`; resolves once it is drawn. */
  async reveal(row: number): Promise<void> {
    this.#goTo(placeAt(this.scale, toShow(this.place, row, this.#grid.rowPx(), this.viewPx)));
    await this.#host.updateComplete;
    const view = this.#grid.view();
    if (view) view.scrollTop = this.place.scrollTop;
  }

  readonly scrolled = (): void => {
    const view = this.#grid.view();
    if (view && view.scrollTop !== this.place.scrollTop)
      this.#goTo(scrolledTo(this.scale, this.place, view.scrollTop));
  };

  /** Short moves leave the scroll bar behind its rows; once still, it is put where it belongs. */
  readonly settled = (): void => {
    const view = this.#grid.view();
    if (!view || this.scale.fullPx <= this.scale.canvasPx) return;
    this.#goTo(placeAt(this.scale, this.place.abovePx));
    view.scrollTop = this.place.scrollTop;
  };

  #goTo(place: ScrollPlace): void {
    this.place = place;
    const { start, end } = this.inView;
    this.offset = windowFor(start, end, this.offset);
    this.#host.requestUpdate();
  }

  #measure(): void {
    const view = this.#grid.view();
    this.widthPx = this.#host.clientWidth;
    // Before there is a view it is taken for as high as the whole: the first picture has all its rows.
    const { clientHeight } = view ?? this.#host;
    this.viewPx = Math.max(0, Math.min(maxViewPx, clientHeight) - (view ? this.#grid.headPx() : 0));
    this.#goTo(this.place);
  }
}
