import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type Extent, fitExtent, panExtent, sameExtent, wholeExtent, zoomExtent } from './extent.ts';

/** One axis that can be zoomed: what is in view of how many elements. */
export interface ZoomAxis {
  readonly extent: Extent;
  readonly size: bigint;
  /** Elements that always stay in view. */
  readonly least: bigint;
}

/** Extents by axis: across first, then down where there are two. */
export interface ZoomTarget {
  /** Where the axes lie; CSS px. */
  area(): DOMRect | undefined;
  axes(): readonly ZoomAxis[];
  /** `done`: the fingers are off, or the wheel has been still for a while. */
  change(extents: readonly Extent[], done: boolean): void;
  /** A drag selects instead of moving (Shift, or a mode); fractions of the area from its left top. */
  selects?(event: PointerEvent): boolean;
  select?(from: Point, to: Point, done: boolean): void;
  hover?(at: Point | undefined): void;
  /** A press that neither moved nor selected. */
  press?(at: Point): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A wheel that began to turn elsewhere scrolls the page on, for this long after its last turn. */
const wheelPauseMs = 300;
const doneAfterMs = 180;
const pressSlackPx = 4;

/** Wheel, pinch, drag, double click and keys of a zoomable area; draws nothing. */
export class ZoomController implements ReactiveController {
  readonly #target: ZoomTarget;
  readonly #pointers = new Map<number, Point>();
  #area: HTMLElement | undefined;
  #mode: 'none' | 'pan' | 'select' | 'pinch' = 'none';
  #from: Point = { x: 0, y: 0 };
  #startedAt: Point = { x: 0, y: 0 };
  #moved = false;
  #wheelElsewhere = -Infinity;
  #wheelHere = -Infinity;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, target: ZoomTarget) {
    this.#target = target;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('wheel', this.#wheelAnywhere, { capture: true, passive: true });
  }

