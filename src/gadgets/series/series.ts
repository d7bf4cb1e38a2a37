import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Picture, PictureQuestion, Window, WindowQuestion } from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { arrayTakeAway } from '../exact/array-take-away.ts';
import { type AxisScale, axisTicks } from '../exact/axis.ts';
import { cardTool } from '../exact/card-tool.ts';
import { elementOf, elementText, isWide, shortNumber } from '../exact/element-text.ts';
import {
  directionOf,
  type Extent,
  elementAt,
  elementsIn,
  fitExtent,
  type IndexRange,
  parseExtent,
  parts,
  positionAt,
  printExtent,
  wholeExtent,
} from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import { indexFilter, indexRangeOf, valueRangeOf } from '../exact/range-filter.ts';
import type { Ticks } from '../exact/ticks.ts';
import { type Point, ZoomController } from '../exact/zoom-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import type { Figure } from '../plot/figure.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { palette, type Scheme, schemeOf } from '../theme/palette.ts';
import { niceTicks } from '../trend/trend.figure.ts';
import './overview-strip.ts';
import type { JumpEvent } from './overview-strip.ts';
import { axesFigure, type Margins, seriesFigure } from './series.figure.ts';
import { arrayCardStyles, seriesStyles } from './series.styles.ts';
import { axisName, drawIndexAxis } from './series-axis.ts';
import { drawSeries, type Gap } from './series-canvas.ts';
import { CellStack, type SeriesCells, seriesCells, valueRange, valuesIn } from './series-cells.ts';
import { seriesOverlays } from './series-overlays.ts';
import { seriesReadout } from './series-readout.ts';
import { seriesColumns, seriesTable } from './series-table.ts';

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

