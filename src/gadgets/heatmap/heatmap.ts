import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Picture, PictureQuestion } from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { arrayTakeAway } from '../exact/array-take-away.ts';
import { axisTicks } from '../exact/axis.ts';
import { cardTool } from '../exact/card-tool.ts';
import { isWide, shortNumber } from '../exact/element-text.ts';
import {
  centredOn,
  directionOf,
  type Extent,
  elementAt,
  elementsIn,
  fitExtent,
  fractionOf,
  parseExtent,
  parts,
  positionAt,
  printExtent,
  wholeExtent,
} from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import type { Ticks } from '../exact/ticks.ts';
import { type Point, ZoomController } from '../exact/zoom-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { arrayCardStyles } from '../series/series.styles.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { palette, schemeOf } from '../theme/palette.ts';
import { type ColorScaleName, colorAt, colorRange, colorTable, cssColor } from './color-scale.ts';
import { heatmapFigure } from './heatmap.figure.ts';
import { heatmapStyles } from './heatmap.styles.ts';
import { mapColumns, mapTable } from './heatmap-table.ts';
import { drawMap, type MapColors, MapImage } from './map-canvas.ts';
import { crossSection, type MapCells, type MapExtent, mapCells, meansOf } from './map-cells.ts';
import { drawAxes, drawSections } from './map-margins.ts';
import { drawOverview } from './map-overview.ts';
import { type MapPlace, mapReadout, mapSummary } from './map-readout.ts';

/** What people chose: the extents in view (`from:to`, exact; empty: all), the colours, and map or table. */
export interface HeatmapState {
  readonly rows: string;
  readonly columns: string;
  readonly colors: ColorScaleName;
  readonly table: boolean;
}

/** Cells asked for along an axis at most. */
const mostCells = 512;
const least = 2n;
const margin = 0.125;
const mostKept = 4;

/**
 * Two axes of an array of any size as a map of colours, zoomed from all of it to single elements, with the cross-sections
 * through the pointer. Attributes: `array`, `label`; the last two axes are drawn. Properties: `at` (indices along the axes
 * before them), `rows`, `columns` (extents; who sets them keeps them, as `exa-extent` wishes). Event: `exa-pick`.
 */
