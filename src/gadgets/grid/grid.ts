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
import { LinkedHeads } from '../linked-heads.ts';
import { openRow } from '../open.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { columnMenu } from './column-menu.ts';
import {
  firstOrder,
  type GridOrder,
  gridQuestion,
  headerGroups,
  nextOrder,
  windowRows,
} from './grid.query.ts';
import { gridStyles } from './grid.styles.ts';
import { gridBar } from './grid-bar.ts';
import { type GridColumn, gridColumns } from './grid-columns.ts';
import { copiedText } from './grid-copy.ts';
import { gridHeader, headerRows } from './grid-header.ts';
import { type GridRows, gridRow } from './grid-row.ts';
import { openedRow, type SelectEvent, selectedRows } from './open-row.ts';
import { RowHeight } from './row-height.ts';
import { ScrollController } from './scroll-controller.ts';
import type { Cell, CellRange } from './selection.ts';
import { SelectionController } from './selection-controller.ts';
import { ShownRows } from './shown-rows.ts';

/** What people chose: order (empty: newest first, or as they came), and the columns shown (empty: all). */
export interface GridState {
  readonly order: readonly GridOrder[];
  readonly columns: readonly ColumnRef[];
}

/** Width up to which rows are cards, as in the styles' container query, and a card's height. */
const cardWidthPx = 520;
const cardRowPx = 96;

/**
 * The rows of a data set that pass the group's filters, however many, in any order.
 * Attributes: `dataset` (property `source`). Property: `columns` by state. Events: `exa-open`, `exa-select`.
 */
export class GridGadget extends Gadget<GridState> {
  static override styles: CSSResultGroup = [gadgetStyles, gridStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getSelectionText'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    label: { type: String },
    menuFor: { state: true },
    told: { state: true },
  };

  declare source: string | undefined;
  declare label: string | undefined;
  declare menuFor: ColumnRef | undefined;
  declare told: string;

