import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * The width of a gadget between its borders, CSS px, and an update when it changes. Read while drawing, it would make the
 * browser lay out the page anew for each gadget that was drawn before.
 */
export class WidthController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #sizes: ResizeObserver | undefined;
  #width: number | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  get px(): number {
    this.#width ??= this.#host.clientWidth;
    return this.#width;
  }

  hostConnected(): void {
    this.#sizes = new ResizeObserver(() => {
      const width = this.#host.clientWidth;
      if (width === this.#width) return;
      const isFirst = this.#width === undefined;
      this.#width = width;
      if (!isFirst) this.#host.requestUpdate();
    });
    this.#sizes.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
    this.#width = undefined;
  }
}
