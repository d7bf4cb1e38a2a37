import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Told how far fingers or a wheel moved, CSS px. */
export interface PanTarget {
  /** Whether anything moved. */
  pan(rightPx: number, downPx: number): boolean;
}

/** A wheel that began to turn elsewhere scrolls the page on, for this long after its last turn. */
const wheelPauseMs = 300;
/** Share of its speed a flick keeps every ms. */
const friction = 0.996;

/** Wheel and fingers of a grid that scrolls itself; a flick runs on, unless less motion is wanted. */
export class PanController implements ReactiveController {
  readonly #target: PanTarget;
  #element: HTMLElement | undefined;
  #finger: { id: number; x: number; y: number; at: number } | undefined;
  #speed = { x: 0, y: 0 };
  #frame = 0;
  #elsewhere = -Infinity;
  #here = -Infinity;

  constructor(host: ReactiveControllerHost, target: PanTarget) {
    this.#target = target;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('wheel', this.#anywhere, { capture: true, passive: true });
  }

  hostDisconnected(): void {
    document.removeEventListener('wheel', this.#anywhere, { capture: true });
    cancelAnimationFrame(this.#frame);
    this.attach(undefined);
  }

  attach(element: HTMLElement | undefined): void {
    if (element === this.#element) return;
    this.#element?.removeEventListener('wheel', this.#wheel);
    this.#element = element;
    element?.addEventListener('wheel', this.#wheel, { passive: false });
  }

  readonly #anywhere = (event: WheelEvent): void => {
    if (!this.#element || !event.composedPath().includes(this.#element)) this.#elsewhere = event.timeStamp;
  };

  readonly #wheel = (event: WheelEvent): void => {
    if (event.ctrlKey) return;
    if (event.timeStamp - this.#elsewhere < wheelPauseMs && this.#here < this.#elsewhere) {
      this.#elsewhere = event.timeStamp;
      return;
    }
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 300 : 1;
    const sideways = event.shiftKey && event.deltaX === 0;
    const [x, y] = sideways ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    if (!this.#target.pan(x * unit, y * unit)) return;
    this.#here = event.timeStamp;
    event.preventDefault();
  };

  /** A finger is down; mice and pens select instead. */
  down(event: PointerEvent): void {
    cancelAnimationFrame(this.#frame);
    this.#speed = { x: 0, y: 0 };
    this.#finger = { id: event.pointerId, x: event.clientX, y: event.clientY, at: event.timeStamp };
  }

  /** Whether the move was that of the finger. */
  move(event: PointerEvent): boolean {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return false;
    const [x, y] = [finger.x - event.clientX, finger.y - event.clientY];
    const time = Math.max(1, event.timeStamp - finger.at);
    this.#speed = { x: 0.7 * (x / time) + 0.3 * this.#speed.x, y: 0.7 * (y / time) + 0.3 * this.#speed.y };
    this.#finger = { id: finger.id, x: event.clientX, y: event.clientY, at: event.timeStamp };
    this.#target.pan(x, y);
    return true;
  }

  up(event: PointerEvent): void {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    this.#finger = undefined;
    const isStill = event.timeStamp - finger.at > 80 || Math.hypot(this.#speed.x, this.#speed.y) < 0.1;
    if (!isStill && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.#glide(performance.now());
  }

  #glide(before: number): void {
    this.#frame = requestAnimationFrame((now) => {
      const time = Math.min(64, now - before);
      const kept = friction ** time;
      const moved = this.#target.pan(this.#speed.x * time, this.#speed.y * time);
      this.#speed = { x: this.#speed.x * kept, y: this.#speed.y * kept };
      if (moved && Math.hypot(this.#speed.x, this.#speed.y) > 0.02) this.#glide(now);
    });
  }
}
