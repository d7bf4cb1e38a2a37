import type { ArrayHead } from '../../protocol/array.ts';
import type { Window, WindowQuestion } from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { formatsFor } from '../format.ts';
import type { Gadget } from '../gadget.ts';
import { type FoundCell, findCell } from './matrix-rows.ts';
import type { MatrixCell, MatrixRange } from './matrix-selection.ts';
import { rangeText } from './matrix-text.ts';

/** What is looked at now. */
export interface MatrixView {
  readonly array: string | undefined;
  /** Indices along the axes before the last two. */
  readonly at: readonly bigint[] | undefined;
  /** The elements that are in view, and some beside them; the head is here. */
  question(array: string, places: readonly bigint[], isFlat: boolean): WindowQuestion | undefined;
  /** A window came. */
  told(window: Window): void;
}

/** Windows kept to draw from while the view moves. */
const mostWindows = 3;

/** What a matrix has of its array: the head, and exact elements in view. */
export class MatrixSource {
  readonly #host: Gadget;
  readonly #view: () => MatrixView;
  readonly #head: ArrayHeadController;
  readonly #answer: ArrayAnswer<WindowQuestion, Window>;
  #windows: readonly Window[] = [];
  #of: string | undefined;

  constructor(host: Gadget, view: () => MatrixView) {
    this.#host = host;
    this.#view = view;
    this.#head = new ArrayHeadController(host, () => view().array);
    this.#answer = new ArrayAnswer<WindowQuestion, Window>(
      host,
      () => this.#question(),
      (client, question, observer) => client.window(question, observer),
      (window) => this.#add(window),
    );
  }

  get head(): ArrayHead | undefined {
    return this.#head.head;
  }

  get shape(): readonly bigint[] {
    return this.#head.shape;
  }

  get isFlat(): boolean {
    return this.shape.length === 1;
  }

  get isSettling(): boolean {
    return this.#answer.isSettling;
  }

  /** The window that came last. */
  get newest(): Window | undefined {
    return this.#windows[0];
  }

  /** Indices along the axes before the last two, within them. */
  get places(): readonly bigint[] {
    const { at } = this.#view();
    return this.shape.slice(0, -2).map((size, axis) => {
      const asked = at?.[axis] ?? 0n;
      return asked < size ? asked : size - 1n;
    });
  }

  find(cell: MatrixCell): FoundCell | undefined {
    return findCell(this.#windows, cell);
  }

  /** Cells as tab-separated text, asked for where they are not here. */
  async textOf(range: MatrixRange): Promise<string> {
    const { head } = this;
    const client = this.#host.client?.arrays;
    return head && client ? await rangeText(client, head, this.places, range, formatsFor(this.#host)) : '';
  }

  /** Forgets the windows of another matrix; whether it did. */
  follow(): boolean {
    const of = `${this.#view().array} ${this.places.join()}`;
    if (of === this.#of) return false;
    this.#windows = [];
    this.#of = of;
    return true;
  }

  #question(): WindowQuestion | undefined {
    const { array, question } = this.#view();
    return array && this.head ? question(array, this.places, this.isFlat) : undefined;
  }

  #add(window: Window): void {
    this.#windows = [
      window,
      ...this.#windows.filter((one) => one.coverage.version === window.coverage.version),
    ].slice(0, mostWindows);
    this.#view().told(window);
  }
}