  readonly #head = new HeadController(this, () => this.source);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #answer = new AnswerController(this, () => this.#question());
  readonly #shown = new ShownRows();
  readonly #scroll = new ScrollController(this, {
    view: () => this.#view(),
    rows: () => this.#shown.matching,
    rowPx: () => this.#rowPx,
    headPx: () =>
      this.#cards ? 0 : (this.renderRoot.querySelector<HTMLElement>('.head')?.offsetHeight ?? 0),
  });
  readonly #rowHeight = new RowHeight(this);
  readonly #selection = new SelectionController(this, {
    rows: () => this.#shown.matching,
    columns: () => this.#columns().length,
    pageRows: () => Math.max(1, Math.floor(this.#scroll.viewPx / this.#rowPx) - 1),
    open: (row) => this.#open(row),
    moved: (cell) => void this.#reveal(cell),
    selected: () => this.#tellSelected(),
  });
  #asked: string | undefined;

  constructor() {
    super();
    this.told = '';
  }

  protected override initialState(): GridState {
    return { order: [], columns: [] };
  }

  /** The selected cells as tab-separated text, headers left out; empty without a selection. */
  async getSelectionText(): Promise<string> {
    const { range } = this.#selection;
    return range ? this.#textOf(range) : '';
  }

  get #groupId(): string {
    return this.id || `grid.${this.source}`;
  }

  #columns(): readonly GridColumn[] {
    const { heads } = this.#linked;
    return gridColumns(this.#head.head, this.state.columns, heads, (column, head) =>
      columnLabel(column, head, heads),
    );
  }

  #question(offset = this.#scroll.offset, limit = windowRows): RowsQuestion | undefined {
    const { source: dataset, group } = this;
    const head = this.#head.head;
    if (!dataset || !head || !this.#linked.settled) return undefined;
    return gridQuestion({
      dataset,
      columns: gridColumns(head, this.state.columns, this.#linked.heads).map(({ column }) => column),
      where: group?.where(dataset),
      order: this.#order(),
      offset,
      limit,
    });
  }

  #order(): readonly GridOrder[] {
    const head = this.#head.head;
    return this.state.order.length > 0 || !head ? this.state.order : firstOrder(head);
  }

  get #cards(): boolean {
    return this.#scroll.widthPx > 0 && this.#scroll.widthPx <= cardWidthPx;
  }

  get #rowPx(): number {
    return this.#cards ? cardRowPx : this.#rowHeight.px;
  }

  /** Another question (order, filters, columns) begins at its first row. */
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const asked = JSON.stringify(this.#question(0));
    if (asked !== this.#asked) this.#toTop();
    this.#asked = asked;
  }

  protected override update(changed: PropertyValues): void {
    this.#shown.take(this.#answer, this.#scroll.inView);
    super.update(changed);
  }

  #toTop(): void {
    this.#selection.clear();
    this.#scroll.toTop();
  }

  /** Every row that matches, with the columns shown, in their order. */
  override takeAway(): TakeAway | undefined {
    const what = this.#question(0);
    if (!what) return undefined;
    const columns = this.#columns().map(({ column, label }) => ({ id: column, name: label }));
    return { title: this.label ?? this.#head.head?.profile.label ?? '', data: { what, columns } };
  }

  protected override hasPicture(): boolean {
    return this.#shown.any;
  }

  protected override skeleton(): unknown {
    return html`<div class="bar"></div><div class="skeleton"></div>`;
  }

  protected override view(): unknown {
    const head = this.#head.head;
    if (!head) return nothing;
    const columns = this.#columns();
    const rows = this.#shown.matching;
    const rowPx = this.#rowPx;
    const { start, end, cutPx } = this.#scroll.inView;
    const { active, range } = this.#selection;
    const groups = headerGroups(
      columns.map(({ column }) => column),
      head,
    );
    const headRows = headerRows(groups);
    const shown = Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
    const drawn: GridRows = {
      columns,
      formats: formatsFor(this),
      zone: head.profile.zone,
      headerRows: headRows,
      range,
      active,
      find: (row) => this.#shown.find(row),
      pick: (event, cell) => this.#selection.pick(event, cell),
      drag: (event, cell) => this.#selection.drag(event, cell),
      tap: (row) => this.#tapped(row),
      open: (row) => this.#open(row),
    };
    return html`
      ${gridBar({
        rows,
        waiting: this.#shown.waiting,
        columns,
        order: this.state.order[0]?.column ?? '',
        newestFirst: firstOrder(head).length > 0,
        selecting: range !== undefined,
        formats: drawn.formats,
        showNew: () => this.#showNew(),
        sort: (column) => this.#sortBy(column),
        copy: () => this.#copyNow(),
        menu: cardMenu(this),
      })}
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
        @scroll=${this.#scroll.scrolled}
        @scrollend=${this.#scroll.settled}
        @keydown=${this.#key}
        @copy=${this.#copy}
      >
        ${gridHeader({
          columns,
          groups,
          order: this.state.order[0],
          open: this.menuFor,
          isFiltered: (column) => this.#filterOf(column) !== undefined,
          sort: (column) => this.#sort(column),
          filter: (column, button) => void this.#openMenu(column, button),
        })}
        <div class="canvas" role="presentation" style="height:${this.#scroll.scale.canvasPx}px">
          <div class="rows" role="presentation" style="transform:translateY(${this.#scroll.place.scrollTop - cutPx}px)">
            ${repeat(
              shown,
              (row) => row,
              (row) => gridRow(drawn, row),
            )}
          </div>
        </div>
        ${rows === 0 && this.phase !== 'loading' ? html`<p class="empty" role="row"><span role="gridcell">${this.group?.where(this.source ?? '') ? msg('No rows match') : msg('No rows yet')}</span></p>` : nothing}
      </div>
      <div class="popover" popover="auto" id="menu" @toggle=${this.#toggled}>${this.#menu(columns)}</div>
      <span class="hidden-text" role="status">${this.told}</span>
    `;
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

  #sortBy(column: ColumnRef | ''): void {
    const type = this.#columns().find((one) => one.column === column)?.type;
    void this.changeState({ order: column === '' ? [] : nextOrder([], column, type) });
  }

  /** Takes the rows that waited, and goes where they are: last in order of arrival, else first. */
  #showNew(): void {
    this.#shown.clear();
    this.#toTop();
    const [first] = this.#order();
    const last = first === undefined || (first.column === '_row' && !first.descending);
    void this.updateComplete.then(async () => {
      if (last) await this.#scroll.reveal(Math.max(0, this.#shown.matching - 1));
    });
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.target === this.#view() && this.#selection.key(event)) event.preventDefault();
  };

  async #reveal({ row, column }: Cell): Promise<void> {
    await this.#scroll.reveal(row);
    const cell = this.renderRoot.querySelector(`#c${row}-${column}`);
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** A tap on a card opens it; with a mouse that takes two clicks, as one selects. */
  #tapped(row: number): void {
    if (this.#cards) this.#open(row);
  }

  #open(row: number): void {
    const found = this.#shown.find(row);
    if (!found || !this.source) return;
    openRow(this, openedRow(this.source, found));
  }

  #tellSelected(): void {
    const { range } = this.#selection;
    if (!this.source) return;
    const detail = selectedRows(this.source, range, (row) => this.#shown.find(row));
    this.dispatchEvent(
      new CustomEvent('exa-select', { bubbles: true, composed: true, detail }) satisfies SelectEvent,
    );
  }

  readonly #copy = (event: ClipboardEvent): void => {
    if (!this.#selection.range) return;
    event.preventDefault();
    this.#copyNow();
  };

  #copyNow(): void {
    const { range } = this.#selection;
    if (!range) return;
    void this.job('copy', async (signal) => {
      const text = await this.#textOf(range, signal);
      signal.throwIfAborted();
      await navigator.clipboard.writeText(text);
      const cells = formatsFor(this).number(
        (range.rowEnd - range.rowStart) * (range.columnEnd - range.columnStart),
      );
      this.told = msg(str`${cells} cells copied`);
    });
  }

  #textOf(range: CellRange, signal?: AbortSignal): Promise<string> {
    return copiedText({
      range,
      columns: this.#columns(),
      find: (row) => this.#shown.find(row),
      client: this.client,
      question: (offset, limit) => this.#question(offset, limit),
      signal,
    });
  }

  #view(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.view') ?? null;
  }

  #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#menu');
  }
}

defineGadget('exa-grid', GridGadget);
