import type { ReactiveController, ReactiveControllerHost } from 'lit';

const defaultPx = 36;

/**
 * Height of a row by the density, px. Read while drawing, it would make the browser compute the styles of all that was drawn
 * before; it is read again after each drawing, when nothing is left to compute.
 */
export class RowHeight implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #px: number | undefined;
  #waiting = 0;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  get px(): number {
    this.#px ??= this.#read();
    return this.#px;
  }

  hostUpdated(): void {
    if (this.#waiting) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      const now = this.#read();
      if (now === this.#px) return;
      this.#px = now;
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = 0;
    this.#px = undefined;
  }

  #read(): number {
    return Number.parseFloat(getComputedStyle(this.#host).getPropertyValue('--exa-density-row')) || defaultPx;
  }
}
