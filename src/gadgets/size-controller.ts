import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Updates an element whenever its size changes. */
export class SizeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #sizes: ResizeObserver | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#sizes = new ResizeObserver(() => this.#host.requestUpdate());
    this.#sizes.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
  }
}
