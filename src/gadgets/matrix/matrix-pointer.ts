import type { PanController } from './matrix-pan.ts';
import type { MatrixCell } from './matrix-selection.ts';

/** What pointers do in a grid: mice and pens choose cells and drag a range, a finger pans and taps. */
export class MatrixPointer {
  readonly #pan: PanController;
  readonly #cellAt: (event: PointerEvent) => MatrixCell | undefined;
  readonly #choose: (cell: MatrixCell, extend: boolean) => void;
  #isDragging = false;

  constructor(
    pan: PanController,
    cellAt: (event: PointerEvent) => MatrixCell | undefined,
    choose: (cell: MatrixCell, extend: boolean) => void,
  ) {
    this.#pan = pan;
    this.#cellAt = cellAt;
    this.#choose = choose;
  }

  readonly down = (event: PointerEvent): void => {
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

  readonly move = (event: PointerEvent): void => {
    if (this.#pan.move(event) || !this.#isDragging || event.buttons === 0) return;
    const cell = this.#cellAt(event);
    if (cell) this.#choose(cell, true);
  };

  readonly up = (event: PointerEvent): void => {
    this.#isDragging = false;
    if (event.pointerType === 'touch' && event.type === 'pointerup') {
      const cell = this.#cellAt(event);
      this.#pan.up(event);
      if (cell && Math.hypot(event.movementX, event.movementY) < 4) this.#choose(cell, false);
    }
  };
}