export class HeatmapGadget extends Gadget<HeatmapState> {
  static override styles: CSSResultGroup = [gadgetStyles, arrayCardStyles, heatmapStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage', 'goTo'];
  static override properties: PropertyDeclarations = {
    array: { type: String },
    label: { type: String },
    at: { attribute: false },
    rows: { attribute: false },
    columns: { attribute: false },
    hovered: { state: true },
    moving: { state: true },
  };

  declare array: string | undefined;
  declare label: string | undefined;
  declare at: readonly bigint[] | undefined;
  declare rows: Extent | undefined;
  declare columns: Extent | undefined;
  declare hovered: MapPlace | undefined;
  /** What is in view during a gesture. */
  declare moving: MapExtent | undefined;

  readonly #head = new ArrayHeadController(this, () => this.array);
  readonly #cells = new ArrayAnswer<PictureQuestion, Picture>(
    this,
    () => this.#question(),
    (client, question, observer) => client.picture(question, observer),
    (picture) => this.#add(picture),
  );
  readonly #whole = new ArrayAnswer<PictureQuestion, Picture>(
    this,
    () => this.#wholeQuestion(),
    (client, question, observer) => client.picture(question, observer),
    (picture) => {
      this.#wholeCells = mapCells(picture, this.#rowAxis, this.#rowAxis + 1);
    },
  );
  readonly #zoom = new ZoomController(this, {
    area: () => this.#area()?.getBoundingClientRect(),
    axes: () => [
      { extent: this.#extent.columns, size: this.#size(1), least },
      { extent: this.#extent.rows, size: this.#size(0), least },
    ],
    change: ([columns, rows], done) => rows && columns && this.#move({ rows, columns }, done),
    hover: (at) => this.#hover(at),
    press: (at) => this.#press(at),
  });
  #stack: readonly { readonly cells: MapCells; readonly image: MapImage }[] = [];
  #wholeCells: MapCells | undefined;
  readonly #wholeImage = new MapImage();
  #values: readonly [number, number] | undefined;
  #of: string | undefined;
  /** What was in view last, and which way it moves down and across. */
  #before: MapExtent | undefined;
  #ahead: readonly number[] = [0, 0];
  #sizes: ResizeObserver | undefined;

  protected override initialState(): HeatmapState {
    return { rows: '', columns: '', colors: 'cividis', table: false };
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

  /** The cells in view, one a line. */
  override takeAway(): TakeAway | undefined {
    const [cells, answer, extent] = [this.#stack[0]?.cells, this.#cells.answer, this.#extent];
    if (!cells || !answer) return undefined;
    const isExact = cells.rowStep === 1n && cells.columnStep === 1n;
    const values = isExact ? [msg('Value')] : [msg('Mean'), msg('Lowest'), msg('Highest')];
    const dtype = this.#head.head?.dtype;
    return arrayTakeAway({
      title: this.#name(),
      names: [msg('Row'), msg('Column'), ...values],
      make: () => mapColumns(cells, extent),
      coverage: answer.coverage,
      approximate: dtype && isWide(dtype) ? values : [],
    });
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    const plot = this.renderRoot.querySelector<PlotElement>('exa-plot');
    const cells = this.#stack[0]?.cells;
    if (!plot || !cells) return undefined;
    const [rowTicks, columnTicks] = [this.#ticks(0).ticks, this.#ticks(1).ticks];
    const { colors } = this.state;
    const [range, extent] = [this.#range, this.#extent];
    return plot.image(format, (scheme) =>
      heatmapFigure({ scheme, colors, range, rowTicks, columnTicks }, cells, extent),
    );
  }

  /** Brings an element into the middle, as near as now or `count` elements wide. */
  async goTo(row: bigint | string, column: bigint | string, count?: bigint | string): Promise<void> {
    const wide = (extent: Extent, axis: 0 | 1): Extent =>
      count === undefined
        ? extent
        : fitExtent({ from: 0n, to: BigInt(count) * parts }, this.#size(axis), least);
    this.#move(
      {
        rows: centredOn(wide(this.#extent.rows, 0), BigInt(row), this.#size(0)),
        columns: centredOn(wide(this.#extent.columns, 1), BigInt(column), this.#size(1)),
      },
      true,
    );
  }

  get #rowAxis(): number {
    return Math.max(0, this.#head.shape.length - 2);
  }

  #size(axis: 0 | 1): bigint {
    return this.#head.shape[this.#rowAxis + axis] ?? 1n;
  }

  get #extent(): MapExtent {
    const one = (axis: 0 | 1, given: Extent | undefined, kept: string): Extent => {
      const extent = given ?? parseExtent(kept, this.#size(axis));
      return extent ? fitExtent(extent, this.#size(axis), least) : wholeExtent(this.#size(axis));
    };
    return {
      rows: one(0, this.moving?.rows ?? this.rows, this.state.rows),
      columns: one(1, this.moving?.columns ?? this.columns, this.state.columns),
    };
  }

  get #range(): readonly [number, number] {
    return colorRange(this.state.colors, this.#values);
  }

  #pictureOf(
    { rows, columns }: MapExtent,
    pixels: readonly [number, number],
    ahead: readonly number[] = [],
  ): PictureQuestion | undefined {
    const { shape } = this.#head;
    if (!this.array || shape.length < 2 || shape.includes(0n)) return undefined;
    const [down, across] = [
      elementsIn(fitExtent(rows, this.#size(0), least)),
      elementsIn(fitExtent(columns, this.#size(1), least)),
    ];
    const places = shape.slice(0, -2).map((size, axis) => {
      const asked = this.at?.[axis] ?? 0n;
      return asked < size ? asked : size - 1n;
    });
    return {
      array: this.array,
      start: [...places, down.start, across.start],
      end: [...places.map((place) => place + 1n), down.end, across.end],
      pixels: [...places.map(() => 0), ...pixels],
      ...(ahead.some((way) => way !== 0) ? { ahead: [...places.map(() => 0), ...ahead] } : {}),
    };
  }

  #question(): PictureQuestion | undefined {
    const { width, height } = this.#areaPx();
    if (width < 1) return undefined;
    const more = ({ from, to }: Extent): Extent => {
      const by = (BigInt(Math.round(margin * 1000)) * (to - from)) / 1000n;
      return { from: from - by, to: to + by };
    };
    const { rows, columns } = this.#extent;
    const cells = (px: number): number => Math.min(mostCells, Math.ceil(px * (1 + 2 * margin)));
    return this.#pictureOf(
      { rows: more(rows), columns: more(columns) },
      [cells(height), cells(width)],
      this.#ahead,
    );
  }

  #isWhole(): boolean {
    const { rows, columns } = this.#extent;
    return rows.to - rows.from >= this.#size(0) * parts && columns.to - columns.from >= this.#size(1) * parts;
  }

  #wholeQuestion(): PictureQuestion | undefined {
    return this.#pictureOf(
      { rows: wholeExtent(this.#size(0)), columns: wholeExtent(this.#size(1)) },
      [64, 96],
    );
  }

  #add(picture: Picture): void {
    const cells = mapCells(picture, this.#rowAxis, this.#rowAxis + 1);
    const same = this.#stack.filter((one) => one.cells.version === cells.version);
    // A sharper answer to the same question takes its place.
    const rest = same.filter(
      ({ cells: one }) =>
        one.rowFirst !== cells.rowFirst ||
        one.columnFirst !== cells.columnFirst ||
        one.rowStep !== cells.rowStep ||
        one.columnStep !== cells.columnStep,
    );
    this.#stack = [{ cells, image: new MapImage() }, ...rest].slice(0, mostKept);
  }

  #move(extent: MapExtent, done: boolean): void {
    this.moving = done ? undefined : extent;
    for (const [axis, one] of [extent.rows, extent.columns].entries())
      this.dispatchEvent(
        new CustomEvent('exa-extent', {
          bubbles: true,
          composed: true,
          detail: { axis: this.#rowAxis + axis, extent: one, done },
        }),
      );
    if (!done) return;
    const kept = (one: Extent, axis: 0 | 1): string =>
      one.to - one.from >= this.#size(axis) * parts ? '' : printExtent(one);
    void this.changeState({ rows: kept(extent.rows, 0), columns: kept(extent.columns, 1) });
  }

  #placeAt({ x, y }: Point): MapPlace {
    const index = (extent: Extent, at: number, size: bigint): bigint => {
      const found = elementAt(positionAt(extent, Math.min(1, Math.max(0, at))));
      return found >= size ? size - 1n : found;
    };
    const { rows, columns } = this.#extent;
    return { row: index(rows, y, this.#size(0)), column: index(columns, x, this.#size(1)) };
  }

  #hover(at: Point | undefined): void {
    const place = at && this.#placeAt(at);
    if (place?.row !== this.hovered?.row || place?.column !== this.hovered?.column) this.hovered = place;
  }

  #press(at: Point): void {
    this.#hover(at);
    const detail = this.#placeAt(at);
    this.dispatchEvent(new CustomEvent('exa-cell', { bubbles: true, composed: true, detail }));
  }

  protected override hasPicture(): boolean {
    return this.#head.head !== undefined && (this.#stack.length > 0 || this.#isFlat());
  }

  #isFlat(): boolean {
    const { shape } = this.#head;
    return shape.length < 2 || shape.includes(0n);
  }

  #name(): string {
    return this.label ?? this.#head.head?.name ?? this.array ?? '';
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header>${this.heading()}</header><div class="skeleton"></div>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const of = JSON.stringify([this.array, this.at?.map(String), this.#head.head?.epoch]);
    if (of !== this.#of) {
      this.#stack = [];
      this.#values = undefined;
    }
    this.#of = of;
    const extent = this.#extent;
    const before = this.#before ?? extent;
    this.#ahead = [
      directionOf(before.rows, extent.rows, this.#ahead[0]!),
      directionOf(before.columns, extent.columns, this.#ahead[1]!),
    ];
    this.#before = extent;
    const newest = this.#stack[0]?.cells;
    // Colours stand still while the view moves.
    if (newest && (this.moving === undefined || !this.#values))
      this.#values = meansOf(newest) ?? this.#values;
  }

  protected override view(): unknown {
    const { head } = this.#head;
    if (!head) return nothing;
    if (this.#isFlat())
      return html`<header>${this.heading()}</header>
        <p class="empty">${this.#head.shape.includes(0n) ? msg('This array has no elements.') : msg('An array of one axis has no map.')}</p>`;
    const cells = this.#stack[0]?.cells;
    const name = this.#name();
    return html`
      ${this.#header(cells)}
      <p class="hidden-text" id="summary">${cells ? mapSummary(cells, this.#extent, formatsFor(this)) : ''}</p>
      ${this.state.table && cells ? mapTable(name, cells, this.#extent, formatsFor(this)) : this.#chart(name)}
    `;
  }

  #chart(name: string): unknown {
    const { l, t, r, b } = this.#margins();
    return html`<div class="chart">
      <exa-plot hidden .figure=${undefined}></exa-plot>
      <canvas class="data" aria-hidden="true"></canvas>
      <div
        class="area"
        style="left:${l}px;top:${t}px;right:${r}px;bottom:${b}px"
        tabindex="0"
        role="group"
        aria-label=${msg(str`${name}: + and − zoom, arrows move, 0 shows all`)}
        aria-describedby="summary"
      >
        ${this.#cursors()}
        ${this.#label()}
        ${
          this.#isWhole()
            ? nothing
            : html`<canvas
                class="mini"
                aria-hidden="true"
                @pointerdown=${this.#jump}
                @dblclick=${(event: Event) => event.stopPropagation()}
              ></canvas>`
        }
      </div>
    </div>`;
  }

  #cursors(): unknown {
    const { hovered } = this;
    if (!hovered || this.moving) return nothing;
    const { rows, columns } = this.#extent;
    const x = 100 * fractionOf(columns, hovered.column * parts + parts / 2n);
    const y = 100 * fractionOf(rows, hovered.row * parts + parts / 2n);
    return html`<div class="cursor" style="left:${x}%"></div>
      <div class="cursor across" style="top:${y}%"></div>`;
  }

  /** Said where nothing in view was ever written, or is here. */
  #label(): unknown {
    const cells = this.#stack[0]?.cells;
    if (!cells || cells.count.some((count) => count > 0)) return nothing;
    const fill = String(this.#head.head?.fill ?? '');
    const isAway = cells.state.includes(2);
    return html`<span class="gap" style="left:50%"
      >${isAway ? msg('Not on this device') : msg(str`Unwritten: fill value ${fill}`)}</span
    >`;
  }

  #header(cells: MapCells | undefined): unknown {
    const formats = formatsFor(this);
    const [low, high] = this.#range;
    const scheme = schemeOf(this);
    const { colors } = this.state;
    const stops = [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => cssColor(colorAt(colors, scheme, t))).join(',');
    const isExact = cells?.rowStep === 1n && cells.columnStep === 1n;
    return html`<header>
      <h3>${this.#name()}</h3>
      ${
        cells
          ? html`<span class="badge"
              >${isExact ? msg('1 cell = 1 element') : msg(str`1 cell = ${groupDigits(cells.rowStep)} × ${groupDigits(cells.columnStep)} elements`)}</span
            ><span class="scale"
              >${shortNumber(low, formats)}<i style="background:linear-gradient(90deg,${stops})"></i>${shortNumber(high, formats)}</span
            >`
          : nothing
      }
      <span class="readout">${this.#readout()}</span>
      ${
        cells
          ? html`<span class="tools">
              ${cardTool('plus', msg('Zoom in'), () => this.#zoom.zoom(4))}
              ${cardTool('minus', msg('Zoom out'), () => this.#zoom.zoom(0.25))}
              ${cardTool('whole', msg('Show all'), () => this.#zoom.whole())}
              ${cardTool('sun', msg('Colours about zero'), () => void this.changeState({ colors: colors === 'puor' ? 'cividis' : 'puor' }), colors === 'puor')}
              ${cardTool('table', msg('Show as a table'), () => void this.changeState({ table: !this.state.table }), this.state.table)}
              ${cardMenu(this)}
            </span>`
          : nothing
      }
    </header>`;
  }

  #readout(): unknown {
    const { hovered } = this;
    const { head } = this.#head;
    if (!hovered || !head) return nothing;
    return mapReadout(
      this.#stack.map(({ cells }) => cells),
      hovered,
      head,
      formatsFor(this),
    );
  }

  readonly #jump = (event: PointerEvent): void => {
    event.stopPropagation();
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = (share: number, axis: 0 | 1): bigint =>
      elementAt(positionAt(wholeExtent(this.#size(axis)), Math.min(1, Math.max(0, share))));
    void this.goTo(
      at((event.clientY - box.top) / box.height, 0),
      at((event.clientX - box.left) / box.width, 1),
    );
  };

  #ticks(axis: 0 | 1): Ticks {
    const { width, height } = this.#areaPx();
    if (axis === 1) return axisTicks(this.#extent.columns, { kind: 'index' }, width);
    // Down the side marks stand below each other: their height counts, not their width.
    return axisTicks(this.#extent.rows, { kind: 'index' }, Math.max(1, Math.floor(height / 52)) * 220);
  }

  #margins(): { l: number; r: number; t: number; b: number } {
    const isNarrow = this.clientWidth < 520;
    const longest = groupDigits(this.#size(0)).length;
    return {
      l: Math.min(isNarrow ? 96 : 132, Math.max(40, longest * 7 + 8)),
      r: isNarrow ? 8 : 72,
      t: 48,
      b: 40,
    };
  }

  #area(): HTMLElement | undefined {
    return this.renderRoot?.querySelector<HTMLElement>('.area') ?? undefined;
  }

  #areaPx(): { readonly width: number; readonly height: number } {
    const area = this.#area();
    return {
      width: area?.clientWidth || Math.max(0, this.clientWidth - 200),
      height: area?.clientHeight || Math.max(40, this.clientHeight - 150),
    };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute('settling', this.moving !== undefined || this.#cells.isSettling);
    this.#zoom.attach(this.#area());
    this.#draw();
  }

  #colors(): MapColors {
    const scheme = schemeOf(this);
    const color = (name: keyof typeof palette): string => palette[name][scheme];
    return {
      table: colorTable(this.state.colors, scheme),
      range: this.#range,
      surface: color('surface'),
      hatch: color('border'),
      away: color('warning-soft'),
      nan: scheme === 'light' ? 0xffdcd7d3 : 0xff4c413a,
      mark: color('accent'),
    };
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.data');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx || canvas.clientWidth === 0) return;
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * density);
    canvas.height = Math.round(canvas.clientHeight * density);
    ctx.scale(density, density);
    const { l, t, r, b } = this.#margins();
    const area = { width: canvas.clientWidth - l - r, height: canvas.clientHeight - t - b };
    if (area.width < 1 || area.height < 1) return;
    const colors = this.#colors();
    const [extent, [newest]] = [this.#extent, this.#stack];
    ctx.save();
    ctx.translate(l, t);
    // The coarsest first, the newest last: each clears the ground it knows better.
    const older = this.#stack
      .slice(1)
      .sort((one, other) => (one.cells.rowStep < other.cells.rowStep ? 1 : -1));
    for (const { cells, image } of [...older, ...(newest ? [newest] : [])])
      drawMap(ctx, image, cells, extent, area, colors);
    ctx.restore();
    const scheme = schemeOf(this);
    const lines = {
      text: palette.muted[scheme],
      line: palette['border-strong'][scheme],
      mark: palette['series-1'][scheme],
      font: getComputedStyle(this).fontFamily,
    };
    drawAxes(ctx, { left: l, top: t, ...area }, { rows: this.#ticks(0), columns: this.#ticks(1) }, lines, {
      rows: msg('Row'),
      columns: msg('Column'),
    });
    const { hovered } = this;
    if (newest && hovered && !this.moving)
      drawSections(
        ctx,
        { left: l, top: t, ...area, right: r },
        {
          cells: newest.cells,
          extent,
          range: this.#range,
          row: crossSection(newest.cells, { row: hovered.row }),
          column: crossSection(newest.cells, { column: hovered.column }),
        },
        lines,
      );
    this.#drawMini(colors);
  }

  /** All of the array, small, and the part in view. */
  #drawMini(colors: MapColors): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.mini');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx) return;
    drawOverview(ctx, canvas, this.#wholeCells && { cells: this.#wholeCells, image: this.#wholeImage }, {
      whole: { rows: wholeExtent(this.#size(0)), columns: wholeExtent(this.#size(1)) },
      shown: this.#extent,
      colors,
    });
  }
}

defineGadget('exa-heatmap', HeatmapGadget);
