import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ViewName } from '../../protocol/workspace.ts';

/**
 * From one view to another in two tasks of the page's thread: the click's own takes the old view away and shows where one
 * is now, the next draws the new one.
 */
export class ViewTurn implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #drawn: ViewName | undefined;
  #asked: ViewName | undefined;
  #isTurning = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Whether `view` is drawn now. Asked while drawing; the host is drawn again when it is its turn. */
  isTurn(view: ViewName): boolean {
    this.#drawn ??= view;
    this.#asked = view;
    if (view !== this.#drawn && !this.#isTurning) {
      this.#isTurning = true;
      setTimeout(() => this.#turn());
    }
    return view === this.#drawn;
  }

  #turn(): void {
    this.#isTurning = false;
    this.#drawn = this.#asked;
    this.#host.requestUpdate();
  }
}
