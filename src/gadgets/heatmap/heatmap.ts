import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Picture, PictureQuestion } from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import {
  centredOn,
  directionOf,
  type Extent,
  fitExtent,
  parseExtent,
  parts,
  printExtent,
  wholeExtent,
} from '../exact/extent.ts';
import { type Point, ZoomController } from '../exact/zoom-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { SizeController } from '../size-controller.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { arrayCardStyles } from '../series/series.styles.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { schemeOf } from '../theme/palette.ts';
import { type ColorScaleName, colorRange } from './color-scale.ts';
import { heatmapFigure } from './heatmap.figure.ts';
import { heatmapStyles } from './heatmap.styles.ts';
import { mapTable, mapTakeAway } from './heatmap-table.ts';
import { MapImage } from './map-canvas.ts';
import { type MapCells, type MapExtent, mapCells, meansOf } from './map-cells.ts';
import { type DrawnCells, drawMapCard, mapColors, mapTicks, marginsOf, stacked } from './map-drawing.ts';
import { mapGap, mapScale, mapTools } from './map-header.ts';
import { drawOverview } from './map-overview.ts';
import { isWhole, leastElements, type MapPlane, questionOf, wholeQuestion } from './map-question.ts';
import { type MapPlace, mapCursors, mapReadout, mapSummary, placeAt } from './map-readout.ts';

/** What people chose: the extents in view (`from:to`, exact; empty: all), the colours, and map or table. */
export interface HeatmapState {
  readonly rows: string;
  readonly columns: string;
  readonly colors: ColorScaleName;
  readonly table: boolean;
}

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
    () => this.#plane && wholeQuestion(this.#plane),
    (client, question, observer) => client.picture(question, observer),
    (picture) => {
      this.#wholeCells = mapCells(picture, this.#rowAxis, this.#rowAxis + 1);
    },
  );
  readonly #zoom = new ZoomController(this, {
    area: () => this.#area()?.getBoundingClientRect(),
    axes: () => [
      { extent: this.#extent.columns, size: this.#size(1), least: leastElements },
      { extent: this.#extent.rows, size: this.#size(0), least: leastElements },
    ],
    change: ([columns, rows], done) => rows && columns && this.#move({ rows, columns }, done),
    hover: (at) => this.#hover(at),
    press: (at) => this.#press(at),
  });
  #stack: readonly DrawnCells[] = [];
  #wholeCells: MapCells | undefined;
  readonly #wholeImage = new MapImage();
  #values: readonly [number, number] | undefined;
  #of: string | undefined;
  /** What was in view last, and which way it moves down and across. */
  #before: MapExtent | undefined;
  #ahead: readonly number[] = [0, 0];

  constructor() {
    super();
    new SizeController(this);
  }

  protected override initialState(): HeatmapState {
    return { rows: '', columns: '', colors: 'cividis', table: false };
  }

  /** The cells in view, one a line. */
  override takeAway(): TakeAway | undefined {
    const [cells, answer, extent] = [this.#stack[0]?.cells, this.#cells.answer, this.#extent];
    const dtype = this.#head.head?.dtype;
    return cells && answer ? mapTakeAway(this.#name(), cells, extent, answer.coverage, dtype) : undefined;
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    const plot = this.renderRoot.querySelector<PlotElement>('exa-plot');
    const cells = this.#stack[0]?.cells;
    if (!plot || !cells) return undefined;
    const { colors } = this.state;
    const [range, extent] = [this.#range, this.#extent];
    const { rows, columns } = mapTicks(extent, this.#areaPx());
    const [rowTicks, columnTicks] = [rows.ticks, columns.ticks];
    return plot.image(format, (scheme) =>
      heatmapFigure({ scheme, colors, range, rowTicks, columnTicks }, cells, extent),
    );
  }

  /** Brings an element into the middle, as near as now or `count` elements wide. */
  async goTo(row: bigint | string, column: bigint | string, count?: bigint | string): Promise<void> {
    const wide = (extent: Extent, axis: 0 | 1): Extent =>
      count === undefined
        ? extent
        : fitExtent({ from: 0n, to: BigInt(count) * parts }, this.#size(axis), leastElements);
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
      return extent ? fitExtent(extent, this.#size(axis), leastElements) : wholeExtent(this.#size(axis));
    };
    return {
      rows: one(0, this.moving?.rows ?? this.rows, this.state.rows),
      columns: one(1, this.moving?.columns ?? this.columns, this.state.columns),
    };
  }

  get #range(): readonly [number, number] {
    return colorRange(this.state.colors, this.#values);
  }

  get #plane(): MapPlane | undefined {
    return this.array ? { array: this.array, shape: this.#head.shape, at: this.at } : undefined;
  }

  #question(): PictureQuestion | undefined {
    const [plane, area] = [this.#plane, this.#areaPx()];
    return plane && area.width >= 1 ? questionOf(plane, this.#extent, area, this.#ahead) : undefined;
  }

  #add(picture: Picture): void {
    this.#stack = stacked(this.#stack, mapCells(picture, this.#rowAxis, this.#rowAxis + 1));
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

  #placeAt(at: Point): MapPlace {
    return placeAt(this.#extent, at, this.#size(0), this.#size(1));
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
    const { l, t, r, b } = marginsOf(this.clientWidth, this.#size(0));
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
        ${this.hovered && !this.moving ? mapCursors(this.#extent, this.hovered) : nothing}
        ${mapGap(this.#stack[0]?.cells, String(this.#head.head?.fill ?? ''))}
        ${
          isWhole(this.#extent, this.#size(0), this.#size(1))
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

  #header(cells: MapCells | undefined): unknown {
    const { colors } = this.state;
    return html`<header>
      <h3>${this.#name()}</h3>
      ${cells ? mapScale(cells, this.#range, colors, schemeOf(this), formatsFor(this)) : nothing}
      <span class="readout">${this.#readout()}</span>
      ${
        cells
          ? mapTools({
              zoom: (by) => this.#zoom.zoom(by),
              whole: () => this.#zoom.whole(),
              turn: (colors) => void this.changeState({ colors }),
              show: (table) => void this.changeState({ table }),
              state: this.state,
              menu: cardMenu(this),
            })
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
    const whole = { rows: wholeExtent(this.#size(0)), columns: wholeExtent(this.#size(1)) };
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    const { row, column } = placeAt(whole, at, this.#size(0), this.#size(1));
    void this.goTo(row, column);
  };

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

  #draw(): void {
    const scheme = schemeOf(this);
    const colors = mapColors(this.state.colors, this.#range, scheme);
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.data');
    if (canvas)
      drawMapCard(canvas, {
        stack: this.#stack,
        extent: this.#extent,
        margins: marginsOf(this.clientWidth, this.#size(0)),
        ticks: mapTicks(this.#extent, this.#areaPx()),
        colors,
        scheme,
        hovered: this.moving ? undefined : this.hovered,
      });
    const mini = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.mini');
    if (mini)
      drawOverview(mini, this.#wholeCells && { cells: this.#wholeCells, image: this.#wholeImage }, {
        whole: { rows: wholeExtent(this.#size(0)), columns: wholeExtent(this.#size(1)) },
        shown: this.#extent,
        colors,
      });
  }
}

defineGadget('exa-heatmap', HeatmapGadget);
