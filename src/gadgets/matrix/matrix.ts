import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { toExaError } from '../../protocol/errors.ts';
import { elementText } from '../exact/element-text.ts';
import { groupDigits, parseIndex } from '../exact/index-text.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { SizeController } from '../size-controller.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { matrixStyles } from './matrix.styles.ts';
import { matrixBar, matrixFoot, typedPlace } from './matrix-bars.ts';
import { type EditedCell, MatrixEditor } from './matrix-editor.ts';
import { matrixGrid } from './matrix-grid.ts';
import { matrixKey } from './matrix-keys.ts';
import { MatrixLayout } from './matrix-layout.ts';
import { PanController } from './matrix-pan.ts';
import { MatrixPointer } from './matrix-pointer.ts';
import { isShown, type MatrixRows } from './matrix-rows.ts';
import { centred, clampPosition, revealed, scrolledBy, shownItems } from './matrix-scroll.ts';
import {
  cellIn,
  cellsOf,
  cellText,
  type MatrixCell,
  type MatrixRange,
  rangeBetween,
} from './matrix-selection.ts';
import { MatrixSource } from './matrix-source.ts';
import { type CellEvent, type MatrixState, microsIn, stateOf } from './matrix-state.ts';
import { windowTakeAway } from './matrix-text.ts';

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
  /** Why the index asked for is none. */
  declare wrong: string;
  /** Why the last edit was not made. */
  declare refused: string;
  declare told: string;

  readonly #source = new MatrixSource(this, () => ({
    array: this.array,
    at: this.at,
    question: (array, places, isFlat) => this.#layout.question(array, places, isFlat, this.top, this.left),
    told: (window) => this.#editor.settle(window),
  }));
  readonly #pan = new PanController(this, { pan: (right, down) => this.#scroll(right, down) });
  readonly #editor = new MatrixEditor({
    cell: () => this.#editedCell(),
    window: () => this.#source.newest,
    formats: () => formatsFor(this),
    changed: () => {
      this.requestUpdate();
      return this.updateComplete;
    },
    field: () => this.renderRoot.querySelector<HTMLInputElement>('.cell input'),
    focusGrid: () => this.#view?.focus({ preventScroll: true }),
    refuse: (sentence) => {
      this.refused = sentence;
    },
  });
  readonly #pointer = new MatrixPointer(
    this.#pan,
    (event) => this.#cellAt(event),
    (cell, extend) => this.#choose(cell, extend),
  );
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #isPlaced = false;

  constructor() {
    super();
    new SizeController(this);
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

  override disconnectedCallback(): void {
    super.disconnectedCallback();
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
    const { head, newest } = this.#source;
    return newest && head && windowTakeAway(this.label ?? head.name, newest, formatsFor(this));
  }

  /** The selected cells as tab-separated text; empty without a selection. */
  async getSelectionText(): Promise<string> {
    const range = this.#range;
    return range ? await this.#source.textOf(range) : '';
  }

  get #range(): MatrixRange | undefined {
    return this.active && rangeBetween(this.anchor ?? this.active, this.active);
  }

  get #view(): HTMLElement | undefined {
    return this.renderRoot?.querySelector<HTMLElement>('.view') ?? undefined;
  }

  /** Where cells lie now. */
  get #layout(): MatrixLayout {
    return new MatrixLayout(this.#source.shape, this.#source.head?.dtype ?? 'float64', {
      row: Number.parseFloat(getComputedStyle(this).getPropertyValue('--exa-density-row')) || 28,
      width: this.#view?.clientWidth ?? 600,
      height: this.#view?.clientHeight ?? 300,
    });
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
      void this.changeState(stateOf(this.top, this.left, this.active));
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
    if (this.#source.follow()) this.#editor.clear();
    if (!this.#isPlaced && this.#source.head) this.#place();
    const { rows, columns } = this.#layout;
    if (this.#source.head) {
      this.top = clampPosition(this.top, rows);
      this.left = clampPosition(this.left, columns);
    }
  }

  protected override onStateChange(changed: Partial<MatrixState>): void {
    const { row, cell } = stateOf(this.top, this.left, this.active);
    if (changed.row !== undefined && changed.row !== row) this.#isPlaced = false;
    if (changed.cell !== undefined && changed.cell !== cell) this.#isPlaced = false;
  }

  /** Takes the place the state says, as far as it can be read. */
  #place(): void {
    this.#isPlaced = true;
    const { rows, columns } = this.#layout.size;
    const { active } = this;
    // The cell chosen here comes back as the state: it is in view where it is.
    if (active && this.state.cell === cellText(active) && isShown(this.#drawn(), active)) return;
    this.top = microsIn(this.state.row);
    this.left = microsIn(this.state.column);
    const cell = cellIn(this.state.cell);
    if (cell && cell.row < rows && cell.column < columns) {
      this.active = cell;
      this.anchor = cell;
    }
  }

  protected override hasPicture(): boolean {
    return this.#source.head !== undefined;
  }

  protected override skeleton(): unknown {
    return html`${this.heading()}<div class="skeleton"></div>`;
  }

  protected override heading(): unknown {
    return html`<div class="bar"><h3>${this.label ?? this.array}</h3></div>`;
  }

  protected override view(): unknown {
    const { head } = this.#source;
    if (!head) return nothing;
    const name = this.label ?? head.name;
    const layout = this.#layout;
    if (layout.isEmpty)
      return html`<div class="bar"><h3>${name}</h3></div><p class="empty">${msg('This array has no elements.')}</p>`;
    const drawn = this.#drawn();
    const { active } = this;
    return html`
      ${matrixBar({
        name,
        isTable: this.#source.shape.length > 1 && layout.size.columns > 16n,
        bare: this.bare,
        wrong: this.wrong,
        hasSelection: this.#range !== undefined,
        menu: cardMenu(this),
        go: this.#go,
        typed: () => {
          this.wrong = '';
        },
        copy: () => this.#copyNow(),
      })}
      ${matrixGrid({
        name,
        layout,
        drawn,
        top: this.top,
        left: this.left,
        readonly: this.readonly,
        isActiveShown: isShown(drawn, active),
        pointer: this.#pointer,
        key: this.#key,
        copy: this.#copy,
        edit: () => this.#edit(),
        jump: (side, position) => {
          this[side] = position;
          this.#keepSoon();
        },
      })}
      ${matrixFoot({
        refused: this.refused,
        active,
        range: this.#range,
        size: layout.size,
        isFlat: this.#source.isFlat,
        readonly: this.readonly,
        fill: String(head.fill ?? ''),
        find: drawn.find,
        text: drawn.text,
      })}
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  readonly #go = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('#go');
    const text = input?.value.trim() ?? '';
    if (text === '') return;
    const [row, column] = typedPlace(text);
    this.goTo(row, column ?? this.active?.column ?? 0n).then(
      () => this.#view?.focus({ preventScroll: true }),
      (error: unknown) => {
        this.wrong = toExaError(error).message;
      },
    );
  };

  #drawn(): MatrixRows {
    const dtype = this.#source.head?.dtype ?? 'float64';
    const formats = formatsFor(this);
    const { rows, columns } = this.#layout;
    return {
      rows: shownItems(this.top, rows),
      columns: shownItems(this.left, columns),
      active: this.active,
      range: this.#range,
      find: (cell) => this.#source.find(cell),
      text: (value) => elementText(value, dtype, formats),
      kept: (cell) => this.#editor.textAt(cell),
      editing: this.#editor.text,
      edited: (text) => {
        this.#editor.text = text;
      },
      editKey: this.#editor.key,
      editLeft: this.#editor.commit,
      columnName: (column) => (this.#source.isFlat ? msg('Value') : groupDigits(column)),
    };
  }

  #cellAt(event: PointerEvent): MatrixCell | undefined {
    const box = this.#view?.getBoundingClientRect();
    if (!box) return undefined;
    return this.#layout.cellAt(event.clientX - box.left, event.clientY - box.top, this.top, this.left);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.composedPath()[0] !== this.#view) return;
    const { rows, size } = this.#layout;
    const meant = matrixKey(event, {
      active: this.active,
      first: { row: this.top / 1_000_000n, column: this.left / 1_000_000n },
      size,
      pageRows: BigInt(Math.max(1, Math.floor(rows.viewPx / rows.itemPx) - 1)),
    });
    if (!meant) return;
    event.preventDefault();
    if (meant.kind === 'go') this.renderRoot.querySelector<HTMLInputElement>('#go')?.focus();
    else if (meant.kind === 'edit') this.#edit(meant.typed);
    else {
      this.#choose(meant.cell, meant.extend);
      this.#reveal();
    }
  };

  #reveal(): void {
    const { active } = this;
    if (!active) return;
    const { rows, columns } = this.#layout;
    this.top = revealed(active.row, this.top, rows);
    this.left = revealed(active.column, this.left, columns);
  }

  #edit(typed?: string): void {
    const edited = this.#editedCell();
    if (this.readonly || !edited || this.#editor.text !== undefined) return;
    this.#reveal();
    this.anchor = this.active;
    this.#editor.begin(edited, typed);
  }

  #editedCell(): EditedCell | undefined {
    const { active } = this;
    const { head } = this.#source;
    const client = this.client?.arrays;
    if (!active || !head || !client) return undefined;
    const indices = [...this.#source.places, active.row, ...(this.#source.isFlat ? [] : [active.column])];
    return { client, head, cell: active, indices, found: this.#source.find(active) };
  }

  readonly #copy = (event: ClipboardEvent): void => {
    if (!this.#range || this.#editor.text !== undefined) return;
    event.preventDefault();
    this.#copyNow();
  };

  #copyNow(): void {
    const range = this.#range;
    if (!range) return;
    void this.#source.textOf(range).then(
      async (text) => {
        await navigator.clipboard.writeText(text);
        this.told = msg(str`${groupDigits(cellsOf(range))} cells copied`);
      },
      (error: unknown) => {
        this.refused = toExaError(error).message;
      },
    );
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.toggleAttribute('settling', this.#source.isSettling);
    this.#pan.attach(this.#view);
  }
}

defineGadget('exa-matrix', MatrixGadget);
