import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ColumnRef, Filter, RowsQuestion } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { columnMenu } from './column-menu.ts';
import {
  type GridOrder,
  gridQuestion,
  headerGroups,
  nextOrder,
  tsvOf,
  windowFor,
  windowRows,
} from './grid.query.ts';
import { gridStyles } from './grid.styles.ts';
import { type GridColumn, gridColumns } from './grid-columns.ts';
import { placeAt, rowsInView, type ScrollPlace, scaleOf, scrolledTo, toShow } from './scroll-scale.ts';
import { type CellRange, isSelected, movedBy, rangeOf, type Selection } from './selection.ts';
import { Windows } from './windows.ts';

/** What people chose: order, and the columns shown (empty: all). */
export interface GridState {
  readonly order: readonly GridOrder[];
  readonly columns: readonly ColumnRef[];
}

/** `exa-open` (bubbling, composed, cancelable): a row was activated. `values`: the shown columns, exact. */
export type OpenEvent = CustomEvent<{
  readonly dataset: string;
  readonly row: number;
  readonly values: Readonly<Record<ColumnRef, string>>;
}>;

/** Most cells copied at once. */
const maxCopiedRows = 10_000;

/** Rows below which a card is drawn for each; matches the container query of the styles. */
const cardWidthPx = 520;
const cardRowPx = 96;

/**
 * The rows of a data set that pass the group's filters, however many, in any order.
 * Attributes: `dataset` (property `source`). Property: `columns` by state. Event: `exa-open`.
 */
export class GridGadget extends Gadget<GridState> {
  static override styles: CSSResultGroup = [gadgetStyles, gridStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getSelectionText'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    label: { type: String },
    place: { state: true },
    viewPx: { state: true },
    widthPx: { state: true },
    offset: { state: true },
    selection: { state: true },
    menuFor: { state: true },
    told: { state: true },
  };

  declare source: string | undefined;
  declare label: string | undefined;
  declare place: ScrollPlace;
  declare viewPx: number;
  declare widthPx: number;
  declare offset: number;
  declare selection: Selection | undefined;
  declare menuFor: ColumnRef | undefined;
  declare told: string;

  readonly #head = new HeadController(this, () => this.source);
  readonly #answer = new AnswerController(this, () => this.#question());
  readonly #windows = new Windows();
  /** What is shown: rows that match and the version they are as of; new rows wait for a click. */
  #shown: { readonly key: string; readonly matching: number; readonly version: number } | undefined;
  #waiting = 0;

  constructor() {
    super();
    this.place = { scrollTop: 0, abovePx: 0 };
    this.viewPx = 0;
    this.widthPx = 0;
    this.offset = 0;
    this.told = '';
    this.service((signal) => this.#watchSize(signal));
  }

  protected override initialState(): GridState {
    return { order: [], columns: [] };
  }

  protected override onStateChange(changed: Partial<GridState>): void {
    if (changed.order) this.#toTop();
  }

  /** The selected cells as tab-separated text, headers left out; empty without a selection. */
  async getSelectionText(): Promise<string> {
    return this.selection ? this.#textOf(rangeOf(this.selection), undefined) : '';
  }

  get #groupId(): string {
    return this.id || `grid.${this.source}`;
  }