const least = 1n;
/** Elements fetched at either side of what is in view, as a share of it. */
const margin = 0.25;
const topPx = 8;
const bottomPx = 40;

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

  readonly #head = new ArrayHeadController(this, () => this.array);
  readonly #stack = new CellStack();
  readonly #cells = new ArrayAnswer<PictureQuestion, Picture>(
    this,
    () => this.#question(),
    (client, question, observer) => client.picture(question, observer),
    (picture) => this.#stack.add(seriesCells(picture, this.axis)),
  );
  readonly #whole = new ArrayAnswer<PictureQuestion, Picture>(
    this,
    () => (this.overview ? this.#pictureOf(wholeExtent(this.#size), 600) : undefined),
    (client, question, observer) => client.picture(question, observer),
  );
  readonly #exact = new ArrayAnswer<WindowQuestion, Window>(
    this,
    () => this.#exactQuestion(),
    (client, question, observer) => client.window(question, observer),
  );
  readonly #zoom = new ZoomController(this, {
    area: () => this.#area()?.getBoundingClientRect(),
    axes: () => [{ extent: this.#extent, size: this.#size, least }],
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
  #figure: { readonly key: string; readonly make: (scheme: Scheme) => Figure } | undefined;
  #of: string | undefined;
  #sizes: ResizeObserver | undefined;

  constructor() {
    super();
    this.axis = 0;
    this.scale = { kind: 'index' };
    this.overview = false;
    this.selecting = false;
    this.gaps = [];
  }

  protected override initialState(): SeriesState {
    return { view: '', table: false };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.requestUpdate());
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  /** The cells in view. */
  override takeAway(): TakeAway | undefined {
    const [cells, answer, extent] = [this.#stack.newest, this.#cells.answer, this.#extent];
    const dtype = this.#head.head?.dtype;
    if (!cells || !answer || !dtype) return undefined;
    const isExact = cells.step === 1n;
    const names = isExact
      ? [msg('Row'), msg('Value')]
      : [msg('From row'), msg('Mean'), msg('Lowest'), msg('Highest')];
    return arrayTakeAway({
      title: this.#name(),
      names,
      make: () => seriesColumns(cells, extent),
      coverage: answer.coverage,
      approximate: isWide(dtype) ? names.slice(1) : [],
    });
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    const plot = this.renderRoot.querySelector<PlotElement>('exa-plot');
    const cells = this.#stack.newest;
    if (!plot || !cells) return undefined;
    const [extent, picture] = [this.#extent, this.#picture(schemeOf(this))];
    return plot.image(format, (scheme) => seriesFigure({ ...picture, scheme }, cells, extent));
  }

  /** Brings element `index` into the middle, `count` elements wide (default: as wide as now). */
  async goTo(index: bigint | string, count?: bigint | string): Promise<void> {
    const { from, to } = this.#extent;
    const length = count === undefined ? to - from : BigInt(count) * parts;
    const start = BigInt(index) * parts + parts / 2n - length / 2n;
    this.#move(fitExtent({ from: start, to: start + length }, this.#size, least), true);
  }

  get #groupId(): string {
    return this.id || `series.${this.array}`;
  }

  get #size(): bigint {
    return this.#head.shape[this.axis] ?? 1n;
  }

  get #extent(): Extent {
    const kept = this.moving ?? this.extent ?? parseExtent(this.state.view, this.#size);
    return kept ? fitExtent(kept, this.#size, least) : wholeExtent(this.#size);
  }

  /** Indices along the other axes. */
  #places(): readonly bigint[] {
    const { shape } = this.#head;
    return shape.map((size, axis) => {
      const asked =
        this.at?.[axis] ??
        (axis === shape.length - 1 && /^\d{1,20}$/.test(this.column ?? '') ? BigInt(this.column!) : 0n);
      return asked < size ? asked : size - 1n;
    });
  }

  #pictureOf(extent: Extent, pixels: number, ahead = 0): PictureQuestion | undefined {
    const { shape } = this.#head;
    if (!this.array || shape.length === 0 || shape.includes(0n)) return undefined;
    const { start, end } = elementsIn(fitExtent(extent, this.#size, least));
    const places = this.#places();
    return {
      array: this.array,
      start: places.map((place, axis) => (axis === this.axis ? start : place)),
      end: places.map((place, axis) => (axis === this.axis ? end : place + 1n)),
      pixels: places.map((_, axis) => (axis === this.axis ? pixels : 0)),
      ...(ahead === 0 ? {} : { ahead: places.map((_, axis) => (axis === this.axis ? ahead : 0)) }),
    };
  }

  #question(): PictureQuestion | undefined {
    const width = this.#areaPx().width;
    if (width < 1) return undefined;
    const { from, to } = this.#extent;
    const more = (BigInt(Math.round(margin * 1000)) * (to - from)) / 1000n;
    const pixels = Math.min(4000, Math.ceil(width * (1 + 2 * margin)));
    return this.#pictureOf({ from: from - more, to: to + more }, pixels, this.#ahead);
  }

  #exactQuestion(): WindowQuestion | undefined {
    const { head } = this.#head;
    const [index, cells] = [this.hovered, this.#stack.newest];
    if (!this.array || !head || !isWide(head.dtype) || index === undefined || cells?.step !== 1n)
      return undefined;
    const start = this.#places().map((place, axis) => (axis === this.axis ? index : place));
    return { array: this.array, start, end: start.map((at) => at + 1n) };
  }

  #move(extent: Extent | undefined, done: boolean): void {
    if (!extent) return;
    const detail = { axis: this.axis, extent, done };
    this.moving = done ? undefined : extent;
    this.dispatchEvent(
      new CustomEvent('exa-extent', { bubbles: true, composed: true, detail }) satisfies ExtentEvent,
    );
    if (done) {
      const isWhole = extent.to - extent.from >= this.#size * parts;
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
    return index >= this.#size ? this.#size - 1n : index;
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
    return this.#head.head !== undefined && (this.#stack.newest !== undefined || this.#isEmpty());
  }

  #isEmpty(): boolean {
    return this.#head.shape.length === 0 || this.#head.shape.includes(0n);
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header>${this.heading()}</header><div class="skeleton"></div>`;
  }

  #name(): string {
    return this.label ?? this.#head.head?.name ?? this.array ?? '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const of = JSON.stringify([this.array, this.axis, this.#places().map(String), this.#head.head?.epoch]);
    if (of !== this.#of) {
      this.#stack.clear();
      this.#hasRange = false;
    }
    this.#of = of;
    const extent = this.#extent;
    this.#ahead = directionOf(this.#before ?? extent, extent, this.#ahead);
    this.#before = extent;
    const cells = this.#stack.newest;
    // The y axis stands still while the view moves.
    if (cells && (this.moving === undefined || !this.#hasRange)) {
      const values = valuesIn(cells, this.#extent);
      if (values || !this.#hasRange) this.#range = valueRange(values);
      this.#hasRange = true;
    }
  }

  protected override view(): unknown {
    const { head } = this.#head;
    if (!head) return nothing;
    if (this.#isEmpty())
      return html`${this.#header(undefined)}<p class="empty">${msg('This array has no elements.')}</p>`;
    const cells = this.#stack.newest;
    const name = this.#name();
    return html`
      ${this.#header(cells)}
      <p class="hidden-text" id="summary">${cells ? this.#summary(cells) : ''}</p>
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
              .cells=${this.#whole.answer && seriesCells(this.#whole.answer, this.axis)}
              .size=${this.#size}
              .extent=${this.#extent}
              .label=${msg(str`Where ${name} is looked at`)}
              @exa-jump=${(event: JumpEvent) => this.#move(event.detail.extent, event.detail.done)}
            ></exa-overview-strip>`
          : nothing
      }
    `;
  }

  #chart(name: string): unknown {
    const { l, t, r } = this.#margins();
    const box = `left:${l}px;top:${t}px;right:${r}px;bottom:${bottomPx}px`;
    return html`<div class="chart">
      <exa-plot .figure=${this.#axes()} @exa-drawn=${() => this.#draw()}></exa-plot>
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
    const fill = String(this.#head.head?.fill ?? '');
    if (kind === 'away') return msg('Not on this device');
    return kind === 'nans' ? 'NaN' : msg(str`Unwritten: fill value ${fill}`);
  }

  #header(cells: SeriesCells | undefined): unknown {
    const step = cells?.step ?? 1n;
    return html`<header>
      <h3>${this.#name()}</h3>
      ${
        cells
          ? html`<span class="badge"
              >${step === 1n ? msg('1 point = 1 row') : msg(str`1 point = ${groupDigits(step)} rows`)}</span
            >`
          : nothing
      }
      <span class="readout">${cells ? this.#readout() : nothing}</span>
      ${
        cells
          ? html`<span class="tools">
              ${cardTool('plus', msg('Zoom in'), () => this.#zoom.zoom(4))}
              ${cardTool('minus', msg('Zoom out'), () => this.#zoom.zoom(0.25))}
              ${cardTool('whole', msg('Show all'), () => this.#zoom.whole())}
              ${cardTool('select', msg('Select a range'), () => this.#turnSelecting(), this.selecting)}
              ${cardTool('table', msg('Show as a table'), () => void this.changeState({ table: !this.state.table }), this.state.table)}
              ${cardMenu(this)}
            </span>`
          : nothing
      }
    </header>`;
  }

  #readout(): unknown {
    const index = this.hovered ?? this.point;
    if (index === undefined || !this.#head.head) return nothing;
    return seriesReadout(this.#stack.drawn(), index, {
      scale: this.scale,
      formats: formatsFor(this),
      gapText: (kind) => this.#gapText(kind),
      exactText: (value) => this.#exactText(index, value),
    });
  }

  #exactText(index: bigint, value: number): string {
    const dtype = this.#head.head?.dtype ?? 'float64';
    const formats = formatsFor(this);
    const exact = this.#exact.answer;
    if (isWide(dtype) && exact && exact.first[this.axis] === index && exact.values.length === 1)
      return elementText(elementOf(exact.values, dtype, 0), dtype, formats);
    return `${isWide(dtype) ? '≈ ' : ''}${elementText(value, dtype, formats)}`;
  }

  #summary(cells: SeriesCells): string {
    const formats = formatsFor(this);
    const { start, end } = elementsIn(this.#extent);
    const [first, last] = [groupDigits(start), groupDigits(end - 1n)];
    const values = valuesIn(cells, this.#extent);
    if (!values) return msg(str`Rows ${first} to ${last}: nothing written.`);
    const [low, high] = values.map((value) => shortNumber(value, formats));
    return msg(
      str`Rows ${first} to ${last}: from ${low} to ${high}; one point is ${groupDigits(cells.step)} rows.`,
    );
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

  #yTicks(): readonly { readonly at: number; readonly text: string }[] {
    const formats = formatsFor(this);
    const [low, high] = this.#range;
    const height = this.#areaHeight();
    return niceTicks(low, high, Math.max(3, Math.min(6, Math.floor(height / 40)))).map((at) => ({
      at,
      text: shortNumber(Math.abs(at) < (high - low) * 1e-9 ? 0 : at, formats),
    }));
  }

  #margins(): Margins {
    const longest = this.#yTicks().reduce((most, { text }) => Math.max(most, text.length), 0);
    return { l: Math.max(40, Math.ceil((longest * 7 + 12) / 8) * 8), r: 4, t: topPx, b: bottomPx };
  }

  #xTicks(): Ticks {
    return axisTicks(this.#extent, this.scale, this.#areaPx().width);
  }

  #picture(scheme: Scheme) {
    const { ticks } = this.#xTicks();
    return { scheme, margins: this.#margins(), y: this.#range, yTicks: this.#yTicks(), xTicks: ticks };
  }

  #axes(): (scheme: Scheme) => Figure {
    const picture = { ...this.#picture('light'), xTicks: [] };
    const key = JSON.stringify([picture, this.clientWidth, this.clientHeight]);
    if (this.#figure?.key !== key)
      this.#figure = { key, make: (scheme) => axesFigure({ ...picture, scheme }) };
    return this.#figure.make;
  }

  #area(): HTMLElement | undefined {
    return this.renderRoot?.querySelector<HTMLElement>('.area') ?? undefined;
  }

  #areaHeight(): number {
    const chart = this.renderRoot?.querySelector<HTMLElement>('.chart');
    return Math.max(40, (chart?.clientHeight ?? 200) - topPx - bottomPx);
  }

  /** Size of the axes' area; before the first drawing, about what it will be. */
  #areaPx(): { readonly width: number; readonly height: number } {
    const area = this.#area();
    return { width: area?.clientWidth || Math.max(0, this.clientWidth - 80), height: this.#areaHeight() };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute('settling', this.moving !== undefined || this.#cells.isSettling);
    this.#zoom.attach(this.#area());
    this.#draw();
  }

  /** Data and marks of the moving axis, on the light layer above Plotly's. */
  #draw(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.data');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx || canvas.clientWidth === 0) return;
    const density = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    ctx.scale(density, density);
    const { l, r, t } = this.#margins();
    const area = {
      width: width - l - r,
      height: height - t - bottomPx,
      extent: this.#extent,
      y: this.#range,
    };
    if (area.width < 1 || area.height < 1) return;
    const scheme = schemeOf(this);
    const color = (name: keyof typeof palette): string => palette[name][scheme];
    ctx.save();
    ctx.translate(l, t);
    const gaps = drawSeries(ctx, area, this.#stack.drawn(), {
      line: color('series-1'),
      hatch: color('border'),
      away: color('warning-soft'),
      surface: color('surface'),
    });
    ctx.restore();
    drawIndexAxis(ctx, { left: l, width: area.width, bottom: t + area.height }, this.#xTicks(), {
      name: this.scale.kind === 'time' ? msg('Time') : axisName(this.axis),
      font: getComputedStyle(this).fontFamily,
      text: color('muted'),
      line: color('border-strong'),
    });
    const wide = gaps
      .filter((gap) => gap.to - gap.from > (gap.kind === 'unwritten' ? 170 : 130))
      .sort((one, other) => other.to - other.from - (one.to - one.from))
      .slice(0, 3);
    if (JSON.stringify(wide) !== JSON.stringify(this.gaps)) queueMicrotask(() => (this.gaps = wide));
  }
}

defineGadget('exa-series', SeriesGadget);