  hostDisconnected(): void {
    document.removeEventListener('wheel', this.#wheelAnywhere, { capture: true });
    clearTimeout(this.#settling);
    this.attach(undefined);
  }

  /** Listens on the element that lies over the axes; the last one is let go. */
  attach(area: HTMLElement | undefined): void {
    if (area === this.#area) return;
    const events = this.#listeners;
    for (const [name, run] of events) this.#area?.removeEventListener(name, run as EventListener);
    this.#area = area;
    for (const [name, run] of events)
      area?.addEventListener(name, run as EventListener, name === 'wheel' ? { passive: false } : undefined);
  }

  readonly #wheelAnywhere = (event: WheelEvent): void => {
    if (!this.#area || !event.composedPath().includes(this.#area)) this.#wheelElsewhere = event.timeStamp;
  };

  readonly #wheel = (event: WheelEvent): void => {
    const area = this.#target.area();
    if (!area) return;
    const isContinued =
      event.timeStamp - this.#wheelElsewhere < wheelPauseMs && this.#wheelHere < this.#wheelElsewhere;
    if (isContinued && !event.ctrlKey) {
      this.#wheelElsewhere = event.timeStamp;
      return;
    }
    const pixels = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? area.height : 1;
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    const axes = this.#target.axes();
    const at = fractions(event, area);
    const pans = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const next = pans
      ? axes.map((axis, i) =>
          i === 0 ? panExtent(axis.extent, (across * pixels) / area.width, axis.size) : axis.extent,
        )
      : zoomed(axes, Math.exp(-event.deltaY * pixels * (event.ctrlKey ? 0.01 : 0.0022)), at);
    // At the whole of an array the page may scroll on.
    if (next.every((extent, i) => sameExtent(extent, axes[i]!.extent))) return;
    event.preventDefault();
    this.#wheelHere = event.timeStamp;
    this.#tell(next, false);
    this.#settleSoon();
  };

  readonly #down = (event: PointerEvent): void => {
    const area = this.#target.area();
    if (!area || event.button !== 0) return;
    try {
      this.#area?.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is already up cannot be captured: its moves still come while it is over the area.
    }
    const at = fractions(event, area);
    this.#pointers.set(event.pointerId, at);
    this.#from = at;
    if (this.#pointers.size === 2) {
      this.#mode = 'pinch';
      this.#moved = true;
      return;
    }
    this.#startedAt = { x: event.clientX, y: event.clientY };
    this.#moved = false;
    this.#mode = this.#target.selects?.(event) ? 'select' : 'pan';
  };

  readonly #move = (event: PointerEvent): void => {
    const area = this.#target.area();
    if (!area) return;
    const at = fractions(event, area);
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.#target.hover?.(inside(at) ? at : undefined);
      return;
    }
    const far = Math.hypot(event.clientX - this.#startedAt.x, event.clientY - this.#startedAt.y);
    if (!this.#moved && far < pressSlackPx) return;
    this.#moved = true;
    if (this.#mode === 'pinch') this.#pinch(event.pointerId, at);
    else if (this.#mode === 'select') this.#target.select?.(this.#from, at, false);
    else {
      const axes = this.#target.axes();
      const by = { x: before.x - at.x, y: before.y - at.y };
      this.#tell(
        axes.map((axis, i) => panExtent(axis.extent, i === 0 ? by.x : by.y, axis.size)),
        false,
      );
      this.#target.hover?.(undefined);
    }
    this.#pointers.set(event.pointerId, at);
  };

  #pinch(id: number, at: Point): void {
    const [otherId] = [...this.#pointers.keys()].filter((one) => one !== id);
    const other = otherId === undefined ? undefined : this.#pointers.get(otherId);
    const before = this.#pointers.get(id);
    if (!other || !before) return;
    const apart = Math.hypot(before.x - other.x, before.y - other.y);
    const now = Math.hypot(at.x - other.x, at.y - other.y);
    if (apart < 0.01 || now < 0.01) return;
    const middle = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 };
    const moved = { x: (before.x - at.x) / 2, y: (before.y - at.y) / 2 };
    const axes = this.#target.axes();
    const next = zoomed(axes, now / apart, middle).map((extent, i) =>
      panExtent(extent, i === 0 ? moved.x : moved.y, axes[i]!.size),
    );
    this.#tell(next, false);
  }

  readonly #up = (event: PointerEvent): void => {
    const area = this.#target.area();
    if (!this.#pointers.delete(event.pointerId) || !area) return;
    const at = fractions(event, area);
    if (!this.#moved && event.type === 'pointerup') this.#target.press?.(at);
    else if (this.#mode === 'select') this.#target.select?.(this.#from, at, true);
    else this.#settle();
    this.#mode = this.#pointers.size > 0 ? 'pan' : 'none';
  };

  readonly #leave = (): void => this.#target.hover?.(undefined);

  readonly #double = (event: MouseEvent): void => {
    const area = this.#target.area();
    if (!area) return;
    event.preventDefault();
    this.#tell(zoomed(this.#target.axes(), event.altKey ? 1 / 4 : 4, fractions(event, area)), true);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyed(event, this.#target.axes());
    if (!next) return;
    event.preventDefault();
    this.#tell(next, true);
  };

  /** Zooms about the middle; for buttons. */
  zoom(factor: number): void {
    this.#tell(zoomed(this.#target.axes(), factor, { x: 0.5, y: 0.5 }), true);
  }

  /** Shows all there is. */
  whole(): void {
    this.#tell(
      this.#target.axes().map(({ size }) => wholeExtent(size)),
      true,
    );
  }

  #tell(extents: readonly Extent[], done: boolean): void {
    if (done) clearTimeout(this.#settling);
    this.#target.change(extents, done);
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), doneAfterMs);
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#target.change(
      this.#target.axes().map(({ extent }) => extent),
      true,
    );
  }

  readonly #listeners: readonly (readonly [string, (event: never) => void])[] = [
    ['wheel', this.#wheel],
    ['pointerdown', this.#down],
    ['pointermove', this.#move],
    ['pointerup', this.#up],
    ['pointercancel', this.#up],
    ['pointerleave', this.#leave],
    ['dblclick', this.#double],
    ['keydown', this.#key],
  ];
}

function zoomed(axes: readonly ZoomAxis[], factor: number, at: Point): Extent[] {
  return axes.map(({ extent, size, least }, i) =>
    zoomExtent(extent, factor, Math.min(1, Math.max(0, i === 0 ? at.x : at.y)), size, least),
  );
}

/** Extents after a key: arrows move a tenth (with Shift a half), Page a whole, + and − zoom, 0 shows all. */
function keyed(event: KeyboardEvent, axes: readonly ZoomAxis[]): Extent[] | undefined {
  const middle = { x: 0.5, y: 0.5 };
  const move = (axis: number, fraction: number): Extent[] =>
    axes.map(({ extent, size }, i) => (i === axis ? panExtent(extent, fraction, size) : extent));
  const step = event.shiftKey ? 0.5 : 0.1;
  const down = axes.length > 1 ? 1 : 0;
  switch (event.key) {
    case 'ArrowLeft':
      return move(0, -step);
    case 'ArrowRight':
      return move(0, step);
    case 'ArrowUp':
      return axes.length > 1 ? move(1, -step) : zoomed(axes, 2, middle);
    case 'ArrowDown':
      return axes.length > 1 ? move(1, step) : zoomed(axes, 0.5, middle);
    case 'PageUp':
      return move(down, -1);
    case 'PageDown':
      return move(down, 1);
    case '+':
    case '=':
      return zoomed(axes, 2, middle);
    case '-':
    case '−':
      return zoomed(axes, 0.5, middle);
    case '0':
      return axes.map(({ size }) => wholeExtent(size));
    case 'Home':
      return axes.map(({ extent, size }) => fitExtent({ from: 0n, to: extent.to - extent.from }, size));
    case 'End':
      return axes.map(({ extent, size }) => {
        const { to } = wholeExtent(size);
        return fitExtent({ from: to - (extent.to - extent.from), to }, size);
      });
    default:
      return undefined;
  }
}

function fractions(event: MouseEvent, area: DOMRect): Point {
  return { x: (event.clientX - area.left) / area.width, y: (event.clientY - area.top) / area.height };
}

function inside({ x, y }: Point): boolean {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}