  #columns(): readonly GridColumn[] {
    return gridColumns(this.#head.head, this.state.columns, this.#answer.answer, (column, head) =>
      columnLabel(column, head),
    );
  }

  #question(offset = this.offset, limit = windowRows): RowsQuestion | undefined {
    const { source: dataset, group } = this;
    if (!dataset || !this.#head.head) return undefined;
    const columns = gridColumns(this.#head.head, this.state.columns).map(({ column }) => column);
    return gridQuestion({
      dataset,
      columns,
      where: group?.where(dataset),
      order: this.state.order,
      offset,
      limit,
    });
  }

  get #rowPx(): number {
    if (this.widthPx > 0 && this.widthPx <= cardWidthPx) return cardRowPx;
    return Number.parseFloat(getComputedStyle(this).getPropertyValue('--exa-density-row')) || 36;
  }

  protected override update(changed: PropertyValues): void {
    this.#take();
    super.update(changed);
  }

  /** Takes a window that came; rows that arrive while people read wait behind "N new". */
  #take(): void {
    const { answer, coverage, question } = this.#answer;
    if (!answer || !coverage || question?.kind !== 'rows' || this.#answer.phase === 'loading') return;
    const key = JSON.stringify({ ...question, offset: 0 });
    const matching = coverage.matching ?? coverage.rows;
    const same = this.#shown?.key === key;
    if (same && this.#shown && coverage.version > this.#shown.version && matching > this.#shown.matching) {
      this.#waiting = matching - this.#shown.matching;
      return;
    }
    if (!same) this.#toTop();
    this.#waiting = 0;
    this.#shown = { key, matching, version: coverage.version };
    this.#windows.put(`${key}@${coverage.version}`, question.offset, answer);
  }

  #toTop(): void {
    this.place = { scrollTop: 0, abovePx: 0 };
    this.offset = 0;
    this.selection = undefined;
    const view = this.#view();
    if (view) view.scrollTop = 0;
  }

  protected override hasPicture(): boolean {
    return this.#shown !== undefined;
  }

  protected override skeleton(): unknown {
    return html`<div class="bar"></div><div class="skeleton"></div>`;
  }

  protected override view(): unknown {
    const head = this.#head.head;
    if (!head) return nothing;
    const columns = this.#columns();
    const rows = this.#shown?.matching ?? 0;
    const rowPx = this.#rowPx;
    const scale = scaleOf(rows, rowPx, this.viewPx);
    const { start, end, cutPx } = rowsInView(this.place, rows, rowPx, this.viewPx);
    const range = this.selection && rangeOf(this.selection);
    const groups = headerGroups(
      columns.map(({ column }) => column),
      head,
    );
    const headRows = groups.some(({ link }) => link !== undefined) ? 2 : 1;
    const active = this.selection?.active;
    const shown = Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
    return html`
      ${this.#bar(rows, columns)}
      <div
        class="view"
        role="grid"
        tabindex="0"
        aria-label=${this.label ?? head.profile.label}
        aria-rowcount=${rows + headRows}
        aria-colcount=${columns.length}
        aria-multiselectable="true"
        aria-activedescendant=${active && active.row >= start && active.row < end ? `c${active.row}-${active.column}` : nothing}
        style="--columns:${columns.map(({ track }) => track).join(' ')};--row-height:${rowPx}px"
        @scroll=${this.#scrolled}
        @scrollend=${this.#settled}
        @keydown=${this.#key}
        @copy=${this.#copy}
      >
        ${this.#header(columns, groups, headRows)}
        <div class="canvas" role="presentation" style="height:${scale.canvasPx}px">
          <div class="rows" role="presentation" style="transform:translateY(${this.place.scrollTop - cutPx}px)">
            ${repeat(
              shown,
              (row) => row,
              (row) => this.#row(row, columns, range, headRows),
            )}
          </div>
        </div>
        ${rows === 0 && this.phase !== 'loading' ? html`<p class="empty" role="row"><span role="gridcell">${msg('No rows match')}</span></p>` : nothing}
      </div>
      <div class="popover" popover="auto" id="menu" @toggle=${this.#toggled}>${this.#menu(columns)}</div>
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  #bar(rows: number, columns: readonly GridColumn[]): unknown {
    const formats = formatsFor(this);
    const count = formats.number(rows);
    const fresh = formats.number(this.#waiting);
    const order = this.state.order[0]?.column ?? '';
    return html`<div class="bar">
      <span>${rows === 1 ? msg('1 row') : msg(str`${count} rows`)}</span>
      ${
        this.#waiting > 0
          ? html`<button class="button quiet small new" @click=${this.#showNew}>${msg(str`${fresh} new · show`)}</button>`
          : nothing
      }
      <span class="spacer"></span>
      <select class="sort" aria-label=${msg('Sort by')} @change=${this.#sortChosen}>
        <option value="" ?selected=${order === ''}>${msg('As they came')}</option>
        ${columns.map(({ column, label }) => html`<option value=${column} ?selected=${order === column}>${label}</option>`)}
      </select>
      ${
        this.selection
          ? html`<button class="button quiet small" @click=${() => this.#copyNow()}>${icon('copy')}${msg('Copy')}</button>`
          : nothing
      }
    </div>`;
  }

  #header(
    columns: readonly GridColumn[],
    groups: readonly { readonly link: string | undefined; readonly span: number }[],
    headRows: number,
  ): unknown {
    return html`<div class="head" role="rowgroup">
      ${
        headRows === 2
          ? html`<div class="row groups" role="row" aria-rowindex="1">
              ${groups.map(
                ({ link, span }) =>
                  html`<div class="cell" role="columnheader" aria-colspan=${span} style="grid-column:span ${span}">${link ?? nothing}</div>`,
              )}
            </div>`
          : nothing
      }
      <div class="row" role="row" aria-rowindex=${headRows}>
        ${columns.map((column, index) => this.#headerCell(column, index))}
      </div>
    </div>`;
  }

  #headerCell({ column, heading, numeric, type }: GridColumn, index: number): unknown {
    const order = this.state.order[0];
    const sorted = order?.column === column ? (order.descending ? 'descending' : 'ascending') : undefined;
    const filtered = this.#filterOf(column) !== undefined;
    return html`<div
      class=${numeric ? 'cell number' : 'cell'}
      role="columnheader"
      aria-colindex=${index + 1}
      aria-sort=${sorted ?? nothing}
    >
      <button class="by" @click=${() => this.#sort(column)} title=${heading}>
        <span>${heading}</span>${sorted ? icon(sorted === 'descending' ? 'arrow-down' : 'arrow-up') : nothing}
      </button>
      ${
        type
          ? html`<button
              class=${filtered ? 'menu filtered' : 'menu'}
              aria-label=${msg(str`Filter ${heading}`)}
              aria-haspopup="dialog"
              aria-expanded=${this.menuFor === column}
              @click=${(event: MouseEvent) => this.#openMenu(column, event.currentTarget as HTMLElement)}
            >${icon('filter')}</button>`
          : nothing
      }
    </div>`;
  }

  #row(row: number, columns: readonly GridColumn[], range: CellRange | undefined, headRows: number): unknown {
    const found = this.#windows.find(row);
    const formats = formatsFor(this);
    const zone = this.#head.head?.profile.zone;
    const active = this.selection?.active;
    return html`<div
      class=${found ? 'row body' : 'row body pending'}
      role="row"
      aria-rowindex=${row + 1 + headRows}
      @dblclick=${() => this.#open(row)}
    >
      ${columns.map(({ column, label, type, numeric, plain }, index) => {
        const known = found?.table.has(column) ? found : undefined;
        const kind = type ?? known?.table.type(column);
        const text = known && kind ? formats.cell(cellValue(known, column), kind, { zone, plain }) : '';
        const isActive = active?.row === row && active.column === index;
        const selected = isSelected(range, row, index);
        return html`<div
          id="c${row}-${index}"
          class="cell ${numeric ? 'number' : ''} ${selected ? 'selected' : ''} ${isActive ? 'active' : ''}"
          role="gridcell"
          aria-colindex=${index + 1}
          aria-selected=${selected}
          data-label=${label}
          @pointerdown=${(event: PointerEvent) => this.#pick(event, row, index)}
          @pointerenter=${(event: PointerEvent) => this.#drag(event, row, index)}
          @click=${() => this.#tapped(row)}
        ><span class="text">${text}</span></div>`;
      })}
    </div>`;
  }

  #menu(columns: readonly GridColumn[]): unknown {
    const column = columns.find((one) => one.column === this.menuFor);
    if (!column?.type) return nothing;
    return columnMenu({
      column: column.column,
      label: column.label,
      type: column.type,
      filter: this.#filterOf(column.column),
      apply: (filter) => {
        if (this.source)
          this.group?.set(`${this.#groupId}.${column.column}`, filter && { dataset: this.source, filter });
        this.#popover()?.hidePopover();
      },
    });
  }

  #filterOf(column: ColumnRef): Filter | undefined {
    return this.group?.filters[`${this.#groupId}.${column}`]?.filter;
  }

  async #openMenu(column: ColumnRef, button: HTMLElement): Promise<void> {
    this.menuFor = column;
    await this.updateComplete;
    const popover = this.#popover();
    if (!popover) return;
    const box = button.getBoundingClientRect();
    popover.style.top = `${box.bottom + 4}px`;
    popover.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - 248))}px`;
    popover.showPopover();
    popover.querySelector<HTMLElement>('input, select')?.focus();
  }

  readonly #toggled = (event: ToggleEvent): void => {
    if (event.newState === 'closed') this.menuFor = undefined;
  };

  #sort(column: ColumnRef): void {
    const type = this.#columns().find((one) => one.column === column)?.type;
    void this.changeState({ order: nextOrder(this.state.order, column, type) });
  }

  readonly #sortChosen = (event: Event): void => {
    const column = (event.target as HTMLSelectElement).value;
    const type = this.#columns().find((one) => one.column === column)?.type;
    void this.changeState({ order: column === '' ? [] : nextOrder([], column, type) });
  };

  readonly #showNew = (): void => {
    this.#shown = undefined;
    this.#windows.clear();
    this.#toTop();
    this.requestUpdate();
  };

  readonly #scrolled = (): void => {
    const view = this.#view();
    if (!view || view.scrollTop === this.place.scrollTop) return;
    const scale = scaleOf(this.#shown?.matching ?? 0, this.#rowPx, this.viewPx);
    this.#goTo(scrolledTo(scale, this.place, view.scrollTop));
  };

  /** Short moves leave the scroll bar behind its rows; once still, it is put where it belongs. */
  readonly #settled = (): void => {
    const view = this.#view();
    const scale = scaleOf(this.#shown?.matching ?? 0, this.#rowPx, this.viewPx);
    if (!view || scale.fullPx <= scale.canvasPx) return;
    this.place = placeAt(scale, this.place.abovePx);
    view.scrollTop = this.place.scrollTop;
  };

  #goTo(place: ScrollPlace): void {
    this.place = place;
    const { start, end } = rowsInView(place, this.#shown?.matching ?? 0, this.#rowPx, this.viewPx);
    this.offset = windowFor(start, end, this.offset);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.target !== this.#view()) return;
    const rows = this.#shown?.matching ?? 0;
    const columns = this.#columns();
    const pageRows = Math.max(1, Math.floor(this.viewPx / this.#rowPx) - 1);
    if (event.key === 'Enter' && this.selection) {
      this.#open(this.selection.active.row);
      return;
    }
    if (event.key === 'Escape') {
      this.selection = undefined;
      return;
    }
    const from = this.selection ?? { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
    const key = { key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
    const moved = movedBy(from, key, { rows, columns: columns.length, pageRows });
    if (!moved) return;
    event.preventDefault();
    this.selection = this.selection ? moved : from;
    const { row, column } = this.selection.active;
    const scale = scaleOf(rows, this.#rowPx, this.viewPx);
    this.#goTo(placeAt(scale, toShow(this.place, row, this.#rowPx, this.viewPx)));
    void this.updateComplete.then(() => {
      const view = this.#view();
      if (view) view.scrollTop = this.place.scrollTop;
      this.renderRoot
        .querySelector(`#c${row}-${column}`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  };

  #pick(event: PointerEvent, row: number, column: number): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const active = { row, column };
    this.selection =
      event.shiftKey && this.selection
        ? { anchor: this.selection.anchor, active }
        : { anchor: active, active };
  }

  #drag(event: PointerEvent, row: number, column: number): void {
    if (event.buttons !== 1 || event.pointerType === 'touch' || !this.selection) return;
    this.selection = { anchor: this.selection.anchor, active: { row, column } };
  }

  /** A tap on a card opens it; with a mouse that takes two clicks, as one selects. */
  #tapped(row: number): void {
    if (this.widthPx <= cardWidthPx) this.#open(row);
  }

  #open(row: number): void {
    const found = this.#windows.find(row);
    if (!found || !this.source) return;
    const { table, at } = found;
    const values = Object.fromEntries(
      table.names.filter((name) => name !== '_row').map((name) => [name, table.exact(name, at)]),
    );
    const detail = { dataset: this.source, row: Number(table.value('_row', at)), values };
    this.dispatchEvent(
      new CustomEvent('exa-open', { bubbles: true, composed: true, cancelable: true, detail }),
    );
  }

  readonly #copy = (event: ClipboardEvent): void => {
    if (!this.selection) return;
    event.preventDefault();
    this.#copyNow();
  };

  #copyNow(): void {
    const { selection } = this;
    if (!selection) return;
    void this.job('copy', async (signal) => {
      const range = rangeOf(selection);
      const text = await this.#textOf(range, signal);
      signal.throwIfAborted();
      await navigator.clipboard.writeText(text);
      const cells = formatsFor(this).number(
        (range.rowEnd - range.rowStart) * (range.columnEnd - range.columnStart),
      );
      this.told = msg(str`${cells} cells copied`);
    });
  }

  async #textOf(range: CellRange, signal: AbortSignal | undefined): Promise<string> {
    const columns = this.#columns().slice(range.columnStart, range.columnEnd);
    const rows = Math.min(maxCopiedRows, range.rowEnd - range.rowStart);
    const line = (found: { table: { exact(name: string, row: number): string }; at: number }): string[] =>
      columns.map(({ column }) => found.table.exact(column, found.at));
    const here = Array.from({ length: rows }, (_, i) => this.#windows.find(range.rowStart + i));
    if (here.every((found) => found !== undefined)) return tsvOf(here.map(line));
    const question = this.#question(range.rowStart, rows);
    if (!question || !this.client) return '';
    const { openAnswer } = await import('../../arrow/answer-table.ts');
    const table = openAnswer((await this.client.ask(question, { signal })).bytes);
    return tsvOf(Array.from({ length: table.rows }, (_, at) => line({ table, at })));
  }

  #watchSize(signal: AbortSignal): void {
    this.#sizes = new ResizeObserver(() => {
      const view = this.#view();
      this.widthPx = this.clientWidth;
      const cards = this.widthPx <= cardWidthPx;
      const head = this.renderRoot.querySelector<HTMLElement>('.head');
      this.viewPx = view ? Math.max(0, view.clientHeight - (cards ? 0 : (head?.offsetHeight ?? 0))) : 0;
    });
    this.#sizes.observe(this);
    signal.addEventListener('abort', () => {
      this.#sizes?.disconnect();
      this.#sized = null;
    });
  }

  #sizes: ResizeObserver | undefined;
  #sized: HTMLElement | null = null;

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const view = this.#view();
    if (!view || view === this.#sized) return;
    if (this.#sized) this.#sizes?.unobserve(this.#sized);
    this.#sized = view;
    this.#sizes?.observe(view);
  }

  #view(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.view') ?? null;
  }

  #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#menu');
  }
}

/** Decimals and big integers as text, so that a cell shows all digits. */
function cellValue(
  { table, at }: NonNullable<ReturnType<Windows['find']>>,
  column: string,
): string | number | bigint | boolean | null {
  const value = table.value(column, at);
  return value !== null && table.type(column).kind === 'decimal' ? table.exact(column, at) : value;
}

defineGadget('exa-grid', GridGadget);
