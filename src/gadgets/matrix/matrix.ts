import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Window, WindowQuestion } from '../../protocol/array-client.ts';
import { toExaError } from '../../protocol/errors.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { arrayTakeAway } from '../exact/array-take-away.ts';
import { elementText, parseElement } from '../exact/element-text.ts';
import { groupDigits, parseIndex } from '../exact/index-text.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import './exact-scrollbar.ts';
import type { ScrollEvent } from './exact-scrollbar.ts';
import { matrixStyles } from './matrix.styles.ts';
import { MatrixEdits } from './matrix-edits.ts';
import { MatrixLayout } from './matrix-layout.ts';
import { PanController } from './matrix-pan.ts';
import {
  columnHeads,
  findCell,
  type MatrixRows,
  matrixRows,
  windowColumns,
  windowIndices,
} from './matrix-rows.ts';
import { centred, clampPosition, revealed, scrolledBy, shownItems } from './matrix-scroll.ts';
import { cellsOf, keyedCell, type MatrixCell, type MatrixRange, rangeBetween } from './matrix-selection.ts';
import { plainText, rangeText } from './matrix-text.ts';

/** Where one is, exact decimal text: first row and column in view, and the cell chosen (`row,column`; empty: none). */
export interface MatrixState {
  readonly row: string;
  readonly column: string;
  readonly cell: string;
}

/** `exa-cell`: the cell that was chosen. */
export type CellEvent = CustomEvent<MatrixCell>;

/**
 * The exact elements of an array, however large, in a grid that scrolls by itself: over the last two axes, or the only one.
 * Attributes: `array`, `label`, `readonly`, `bare`; `settling` is set while exact values are on their way. Property: `at` (indices along the axes before the last two). Event: `exa-cell`.
 */
export class MatrixGadget extends Gadget<MatrixState> {
  static override styles: CSSResultGroup = [gadgetStyles, matrixStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'goTo', 'getSelectionText'];
  static override properties: PropertyDeclarations = {
    array: { type: String },
    label: { type: String },
    readonly: { type: Boolean },
    bare: { type: Boolean },
    at: { attribute: false },
    top: { state: true },
    left: { state: true },
    anchor: { state: true },
    active: { state: true },
    editing: { state: true },
    wrong: { state: true },
    refused: { state: true },
    told: { state: true },
  };

  declare array: string | undefined;
  declare label: string | undefined;
  declare readonly: boolean;
  /** Without the box to go to an index: who holds it has one. */
  declare bare: boolean;
  declare at: readonly bigint[] | undefined;
  /** First row and column in view, in millionths. */
  declare top: bigint;
  declare left: bigint;
  declare anchor: MatrixCell | undefined;
  declare active: MatrixCell | undefined;
  declare editing: string | undefined;
  /** Why the index asked for is none. */
  declare wrong: string;
  /** Why the last edit was not made. */
  declare refused: string;
  declare told: string;

