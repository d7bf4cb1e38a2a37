import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { afterPaint } from './first-answer.ts';

/** Longest wait for the first answer, in ms: data from afar come while the rest is drawn, as soon as nothing else is. */
const longestMs = 800;

/**
 * What people look at first is drawn first: the rest of a view once its first answer is on the page, or after
 * {@link longestMs}. A slow processor spends most of a start on drawing, and an answer kept here comes sooner than that.
 */
export class AfterFirst implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isAnswered: () => boolean;
  #isTime = false;
  #isCounting = false;

  constructor(host: ReactiveControllerHost, isAnswered: () => boolean) {
    this.#host = host;
    this.#isAnswered = isAnswered;
    host.addController(this);
  }

  /** Whether the rest is drawn now. Asked while drawing; the host is drawn again when that changes. */
  get isTime(): boolean {
    if (!this.#isTime && !this.#isCounting) {
      this.#isCounting = true;
      setTimeout(() => whenIdle(() => this.#begin()), longestMs);
    }
    return this.#isTime;
  }

  hostUpdated(): void {
    if (this.#isCounting && !this.#isTime && this.#isAnswered()) afterPaint(() => this.#begin());
  }

  #begin(): void {
    if (this.#isTime) return;
    this.#isTime = true;
    this.#host.requestUpdate();
  }
}

function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'undefined') run();
  else requestIdleCallback(run, { timeout: longestMs });
}
