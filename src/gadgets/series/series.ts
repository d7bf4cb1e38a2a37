import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { AxisScale } from '../exact/axis.ts';
import {
  directionOf,
  type Extent,
  elementAt,
  fitExtent,
  type IndexRange,
  parseExtent,
  parts,
  positionAt,
  printExtent,
  wholeExtent,
} from '../exact/extent.ts';
import { indexFilter, indexRangeOf, valueRangeOf } from '../exact/range-filter.ts';
import { type Point, ZoomController } from '../exact/zoom-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { SizeController } from '../size-controller.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { schemeOf } from '../theme/palette.ts';
import './overview-strip.ts';
import type { JumpEvent } from './overview-strip.ts';
import { seriesFigure } from './series.figure.ts';
import { arrayCardStyles, seriesStyles } from './series.styles.ts';
import { SeriesArea } from './series-area.ts';
import type { Gap } from './series-canvas.ts';
import { type SeriesCells, valueRange, valuesIn } from './series-cells.ts';
import { bottomPx, drawSeriesCard } from './series-drawing.ts';
import { gapText, seriesHeader, seriesSummary } from './series-header.ts';
import { seriesOverlays } from './series-overlays.ts';
import { leastElements } from './series-question.ts';
import { seriesReadout } from './series-readout.ts';
import { SeriesSources } from './series-sources.ts';
import { seriesTable, seriesTakeAway } from './series-table.ts';

/** What people chose: the extent in view (`from:to`, exact; empty: all of it), and chart or table. */
export interface SeriesState {
  readonly view: string;
  readonly table: boolean;
}

/** `exa-extent`: what is in view along axis `axis`, while it moves (`done` false) and when it is settled. */
export type ExtentEvent = CustomEvent<{
  readonly axis: number;
  readonly extent: Extent;
  readonly done: boolean;
}>;
/** `exa-point`: the element under the pointer along `axis`; undefined when it left. */
export type PointEvent = CustomEvent<{ readonly axis: number; readonly index: bigint | undefined }>;

/**
 * A line of an array of any size, zoomed from all of it to single elements: lowest, highest and mean where a point is many
 * elements, the elements themselves where they are few. Attributes: `array`, `axis` (the one drawn; 0), `column` (where
 * the last axis is another), `overview`. Properties: `at` (indices along the other axes), `scale`, `extent` (who sets it
 * keeps it: `exa-extent` says what is wished), `point`. `settling` is set
 * while it moves or something sharper is on its way. Brushing (Shift and drag) filters the other gadgets on this array.
 */