  readonly #head = new ArrayHeadController(this, () => this.array);
  readonly #window = new ArrayAnswer<WindowQuestion, Window>(
    this,
    () => this.#question(),
    (client, question, observer) => client.window(question, observer),
    (window) => {
      this.#windows = [
        window,
        ...this.#windows.filter((one) => one.coverage.version === window.coverage.version),
      ].slice(0, 3);
      this.#edits.settle(window);
    },
  );
  readonly #pan = new PanController(this, { pan: (right, down) => this.#scroll(right, down) });
  #windows: readonly Window[] = [];
  readonly #edits = new MatrixEdits();
  #isDragging = false;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #of: string | undefined;
  #isPlaced = false;
  #sizes: ResizeObserver | undefined;

  constructor() {
    super();
    this.readonly = false;
    this.bare = false;
    this.top = 0n;
    this.left = 0n;
    this.wrong = '';
    this.refused = '';
    this.told = '';
  }

  protected override initialState(): MatrixState {
    return { row: '0', column: '0', cell: '' };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.requestUpdate());
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    clearTimeout(this.#keeping);
  }

  /** Brings a cell into view and chooses it. Indices as people write them; throws `invalid` with a sentence. */
  async goTo(row: string | bigint, column: string | bigint = this.active?.column ?? 0n): Promise<void> {
    const layout = this.#layout;
    const { rows, columns } = layout.size;
    const read = (index: string | bigint, size: bigint): bigint => parseIndex(String(index), size);
    const cell = { row: read(row, rows), column: read(column, columns) };
    this.top = centred(cell.row, layout.rows);
    this.left = revealed(cell.column, this.left, layout.columns);
    this.#choose(cell, false);
  }

  /** The elements in view and some beside them, exact. */
  override takeAway(): TakeAway | undefined {
    const [window] = this.#windows;
    const { head } = this.#head;
    if (!window || !head) return undefined;
    const { dtype } = window;
    const formats = formatsFor(this);
    const columns = windowIndices(window);
    return arrayTakeAway({
      title: this.label ?? head.name,
      names: [msg('Row'), ...(columns.length > 0 ? columns.map(String) : [msg('Value')])],
      make: () =>
        windowColumns(window, (value) => plainText(value, dtype, elementText(value, dtype, formats))),
      coverage: window.coverage,
    });
  }

  /** The selected cells as tab-separated text; empty without a selection. */
  async getSelectionText(): Promise<string> {
    const range = this.#range;
    return range ? await this.#textOf(range) : '';
  }

  get #range(): MatrixRange | undefined {
    return this.active && rangeBetween(this.anchor ?? this.active, this.active);
  }

  /** Indices along the axes before the last two. */
  #places(): readonly bigint[] {
    return this.#head.shape.slice(0, -2).map((size, axis) => {
      const asked = this.at?.[axis] ?? 0n;
      return asked < size ? asked : size - 1n;
    });
  }

  get #view(): HTMLElement | undefined {
    return this.renderRoot?.querySelector<HTMLElement>('.view') ?? undefined;
  }

  /** Where cells lie now. */
  get #layout(): MatrixLayout {
    return new MatrixLayout(this.#head.shape, this.#head.head?.dtype ?? 'float64', {
      row: Number.parseFloat(getComputedStyle(this).getPropertyValue('--exa-density-row')) || 28,
      width: this.#view?.clientWidth ?? 600,
      height: this.#view?.clientHeight ?? 300,
    });
  }

  #question(): WindowQuestion | undefined {
    if (!this.array || !this.#head.head) return undefined;
    const isFlat = this.#head.shape.length === 1;
    return this.#layout.question(this.array, this.#places(), isFlat, this.top, this.left);
  }

  #scroll(rightPx: number, downPx: number): boolean {
    const { rows, columns } = this.#layout;
    const [top, left] = [scrolledBy(this.top, downPx, rows), scrolledBy(this.left, rightPx, columns)];
    if (top === this.top && left === this.left) return false;
    this.top = top;
    this.left = left;
    this.#keepSoon();
    return true;
  }

  /** The place is kept once it stands still. */
  #keepSoon(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => {
      const [row, column] = [String(this.top / 1_000_000n), String(this.left / 1_000_000n)];
      const cell = this.active ? `${this.active.row},${this.active.column}` : '';
      void this.changeState({ row, column, cell });
    }, 250);
  }

  #choose(cell: MatrixCell, extend: boolean): void {
    if (!extend) this.anchor = cell;
    const isNew = this.active?.row !== cell.row || this.active?.column !== cell.column;
    this.active = cell;
    this.refused = '';
    this.#keepSoon();
    if (isNew)
      this.dispatchEvent(
        new CustomEvent('exa-cell', { bubbles: true, composed: true, detail: cell }) satisfies CellEvent,
      );
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const of = `${this.array} ${this.#places().join()}`;
    if (of !== this.#of) {
      this.#windows = [];
      this.#edits.clear();
    }
    this.#of = of;
    if (!this.#isPlaced && this.#head.head) this.#place();
    const { rows, columns } = this.#layout;
    if (this.#head.head) {
      this.top = clampPosition(this.top, rows);
      this.left = clampPosition(this.left, columns);
    }
  }

  protected override onStateChange(changed: Partial<MatrixState>): void {
    if (changed.row !== undefined && changed.row !== String(this.top / 1_000_000n)) this.#isPlaced = false;
    if (
      changed.cell !== undefined &&
      changed.cell !== (this.active ? `${this.active.row},${this.active.column}` : '')
    )
      this.#isPlaced = false;
  }

  /** Takes the place the state says, as far as it can be read. */
  #place(): void {
    this.#isPlaced = true;
    const { rows, columns } = this.#layout.size;
    const { active } = this;
    // The cell chosen here comes back as the state: it is in view where it is.
    if (active && this.state.cell === `${active.row},${active.column}` && this.#isActiveShown(this.#drawn()))
      return;
    const number = (text: string | undefined): bigint => (/^\d{1,20}$/.test(text ?? '') ? BigInt(text!) : 0n);
    this.top = number(this.state.row) * 1_000_000n;
    this.left = number(this.state.column) * 1_000_000n;
    const found = /^(\d{1,20}),(\d{1,20})$/.exec(this.state.cell);
    const cell = found && { row: BigInt(found[1]!), column: BigInt(found[2]!) };
    if (cell && cell.row < rows && cell.column < columns) {
      this.active = cell;
      this.anchor = cell;
    }
  }

  protected override hasPicture(): boolean {
    return this.#head.head !== undefined;
  }

  protected override skeleton(): unknown {
    return html`<div class="bar"><h3>${this.label ?? this.array}</h3></div><div class="skeleton"></div>`;
  }

  protected override heading(): unknown {
    return html`<div class="bar"><h3>${this.label ?? this.array}</h3></div>`;
  }

  protected override view(): unknown {
    const { head } = this.#head;
    if (!head) return nothing;
    const name = this.label ?? head.name;
    const layout = this.#layout;
    if (layout.isEmpty)
      return html`<div class="bar"><h3>${name}</h3></div><p class="empty">${msg('This array has no elements.')}</p>`;
    const { rows, columns, size } = layout;
    const drawn = this.#drawn();
    return html`
      ${this.#bar(name)}
      <div class="frame">
        <div
          class="view"
          id="view"
          role="grid"
          tabindex="0"
          aria-label=${name}
          aria-rowcount=${size.rows < 2n ** 31n ? Number(size.rows) + 1 : -1}
          aria-colcount=${size.columns < 2n ** 31n ? Number(size.columns) + 1 : -1}
          aria-multiselectable="true"
          aria-readonly=${String(this.readonly)}
          aria-activedescendant=${this.#isActiveShown(drawn) ? 'active' : nothing}
          style="--row:${rows.itemPx}px;--cell:${columns.itemPx}px;--rowhead:${layout.rowHeadPx}px"
          @keydown=${this.#key}
          @copy=${this.#copy}
          @pointerdown=${this.#down}
          @pointermove=${this.#move}
          @pointerup=${this.#up}
          @pointercancel=${this.#up}
          @dblclick=${() => this.#edit()}
        >
          <div class="head" role="row">
            <span class="corner" role="columnheader">${msg('Row')}</span>
            <div class="columnheads" role="presentation">${columnHeads(drawn)}</div>
          </div>
          <div class="rows" role="presentation">${matrixRows(drawn)}</div>
        </div>
        <exa-exact-scrollbar
          orientation="vertical"
          controls="view"
          label=${msg('Rows')}
          .axis=${rows}
          .position=${this.top}
          @exa-scroll=${(event: ScrollEvent) => this.#jump('top', event.detail)}
        ></exa-exact-scrollbar>
        ${
          columns.size * BigInt(columns.itemPx) > BigInt(Math.ceil(columns.viewPx))
            ? html`<exa-exact-scrollbar
                orientation="horizontal"
                controls="view"
                label=${msg('Columns')}
                .axis=${columns}
                .position=${this.left}
                @exa-scroll=${(event: ScrollEvent) => this.#jump('left', event.detail)}
              ></exa-exact-scrollbar>`
            : nothing
        }
      </div>
      ${this.#foot(drawn)}
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  #jump(side: 'top' | 'left', position: bigint): void {
    this[side] = position;
    this.#keepSoon();
  }

  #bar(name: string): unknown {
    const isTable = this.#head.shape.length > 1 && this.#layout.size.columns > 16n;
    return html`<div class="bar">
      <h3>${name}</h3>
      <form class="go" ?hidden=${this.bare} @submit=${this.#go}>
        <label for="go">${msg('Go to')}</label>
        <input
          id="go"
          autocomplete="off"
          spellcheck="false"
          placeholder=${isTable ? msg('row, column') : msg('row: 1e17, −1')}
          aria-invalid=${this.wrong === '' ? 'false' : 'true'}
          aria-describedby="wrong"
          @input=${() => {
            this.wrong = '';
          }}
        />
        <button class="button small">${msg('Go')}</button>
      </form>
      <span class="spacer"></span>
      <button class="button quiet small" title=${msg('Copy the selected cells')} ?hidden=${!this.#range} @click=${() => this.#copyNow()}>
        ${icon('copy')}${msg('Copy')}
      </button>
      ${cardMenu(this)}
      <p class="wrong" id="wrong" role="alert" ?hidden=${this.wrong === ''}>${this.wrong}</p>
    </div>`;
  }

  readonly #go = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('#go');
    const text = input?.value.trim() ?? '';
    if (text === '') return;
    // "1,000" is one number, "5, 7" is two.
    const [row = '', column] = text.includes(';') ? text.split(';') : text.split(/,\s+|,(?!\d{3}(?:\D|$))/);
    this.goTo(row, column ?? this.active?.column ?? 0n).then(
      () => this.#view?.focus({ preventScroll: true }),
      (error: unknown) => {
        this.wrong = toExaError(error).message;
      },
    );
  };

  #foot(drawn: MatrixRows): unknown {
    const { active } = this;
    const range = this.#range;
    if (this.refused !== '')
      return html`<div class="foot"><span class="bad" role="alert">${this.refused}</span></div>`;
    if (!active || !range) return html`<div class="foot">${this.#shapeText()}</div>`;
    const count = cellsOf(range);
    const found = drawn.find(active);
    const fill = String(this.#head.head?.fill ?? '');
    const value = !found
      ? nothing
      : found.kind === 'unwritten'
        ? msg(str`Unwritten: fill value ${fill}`)
        : found.kind === 'away'
          ? msg('Not on this device')
          : html`<b>${drawn.text(found.value)}</b>`;
    return html`<div class="foot">
      <span>[${groupDigits(active.row)}${this.#head.shape.length > 1 ? `, ${groupDigits(active.column)}` : ''}]</span>
      ${count > 1n ? html`<span>${msg(str`${groupDigits(count)} cells selected`)}</span>` : value}
      ${this.readonly || count > 1n ? nothing : html`<span>${msg('Enter edits')}</span>`}
    </div>`;
  }

  #shapeText(): string {
    const { rows, columns } = this.#layout.size;
    return msg(str`${groupDigits(rows)} rows, ${groupDigits(columns)} columns`);
  }

  #drawn(): MatrixRows {
    const dtype = this.#head.head?.dtype ?? 'float64';
    const formats = formatsFor(this);
    const { rows, columns } = this.#layout;
    return {
      rows: shownItems(this.top, rows),
      columns: shownItems(this.left, columns),
      active: this.active,
      range: this.#range,
      find: (cell) => findCell(this.#windows, cell),
      text: (value) => elementText(value, dtype, formats),
      kept: (cell) => this.#edits.textAt(cell),
      editing: this.editing,
      edited: (text) => {
        this.editing = text;
      },
      editKey: this.#editKey,
      editLeft: () => this.#commit(),
      columnName: (column) => (this.#head.shape.length === 1 ? msg('Value') : groupDigits(column)),
    };
  }

  #isActiveShown({ rows, columns }: MatrixRows): boolean {
    const { active } = this;
    return (
      active !== undefined &&
      active.row >= rows.start &&
      active.row < rows.end &&
      active.column >= columns.start &&
      active.column < columns.end
    );
  }

  #cellAt(event: PointerEvent): MatrixCell | undefined {
    const box = this.#view?.getBoundingClientRect();
    if (!box) return undefined;
    return this.#layout.cellAt(event.clientX - box.left, event.clientY - box.top, this.top, this.left);
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#isDragging = false;
    if (event.pointerType === 'touch') {
      this.#pan.down(event);
      return;
    }
    const cell = this.#cellAt(event);
    if (!cell) return;
    this.#isDragging = true;
    this.#choose(cell, event.shiftKey);
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#pan.move(event) || !this.#isDragging || event.buttons === 0) return;
    const cell = this.#cellAt(event);
    if (cell) this.#choose(cell, true);
  };

  readonly #up = (event: PointerEvent): void => {
    this.#isDragging = false;
    if (event.pointerType === 'touch' && event.type === 'pointerup') {
      const cell = this.#cellAt(event);
      this.#pan.up(event);
      if (cell && Math.hypot(event.movementX, event.movementY) < 4) this.#choose(cell, false);
    }
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.composedPath()[0] !== this.#view) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key.toLowerCase() === 'g') {
      event.preventDefault();
      this.renderRoot.querySelector<HTMLInputElement>('#go')?.focus();
      return;
    }
    if (event.key === 'Enter' || event.key === 'F2') {
      event.preventDefault();
      this.#edit();
      return;
    }
    const { active } = this;
    const isTyped = !ctrl && !event.altKey && /^[\d.+−-]$/.test(event.key);
    if (active && isTyped) {
      event.preventDefault();
      this.#edit(event.key);
      return;
    }
    const first = { row: this.top / 1_000_000n, column: this.left / 1_000_000n };
    const { rows, size } = this.#layout;
    const page = BigInt(Math.max(1, Math.floor(rows.viewPx / rows.itemPx) - 1));
    const next = keyedCell({ key: event.key, ctrl }, active ?? first, size, page);
    if (!next) return;
    event.preventDefault();
    this.#choose(active ? next : first, event.shiftKey);
    this.#reveal();
  };

  #reveal(): void {
    const { active } = this;
    if (!active) return;
    const { rows, columns } = this.#layout;
    this.top = revealed(active.row, this.top, rows);
    this.left = revealed(active.column, this.left, columns);
  }

  #edit(typed?: string): void {
    const { active } = this;
    if (this.readonly || !active || this.editing !== undefined) return;
    const found = findCell(this.#windows, active);
    const dtype = this.#head.head?.dtype ?? 'float64';
    this.#reveal();
    this.anchor = active;
    this.editing =
      typed ??
      (found && found.kind !== 'away'
        ? plainText(found.value, dtype, elementText(found.value, dtype, formatsFor(this)))
        : '');
    void this.updateComplete.then(() => {
      const input = this.renderRoot.querySelector<HTMLInputElement>('.cell input');
      input?.focus({ preventScroll: true });
      if (typed === undefined) input?.select();
    });
  }

  readonly #editKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.editing = undefined;
      this.#view?.focus({ preventScroll: true });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#commit();
      this.#view?.focus({ preventScroll: true });
    }
  };

  /** Writes what was typed: shown at once, and until the store's own value is. */
  #commit(): void {
    const { active, editing, array } = this;
    const { head } = this.#head;
    const client = this.client?.arrays;
    this.editing = undefined;
    if (editing === undefined || !active || !head || !array || !client) return;
    const found = findCell(this.#windows, active);
    const formats = formatsFor(this);
    const before = found && plainText(found.value, head.dtype, elementText(found.value, head.dtype, formats));
    if (editing.trim() === before && found?.kind === 'written') return;
    try {
      const values = parseElement(editing, head.dtype);
      const at = [
        ...this.#places(),
        active.row,
        ...(this.#head.shape.length > 1 ? [active.column] : []),
      ].join(', ');
      const written = client.write(array, at, { dtype: head.dtype, shape: [], values });
      this.#edits.keep(active, editing.trim(), written, {
        stored: () => {
          if (this.#windows[0]) this.#edits.settle(this.#windows[0]);
          this.requestUpdate();
        },
        dropped: (error) => {
          this.refused = msg(str`[${active.row}] was not written: ${toExaError(error).message}`);
        },
      });
    } catch (error) {
      this.refused = toExaError(error).message;
    }
    this.requestUpdate();
  }

  readonly #copy = (event: ClipboardEvent): void => {
    if (!this.#range || this.editing !== undefined) return;
    event.preventDefault();
    this.#copyNow();
  };

  #copyNow(): void {
    const range = this.#range;
    if (!range) return;
    void this.#textOf(range).then(
      async (text) => {
        await navigator.clipboard.writeText(text);
        this.told = msg(str`${groupDigits(cellsOf(range))} cells copied`);
      },
      (error: unknown) => {
        this.refused = toExaError(error).message;
      },
    );
  }

  async #textOf(range: MatrixRange): Promise<string> {
    const { head } = this.#head;
    const client = this.client?.arrays;
    if (!head || !client) return '';
    return await rangeText(client, head, this.#places(), range, formatsFor(this));
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute('settling', this.#window.isSettling);
    this.#pan.attach(this.#view);
  }
}

defineGadget('exa-matrix', MatrixGadget);
