import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Longest wait for an answer that may never come, in ms. */
const longestMs = 2500;

let waited: Promise<void> | undefined;
let told = (): void => {};
/** Questions of what people look at first, asked so far. */
let foremost = 0;

/**
 * Resolves once the first answer of the page is painted, or none came for a while: what people do not look at first is
 * drawn, loaded and asked for after it. A slow processor and a slow line spend most of a start on such things.
 */
export function firstAnswer(): Promise<void> {
  waited ??= new Promise((resolve) => {
    told = resolve;
    setTimeout(resolve, longestMs);
  });
  return waited;
}

/** A question of what people look at first is asked: the page waits for one of those. */
export function askForemost(): void {
  foremost++;
}

/** An answer came, and is drawn with the next frame. */
export function tellAnswer(isForemost: boolean): void {
  if (isForemost || foremost === 0) afterPaint(() => told());
}

/** Runs `task` once what is drawn now is on the screen: with the next frame it is made, and shown before the one after it. */
export function afterPaint(task: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(task)));
}

/** Whether the page's first answer was painted: draws its host again when it was. */
export class FirstAnswer implements ReactiveController {
  #isPainted = false;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
    void firstAnswer().then(() => {
      this.#isPainted = true;
      host.requestUpdate();
    });
  }

  get isPainted(): boolean {
    return this.#isPainted;
  }

  hostConnected(): void {}
}