export class SeriesGadget extends Gadget<SeriesState> {
  static override styles: CSSResultGroup = [gadgetStyles, arrayCardStyles, seriesStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage', 'goTo'];
  static override properties: PropertyDeclarations = {
    array: { type: String },
    axis: { type: Number },
    column: { type: String },
    at: { attribute: false },
    label: { type: String },
    scale: { attribute: false },
    extent: { attribute: false },
    point: { attribute: false },
    overview: { type: Boolean },
    selecting: { state: true },
    hovered: { state: true },
    moving: { state: true },
    gaps: { state: true },
    exact: { state: true },
  };

  declare array: string | undefined;
  declare axis: number;
  declare column: string | undefined;
  declare at: readonly bigint[] | undefined;
  declare label: string | undefined;
  declare scale: AxisScale;
  declare extent: Extent | undefined;
  declare point: bigint | undefined;
  declare overview: boolean;
  declare selecting: boolean;
  declare hovered: bigint | undefined;
  /** What is in view during a gesture. */
  declare moving: Extent | undefined;
  declare gaps: readonly Gap[];
  /** The exact element under the pointer, where a double cannot hold it. */
  declare exact: { readonly index: bigint; readonly text: string } | undefined;

  readonly #sources = new SeriesSources(this, () => ({
    array: this.array,
    axis: this.axis,
    column: this.column,
    at: this.at,
    extent: () => this.#extent,
    width: () => this.#area.width,
    ahead: this.#ahead,
    overview: this.overview,
    hovered: this.hovered,
  }));
  readonly #area = new SeriesArea(this, () => ({ extent: this.#extent, y: this.#range, scale: this.scale }));
  readonly #zoom = new ZoomController(this, {
    area: () => this.#area.element?.getBoundingClientRect(),
    axes: () => [{ extent: this.#extent, size: this.#sources.size, least: leastElements }],
    change: ([extent], done) => this.#move(extent, done),
    selects: (event) => this.selecting || event.shiftKey,
    select: (from, to, done) => this.#select(from, to, done),
    hover: (at) => this.#hover(at),
    press: (at) => this.#press(at),
  });
  #range: readonly [number, number] = [0, 1];
  #hasRange = false;
  /** What was in view last, and which way it moves. */
  #before: Extent | undefined;
  #ahead = 0;

  constructor() {
    super();
    new SizeController(this);
    this.axis = 0;
    this.scale = { kind: 'index' };
    this.overview = false;
    this.selecting = false;
    this.gaps = [];
  }

  protected override initialState(): SeriesState {
    return { view: '', table: false };
  }

  /** The cells in view. */
  override takeAway(): TakeAway | undefined {
    const { newest, coverage, head } = this.#sources;
    if (!newest || !coverage || !head) return undefined;
    return seriesTakeAway(this.#name(), newest, this.#extent, coverage, head.dtype);
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    const plot = this.renderRoot.querySelector<PlotElement>('exa-plot');
    const cells = this.#sources.newest;
    if (!plot || !cells) return undefined;
    const [extent, { picture }] = [this.#extent, this.#area];
    return plot.image(format, (scheme) => seriesFigure({ ...picture, scheme }, cells, extent));
  }

  /** Brings element `index` into the middle, `count` elements wide (default: as wide as now). */
  async goTo(index: bigint | string, count?: bigint | string): Promise<void> {
    const { from, to } = this.#extent;
    const length = count === undefined ? to - from : BigInt(count) * parts;
    const start = BigInt(index) * parts + parts / 2n - length / 2n;
    this.#move(fitExtent({ from: start, to: start + length }, this.#sources.size, leastElements), true);
  }

  get #groupId(): string {
    return this.id || `series.${this.array}`;
  }

  get #extent(): Extent {
    const kept = this.moving ?? this.extent ?? parseExtent(this.state.view, this.#sources.size);
    return kept ? fitExtent(kept, this.#sources.size, leastElements) : wholeExtent(this.#sources.size);
  }

  #move(extent: Extent | undefined, done: boolean): void {
    if (!extent) return;
    const detail = { axis: this.axis, extent, done };
    this.moving = done ? undefined : extent;
    this.dispatchEvent(
      new CustomEvent('exa-extent', { bubbles: true, composed: true, detail }) satisfies ExtentEvent,
    );
    if (done) {
      const isWhole = extent.to - extent.from >= this.#sources.size * parts;
      void this.changeState({ view: isWhole ? '' : printExtent(extent) });
    }
  }

  #hover(at: Point | undefined): void {
    const index = at && this.#indexAt(at.x);
    if (index === this.hovered) return;
    this.hovered = index;
    const detail = { axis: this.axis, index };
    this.dispatchEvent(
      new CustomEvent('exa-point', { bubbles: true, composed: true, detail }) satisfies PointEvent,
    );
  }

  #indexAt(x: number): bigint {
    const index = elementAt(positionAt(this.#extent, Math.min(1, Math.max(0, x))));
    return index >= this.#sources.size ? this.#sources.size - 1n : index;
  }

  /** A press shows what is there (on touch there is no hover), and clears a selection elsewhere. */
  #press(at: Point): void {
    this.#hover(at);
    const chosen = this.#selected;
    const index = this.#indexAt(at.x);
    if (chosen && (index < chosen.start || index >= chosen.end)) this.group?.set(this.#groupId, undefined);
    const detail = { axis: this.axis, index };
    this.dispatchEvent(new CustomEvent('exa-pick', { bubbles: true, composed: true, detail }));
  }

  #select(from: Point, to: Point, done: boolean): void {
    if (!this.array) return;
    const [one, other] = [this.#indexAt(Math.min(from.x, to.x)), this.#indexAt(Math.max(from.x, to.x))];
    const range = { start: one, end: other + 1n };
    this.group?.set(
      this.#groupId,
      { dataset: this.array, filter: indexFilter(this.axis, range) },
      { live: !done },
    );
    const detail = { axis: this.axis, range, done };
    this.dispatchEvent(new CustomEvent('exa-range', { bubbles: true, composed: true, detail }));
    if (done) this.selecting = false;
  }

  get #selected(): IndexRange | undefined {
    return indexRangeOf(this.group, this.array, this.axis);
  }

  protected override hasPicture(): boolean {
    const { head, newest, isEmpty } = this.#sources;
    return head !== undefined && (newest !== undefined || isEmpty);
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header>${this.heading()}</header><div class="skeleton"></div>`;
  }

  #name(): string {
    return this.label ?? this.#sources.head?.name ?? this.array ?? '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.#sources.follow()) this.#hasRange = false;
    const extent = this.#extent;
    this.#ahead = directionOf(this.#before ?? extent, extent, this.#ahead);
    this.#before = extent;
    const cells = this.#sources.newest;
    // The y axis stands still while the view moves.
    if (cells && (this.moving === undefined || !this.#hasRange)) {
      const values = valuesIn(cells, this.#extent);
      if (values || !this.#hasRange) this.#range = valueRange(values);
      this.#hasRange = true;
    }
  }

  protected override view(): unknown {
    const { head } = this.#sources;
    if (!head) return nothing;
    if (this.#sources.isEmpty)
      return html`${this.#header(undefined)}<p class="empty">${msg('This array has no elements.')}</p>`;
    const cells = this.#sources.newest;
    const name = this.#name();
    const { l, r } = this.#area.picture.margins;
    return html`
      ${this.#header(cells)}
      <p class="hidden-text" id="summary">${cells ? seriesSummary(cells, this.#extent, formatsFor(this)) : ''}</p>
      ${
        this.state.table && cells
          ? seriesTable(name, cells, this.#extent, {
              scale: this.scale,
              dtype: head.dtype,
              fill: String(head.fill),
              formats: formatsFor(this),
            })
          : this.#chart(name)
      }
      ${
        this.overview
          ? html`<exa-overview-strip
              class="strip"
              style=${this.state.table ? nothing : `margin-inline:${l}px ${r}px`}
              .cells=${this.#sources.whole}
              .size=${this.#sources.size}
              .extent=${this.#extent}
              .label=${msg(str`Where ${name} is looked at`)}
              @exa-jump=${(event: JumpEvent) => this.#move(event.detail.extent, event.detail.done)}
            ></exa-overview-strip>`
          : nothing
      }
    `;
  }

  #chart(name: string): unknown {
    const { l, t, r } = this.#area.picture.margins;
    const box = `left:${l}px;top:${t}px;right:${r}px;bottom:${bottomPx}px`;
    return html`<div class="chart">
      <exa-plot .figure=${this.#area.figure} @exa-drawn=${() => this.#draw()}></exa-plot>
      <canvas class="data" aria-hidden="true"></canvas>
      <div
        class=${this.selecting ? 'area selecting' : 'area'}
        style=${box}
        tabindex="0"
        role="group"
        aria-label=${msg(str`${name}: + and − zoom, arrows move, 0 shows all`)}
        aria-describedby="summary"
        @keydown=${this.#key}
      >
        ${this.#overlays()}
      </div>
    </div>`;
  }

  #overlays(): unknown {
    return seriesOverlays({
      extent: this.#extent,
      y: this.#range,
      gaps: this.gaps,
      gapText: (kind) => this.#gapText(kind),
      range: this.#selected,
      values: valueRangeOf(this.group, this.array),
      point: this.hovered ?? this.point,
    });
  }

  #gapText(kind: Gap['kind']): string {
    return gapText(kind, String(this.#sources.head?.fill ?? ''));
  }

  #header(cells: SeriesCells | undefined): unknown {
    return seriesHeader(this.#name(), cells, this.#readout(), {
      zoom: (by) => this.#zoom.zoom(by),
      whole: () => this.#zoom.whole(),
      select: () => this.#turnSelecting(),
      show: (table) => void this.changeState({ table }),
      selecting: this.selecting,
      table: this.state.table,
      menu: cells ? cardMenu(this) : nothing,
    });
  }

  #readout(): unknown {
    const index = this.hovered ?? this.point;
    if (index === undefined || !this.#sources.head) return nothing;
    return seriesReadout(this.#sources.drawn(), index, {
      scale: this.scale,
      formats: formatsFor(this),
      gapText: (kind) => this.#gapText(kind),
      exactText: (value) => this.#sources.exactText(index, value, formatsFor(this)),
    });
  }

  #turnSelecting(): void {
    if (this.group?.filters[this.#groupId]) {
      this.group.set(this.#groupId, undefined);
      this.selecting = false;
    } else this.selecting = !this.selecting;
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.group?.filters[this.#groupId]) return;
    event.preventDefault();
    event.stopPropagation();
    this.group.set(this.#groupId, undefined);
  };

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute('settling', this.moving !== undefined || this.#sources.isSettling);
    this.#zoom.attach(this.#area.element);
    this.#draw();
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.data');
    const wide =
      canvas &&
      drawSeriesCard(canvas, {
        drawn: this.#sources.drawn(),
        extent: this.#extent,
        y: this.#range,
        margins: this.#area.picture.margins,
        ticks: this.#area.xTicks,
        scale: this.scale,
        axis: this.axis,
        scheme: schemeOf(this),
      });
    if (wide && JSON.stringify(wide) !== JSON.stringify(this.gaps)) queueMicrotask(() => (this.gaps = wide));
  }
}

defineGadget('exa-series', SeriesGadget);
