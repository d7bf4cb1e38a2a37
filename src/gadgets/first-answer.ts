import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Longest wait for an answer that may never come, in ms. */
const longestMs = 2500;

let waited: Promise<void> | undefined;
let told = (): void => {};
/** What people look at first and is not drawn yet. */
const foremost = new Set<object>();
let hadForemost = false;

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

/** `host` is among what people look at first, and has asked: the page waits until all of these are drawn. */
export function awaitDrawn(host: object): void {
  foremost.add(host);
  hadForemost = true;
}

/** Whether the page waits until `host` is drawn. */
export function isAwaited(host: object): boolean {
  return foremost.has(host);
}

/** `host` is drawn, or will not be. */
export function tellDrawn(host: object): void {
  if (foremost.delete(host) && foremost.size === 0) afterPaint(() => told());
}

/** An answer came to what nobody waits for in particular, and is drawn with the next frame. */
export function tellAnswer(): void {
  if (!hadForemost) afterPaint(() => told());
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
