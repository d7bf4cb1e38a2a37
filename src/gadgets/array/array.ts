import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import { toExaError } from '../../protocol/errors.ts';
import { isLocal } from '../../protocol/local.ts';
import { emptyWorkspace, goTo, type Workspace } from '../../protocol/workspace.ts';
import { ArraysController } from '../arrays-controller.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { elementOf, elementText } from '../exact/element-text.ts';
import type { Extent } from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget, type StateEvent } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import type { HeatmapState } from '../heatmap/heatmap.ts';
import type { CellEvent, MatrixState } from '../matrix/matrix-state.ts';
import type { ExtentEvent, PointEvent } from '../series/series.ts';
import { viewStyles } from '../view-base.ts';
import { changeWorkspace } from '../workspace-event.ts';
import { arrayStyles } from './array.styles.ts';
import { arrayChips } from './array-chips.ts';
import { arrayChoice } from './array-choice.ts';
import { printed, toIndex, toRegion, toSlice } from './array-move.ts';
import { ArrayPlace, type ArrayState, wholeArray } from './array-place.ts';
import { arrayTools } from './array-tools.ts';
import { pictureOf, writtenWords } from './array-words.ts';
import './geometry-advice.ts';
import { regionBeside } from './region-beside.ts';
import { shapeWords } from './shape-words.ts';

/**
 * One array: what it is, where in it one is, lines or a map by its shape, its exact cells and the spread of its values, all
 * about the same part. Without one named, the list of arrays.
 * @prop workspace
 */
export class ArrayView extends Gadget<ArrayState> {
  static override styles = [gadgetStyles, viewStyles, arrayStyles];
  static override properties: PropertyDeclarations = {
    workspace: { attribute: false },
    moving: { state: true },
    movingAcross: { state: true },
    point: { state: true },
    wrongIndex: { state: true },
    wrongSlice: { state: true },
    told: { state: true },
    value: { state: true },
    dropping: { state: true },
  };

  declare workspace: Workspace;
  /** What is in view during a gesture. */
  declare moving: Extent | undefined;
  declare movingAcross: Extent | undefined;
  declare point: bigint | undefined;
  declare wrongIndex: string;
  declare wrongSlice: string;
  declare told: string;
  /** The one element of an array without axes. */
  declare value: string | undefined;
  /** Whether to delete it is asked. */
  declare dropping: boolean;

  readonly #list = new ArraysController(this);
  readonly #head = new ArrayHeadController(this, () => this.#id);
  readonly #loader = new GadgetLoader(this);
  #read: string | undefined;
  #matrixKept: MatrixState = { row: '0', column: '0', cell: '' };
  #mapKept: Pick<HeatmapState, 'colors' | 'table'> = { colors: 'cividis', table: false };

  constructor() {
    super();
    this.workspace = emptyWorkspace('array');
    this.wrongIndex = '';
    this.wrongSlice = '';
    this.told = '';
    this.dropping = false;
    this.addEventListener('exa-extent', (event) => this.#extentChanged(event as ExtentEvent));
    this.addEventListener('exa-point', (event) => {
      const { axis, index } = (event as PointEvent).detail;
      if (axis === 0) this.point = index;
    });
  }

  protected override initialState(): ArrayState {
    return wholeArray;
  }

  /** The array named, else the only one there is. */
  get #id(): string | undefined {
    const { arrays } = this.#list;
    return this.workspace.dataset ?? (arrays?.length === 1 ? arrays[0]!.id : undefined);
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    if (this.#id !== undefined) return phase === 'idle' ? 'loading' : phase;
    return this.#list.phase === 'idle' ? 'loading' : this.#list.phase;
  }

  protected override hasPicture(): boolean {
    return this.#id === undefined ? this.#list.arrays !== undefined : this.#head.head !== undefined;
  }

  get #place(): ArrayPlace {
    return new ArrayPlace(this.#head.shape, this.state, { rows: this.moving, columns: this.movingAcross });
  }

  #extentChanged({ detail: { axis, extent, done } }: ExtentEvent): void {
    const isRows = axis === this.#place.rowAxis;
    if (!done) {
      if (isRows) this.moving = extent;
      else this.movingAcross = extent;
      return;
    }
    if (isRows) this.moving = undefined;
    else this.movingAcross = undefined;
    this.#keep(
      {
        [isRows ? 'rows' : 'columns']: printed(extent, isRows ? this.#place.rows : this.#place.columns),
      },
      true,
    );
  }

