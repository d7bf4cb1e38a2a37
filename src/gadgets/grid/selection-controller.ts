import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type Cell, type CellRange, movedBy, rangeOf, type Selection } from './selection.ts';

/** What a selection asks of its grid. */
export interface Selectable {
  rows(): number;
  columns(): number;
  /** Rows that Page Up and Down move. */
  pageRows(): number;
  /** Enter on the active cell. */
  open(row: number): void;
  /** The active cell moved by a key. */
  moved(cell: Cell): void;
  /** Other rows are selected than before, or none. */
  selected(): void;
}

/** Keeps which cells of a grid are selected, by pointer and by keys (ARIA grid pattern). */
export class SelectionController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #grid: Selectable;
  #selection: Selection | undefined;

  constructor(host: ReactiveControllerHost, grid: Selectable) {
    this.#host = host;
    this.#grid = grid;
    host.addController(this);
  }

  hostConnected(): void {}

  get active(): Cell | undefined {
    return this.#selection?.active;
  }

  get range(): CellRange | undefined {
    return this.#selection && rangeOf(this.#selection);
  }

  clear(): void {
    this.#put(undefined);
  }

  /** Whether the key was one of the grid's own. */
  key(event: KeyboardEvent): boolean {
    if (event.key === 'Enter' && this.#selection) {
      this.#grid.open(this.#selection.active.row);
      return true;
    }
    if (event.key === 'Escape' && this.#selection) {
      this.clear();
      return true;
    }
    const first = { row: 0, column: 0 };
    const from = this.#selection ?? { anchor: first, active: first };
    const key = { key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
    const size = { rows: this.#grid.rows(), columns: this.#grid.columns(), pageRows: this.#grid.pageRows() };
    const moved = movedBy(from, key, size);
    if (!moved) return false;
    const next = this.#selection ? moved : from;
    this.#put(next);
    this.#grid.moved(next.active);
    return true;
  }

  /** A press on a cell; with Shift the anchor stays. Touch scrolls instead. */
  pick(event: PointerEvent, active: Cell): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const anchor = (event.shiftKey && this.#selection?.anchor) || active;
    this.#put({ anchor, active });
  }

  drag(event: PointerEvent, active: Cell): void {
    if (event.buttons !== 1 || event.pointerType === 'touch' || !this.#selection) return;
    this.#put({ anchor: this.#selection.anchor, active });
  }

  #put(selection: Selection | undefined): void {
    const before = this.range;
    this.#selection = selection;
    this.#host.requestUpdate();
    const { range } = this;
    if (range?.rowStart !== before?.rowStart || range?.rowEnd !== before?.rowEnd) this.#grid.selected();
  }
}