  /** Takes a part of the state: a step of a gesture, or (`replace` false) one that Back undoes. */
  #keep(part: Partial<ArrayState>, replace: boolean): void {
    this.told = '';
    if (replace || this.id === '') {
      void this.changeState(part);
      return;
    }
    const next = { ...this.state, ...part };
    this.state = next;
    changeWorkspace(this, { gadgets: { ...this.workspace.gadgets, [this.id]: next } });
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { head } = this.#head;
    if (head && head.shape.length === 0 && this.#read !== `${head.id} ${head.version}`) {
      this.#read = `${head.id} ${head.version}`;
      void this.#readValue(head);
    }
  }

  async #readValue(head: ArrayHead): Promise<void> {
    const elements = await this.job('value', (signal) => this.client!.arrays.read(head.id, '', { signal }));
    if (elements)
      this.value = elementText(elementOf(elements.values, head.dtype, 0), head.dtype, formatsFor(this));
  }

  protected override skeleton(): unknown {
    return html`<div class="columns">
      <div class="cell whole"><div class="skeleton"></div></div>
      <div class="cell whole" style="min-height:280px"><div class="skeleton"></div></div>
    </div>`;
  }

  protected override view(): unknown {
    const { head } = this.#head;
    if (this.#id === undefined || !head)
      return this.#id === undefined ? arrayChoice(this.#list.arrays ?? [], formatsFor(this)) : nothing;
    return html`<div class="columns" @exa-state=${this.#childState}>
      <section class="cell whole" aria-labelledby="about">${this.#about(head)}</section>
      ${this.#pictures(head)}
    </div>`;
  }

  #about(head: ArrayHead): unknown {
    const formats = formatsFor(this);
    const kind = pictureOf(head.shape);
    const fill = String(head.fill);
    return html`<div class="about">
        <h2 id="about">${head.name}</h2>
        <span class="shape" title=${head.shape.map((size) => groupDigits(BigInt(size))).join(' × ')}>${shapeWords(head.shape)}</span>
        <span class="meta">${head.dtype} · ${msg(str`fill ${fill}`)} · ${writtenWords(head, formats)}</span>
        ${arrayChips(this.group, this.#id, formats)}
      </div>
      ${kind === 'value' ? nothing : this.#tools(head, kind)}
      <details>
        <summary>${msg('How it is stored')}</summary>
        ${isLocal(head.id) ? this.#dropping(head) : html`<exa-geometry-advice .head=${head}></exa-geometry-advice>`}
      </details>`;
  }

  /** An array of this browser is as its file was; it can only be removed. */
  #dropping(head: ArrayHead): unknown {
    const chunks = formatsFor(this).number(head.chunks);
    return html`<p class="meta">
        ${msg(str`Kept on this device in ${chunks} chunks of ${shapeWords(head.chunk.map(String))}; it is read, not written.`)}
      </p>
      ${
        this.dropping
          ? html`<p role="group" aria-label=${msg(str`Delete ${head.name} for good?`)}>
              <span>${msg('Delete for good?')}</span>
              <button class="button" @click=${() => void this.#drop(head.id)}>${msg('Delete')}</button>
              <button class="button quiet" @click=${() => (this.dropping = false)}>${msg('Keep')}</button>
            </p>`
          : html`<button class="button" @click=${() => (this.dropping = true)}>${msg('Delete')}</button>`
      }`;
  }

  async #drop(id: string): Promise<void> {
    this.dropping = false;
    const done = await this.job('drop', async () => {
      await this.client!.arrays.drop(id);
      return true;
    });
    if (done) changeWorkspace(this, goTo('datasets'));
  }

  #tools(head: ArrayHead, kind: 'lines' | 'map'): unknown {
    const { state, wrongIndex, wrongSlice, told } = this;
    return arrayTools({
      head,
      kind,
      place: this.#place,
      state,
      wrongIndex,
      wrongSlice,
      told,
      keep: (part) => this.#keep(part, false),
      refuse: (sentence) => {
        this.wrongIndex = sentence;
      },
      region: (towards) => void this.#region(towards),
      goIndex: this.#goIndex,
      goSlice: this.#goSlice,
    });
  }

  #pictures(head: ArrayHead): unknown {
    const kind = pictureOf(head.shape);
    if (kind === 'value') return html`<section class="cell whole"><b>${this.value ?? ''}</b></section>`;
    const tags = [kind === 'lines' ? 'exa-series' : 'exa-heatmap', 'exa-matrix', 'exa-histogram'];
    if (!this.#loader.has(...tags)) {
      const { error } = this.#loader;
      return error
        ? html`<exa-error-card class="whole" .error=${error} @exa-retry=${() => this.#loader.retry()}></exa-error-card>`
        : html`<div class="cell whole" style="min-height:280px"><div class="skeleton"></div></div>`;
    }
    return html`${kind === 'lines' ? this.#series(head) : this.#map(head)} ${this.#details(head, kind)}`;
  }

  #series(head: ArrayHead): unknown {
    const lines = this.#place.lines;
    return lines.map(
      (column, i) => html`<exa-series
        class="cell whole"
        array=${head.id}
        axis=${this.#place.rowAxis}
        style=${i === 0 && lines.length > 1 ? 'min-height:276px' : ''}
        ?overview=${i === 0}
        .at=${[...this.#place.leading, 0n, ...(head.shape.length > 1 ? [column] : [])]}
        .label=${head.shape.length > 1 ? msg(str`Column ${String(column)}`) : head.name}
        .scale=${this.#place.scale}
        .extent=${this.#place.extent}
        .point=${this.point}
        @exa-pick=${(event: CustomEvent<{ index: bigint }>) => this.#pick(event.detail.index, column)}
      ></exa-series>`,
    );
  }

  #map(head: ArrayHead): unknown {
    return html`<exa-heatmap
      class="cell whole"
      array=${head.id}
      .label=${msg('Map')}
      .at=${this.#place.leading}
      .rows=${this.#place.extent}
      .columns=${this.#place.across}
      .state=${this.#mapState()}
      @exa-cell=${(event: CellEvent) => this.#pick(event.detail.row, event.detail.column)}
    ></exa-heatmap>`;
  }

  #mapState(): Pick<HeatmapState, 'colors' | 'table'> {
    const { colors, table } = this.state;
    if (colors !== this.#mapKept.colors || table !== this.#mapKept.table) this.#mapKept = { colors, table };
    return this.#mapKept;
  }

  #details(head: ArrayHead, kind: 'lines' | 'map'): unknown {
    const place = this.#place;
    const { lines } = place;
    return html`<exa-matrix
        class="cell wide"
        bare
        array=${head.id}
        .label=${msg('Cells')}
        .at=${this.#place.leading}
        .state=${this.#matrixState()}
        @exa-cell=${(event: CellEvent) => {
          if (kind === 'lines') this.point = event.detail.row;
        }}
      ></exa-matrix>
      <exa-histogram
        class="cell narrow"
        id="spread"
        array=${head.id}
        column=${kind === 'lines' && head.shape.length > 1 ? String(lines[0]) : nothing}
        .label=${kind === 'lines' && head.shape.length > 1 ? msg(str`Values in view, column ${String(lines[0])}`) : msg('Values in view')}
        .range=${place.settledRows}
        .columns=${kind === 'map' ? place.settledColumns : undefined}
      ></exa-histogram>`;
  }

  /**
   * What the matrix is to show: the cell chosen where it is in view, else the beginning of what is. The same object as long
   * as it stands, so that a matrix scrolled by hand stays where it is.
   */
  #matrixState(): MatrixState {
    const next = this.#place.cells;
    if (JSON.stringify(next) !== JSON.stringify(this.#matrixKept)) this.#matrixKept = next;
    return this.#matrixKept;
  }

  /** What gadgets below keep for themselves is kept here: this view is what the workspace knows. */
  readonly #childState = (event: Event): void => {
    const { detail } = event as StateEvent;
    event.stopPropagation();
    const tag = (event.target as HTMLElement).localName;
    if (tag === 'exa-matrix') {
      const { cell } = detail.state as { cell: string };
      if (cell !== '' && cell !== this.state.cell) this.#keep({ cell }, true);
    }
    if (tag === 'exa-heatmap') {
      const { colors, table } = detail.state as HeatmapState;
      this.#keep({ colors, table }, true);
    }
  };

  #pick(row: bigint, column: bigint): void {
    this.point = row;
    this.#keep({ cell: `${row},${column}` }, true);
  }

  readonly #goIndex = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('#index');
    const text = input?.value.trim() ?? '';
    if (text === '') return;
    const isMap = this.#head.head !== undefined && pictureOf(this.#head.head.shape) === 'map';
    try {
      const { row, part } = toIndex(text, this.#place, isMap);
      this.wrongIndex = '';
      this.wrongSlice = '';
      this.point = isMap ? undefined : row;
      this.#keep(part, false);
    } catch (error) {
      this.wrongIndex = toExaError(error).message;
    }
  };

  readonly #goSlice = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('#slice');
    const { head } = this.#head;
    if (!input || !head) return;
    try {
      const part = toSlice(input.value, this.#place, pictureOf(head.shape) === 'lines');
      this.wrongSlice = '';
      this.wrongIndex = '';
      this.#keep(part, false);
    } catch (error) {
      this.wrongSlice = toExaError(error).message;
    }
  };

  async #region(towards: 1 | -1): Promise<void> {
    const { head } = this.#head;
    const client = this.client?.arrays;
    if (!head || !client) return;
    const isMap = pictureOf(head.shape) === 'map';
    await this.job('region', async (signal) => {
      this.told = msg('Looking for what is written…');
      try {
        const found = await regionBeside(client, head.id, this.#place, isMap, towards, signal);
        if (!found) {
          this.told =
            towards > 0 ? msg('Nothing is written after this.') : msg('Nothing is written before this.');
          return;
        }
        const { rows, columns } = found;
        this.#keep(toRegion(rows, columns, this.#place), false);
        this.told = msg(str`Rows ${groupDigits(rows.start)} to ${groupDigits(rows.end - 1n)}`);
      } catch (error) {
        const known = toExaError(error);
        this.told = known.tag === 'cancelled' ? '' : known.message;
      }
    });
  }
}

defineGadget('exa-array', ArrayView);
