import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations, svg } from 'lit';
import type { PlotArea } from '../plot/figure.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** A rectangle in the axes' units, `[low, high]` an axis. */
export interface Rect {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** The rectangle moved (`done`: let go), or undefined: cleared. */
export type RectEvent = CustomEvent<{ readonly rect: Rect | undefined; readonly done: boolean }>;

/** Position of the point under the pointer, or undefined. */
export type PointEvent = CustomEvent<number | undefined>;

/** A pointer nearer than this (CSS px) is at a point. */
const reach = 14;

type Edge = 'left' | 'right' | 'bottom' | 'top';
const edges: readonly Edge[] = ['left', 'right', 'bottom', 'top'];

/**
 * Lies over a plot's axes: tells the nearest point under the pointer (`exa-hover`), which was picked (`exa-pick`), and
 * lets people draw a rectangle with the pointer or, edge by edge, with the arrow keys (`exa-rect`); Escape clears it.
 * @prop area @prop xs @prop ys @prop rect @prop text An edge's value in words
 */
export class PointsLayer extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      .area {
        position: absolute;
        pointer-events: auto;
        cursor: crosshair;
        touch-action: pan-y;
      }
      .area.near {
        cursor: pointer;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
        pointer-events: none;
      }
      .shade {
        fill: var(--exa-surface);
        opacity: 0.55;
      }
      .rect {
        fill: none;
        stroke: var(--exa-accent);
        stroke-width: 1.5;
      }
      .ring {
        fill: none;
        stroke: var(--exa-text);
        stroke-width: 1.75;
      }
      .thumb {
        position: absolute;
        width: 24px;
        height: 24px;
        margin: -12px;
        border-radius: 4px;
        pointer-events: none;
      }
      .thumb::after {
        content: '';
        position: absolute;
        inset: 8px;
        border-radius: 50%;
        background: var(--exa-accent);
        opacity: 0;
      }
      .thumb:focus-visible {
        outline-offset: -4px;
      }
      .thumb.shown {
        pointer-events: auto;
      }
      .thumb.shown::after,
      .thumb:focus-visible::after {
        opacity: 1;
      }
      .thumb.left,
      .thumb.right {
        cursor: ew-resize;
      }
      .thumb.top,
      .thumb.bottom {
        cursor: ns-resize;
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    area: { attribute: false },
    xs: { attribute: false },
    ys: { attribute: false },
    rect: { attribute: false },
    text: { attribute: false },
    brushable: { type: Boolean },
    near: { state: true },
    moving: { state: true },
  };

  declare area: PlotArea | undefined;
  declare xs: ArrayLike<number>;
  declare ys: ArrayLike<number>;
  declare rect: Rect | undefined;
  declare text: ((axis: 'x' | 'y', value: number) => string) | undefined;
  /** A rectangle may be drawn. */
  declare brushable: boolean;
  declare near: number | undefined;
  declare moving: Rect | undefined;

  #start: { readonly x: number; readonly y: number } | undefined;
  #edge: Edge | undefined;
  #dragged = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.xs = [];
    this.ys = [];
    this.brushable = false;
  }

  protected override render(): unknown {
    const { area } = this;
    if (!area || area.width <= 0) return nothing;
    const box = `left:${area.left}px;top:${area.top}px;width:${area.width}px;height:${area.height}px`;
    const rect = this.moving ?? this.rect;
    return html`<div
      class=${this.near === undefined ? 'area' : 'area near'}
      style=${box}
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @pointercancel=${this.#cancel}
      @pointerleave=${this.#leave}
    >
      <svg aria-hidden="true">${rect ? this.#rect(area, rect) : nothing} ${this.#ring(area)}</svg>
      ${this.brushable ? edges.map((edge) => this.#thumb(area, edge)) : nothing}
    </div>`;
  }

  #rect(area: PlotArea, rect: Rect): unknown {
    const [left, right] = rect.x.map((value) => clamp(toX(area, value), 0, area.width)) as [number, number];
    const [bottom, top] = rect.y.map((value) => clamp(toY(area, value), 0, area.height)) as [number, number];
    const outer = `M0 0H${area.width}V${area.height}H0z`;
    const inner = `M${left} ${top}V${bottom}H${right}V${top}z`;
    return svg`<path class="shade" fill-rule="evenodd" d=${outer + inner} />
      <rect class="rect" x=${left} y=${top} width=${Math.max(0, right - left)} height=${Math.max(0, bottom - top)} rx="2" />`;
  }

  #ring(area: PlotArea): unknown {
    if (this.near === undefined) return nothing;
    return svg`<circle class="ring" cx=${toX(area, this.xs[this.near]!)} cy=${toY(area, this.ys[this.near]!)} r="6.5" />`;
  }

  #thumb(area: PlotArea, edge: Edge): unknown {
    const rect = this.moving ?? this.rect;
    const whole: Rect = { x: ordered(area.x), y: ordered(area.y) };
    const { x, y } = rect ?? whole;
    const axis = edge === 'left' || edge === 'right' ? 'x' : 'y';
    const value = { left: x[0], right: x[1], bottom: y[0], top: y[1] }[edge];
    const at =
      axis === 'x'
        ? [toX(area, value), toY(area, (y[0] + y[1]) / 2)]
        : [toX(area, (x[0] + x[1]) / 2), toY(area, value)];
    const [low, high] = whole[axis];
    const words = this.text?.(axis, value) ?? String(value);
    const names = {
      left: msg('Left edge of the selection'),
      right: msg('Right edge of the selection'),
      bottom: msg('Lower edge of the selection'),
      top: msg('Upper edge of the selection'),
    };
    return html`<div
      class="thumb ${edge} ${rect ? 'shown' : ''}"
      role="slider"
      tabindex="0"
      style="left:${clamp(at[0]!, 0, area.width)}px;top:${clamp(at[1]!, 0, area.height)}px"
      aria-label=${names[edge]}
      aria-orientation=${axis === 'x' ? 'horizontal' : 'vertical'}
      aria-valuemin=${low}
      aria-valuemax=${high}
      aria-valuenow=${clamp(value, low, high)}
      aria-valuetext=${rect ? words : msg(str`${words}, nothing selected`)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, edge)}
      @pointerdown=${() => {
        if (rect) this.#edge = edge;
      }}
    ></div>`;
  }

  #key(event: KeyboardEvent, edge: Edge): void {
    const { area } = this;
    if (!area) return;
    if (event.key === 'Escape') {
      if (!this.rect) return;
      event.preventDefault();
      event.stopPropagation();
      this.#tell(undefined, true);
      return;
    }
    const step = event.shiftKey || event.key.startsWith('Page') ? 0.1 : 0.02;
    const moves: Record<string, number> = {
      ArrowLeft: -step,
      ArrowDown: -step,
      PageDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageUp: step,
      Home: -1,
      End: 1,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const whole: Rect = { x: ordered(area.x), y: ordered(area.y) };
    this.#tell(moved(this.rect ?? whole, whole, edge, move), true);
  }

  #at(event: PointerEvent): { readonly x: number; readonly y: number } {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#start = this.#at(event);
    this.#dragged = false;
    if (this.brushable) (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const { area } = this;
    if (!area) return;
    const at = this.#at(event);
    if (this.#start && this.brushable) {
      const far = Math.hypot(at.x - this.#start.x, at.y - this.#start.y) > 4;
      if (!this.#dragged && !far) return;
      this.#dragged = true;
      this.#hover(undefined);
      this.#tell(this.#drawn(area, at), false);
      return;
    }
    this.#hover(this.#nearest(area, at));
  }

  #drawn(area: PlotArea, at: { readonly x: number; readonly y: number }): Rect {
    const x = fromX(area, clamp(at.x, 0, area.width));
    const y = fromY(area, clamp(at.y, 0, area.height));
    const { rect } = this;
    if (this.#edge && rect) {
      const other = { left: rect.x[1], right: rect.x[0], bottom: rect.y[1], top: rect.y[0] }[this.#edge];
      return this.#edge === 'left' || this.#edge === 'right'
        ? { x: ordered([x, other]), y: rect.y }
        : { x: rect.x, y: ordered([y, other]) };
    }
    const start = this.#start!;
    return {
      x: ordered([fromX(area, clamp(start.x, 0, area.width)), x]),
      y: ordered([fromY(area, clamp(start.y, 0, area.height)), y]),
    };
  }

  #up(event: PointerEvent): void {
    const { area } = this;
    const start = this.#start;
    this.#start = undefined;
    if (!area || !start) return;
    const at = this.#at(event);
    if (this.#dragged) {
      this.#start = start;
      const rect = this.#drawn(area, at);
      this.#start = undefined;
      this.#edge = undefined;
      this.#dragged = false;
      const isThin = rect.x[0] === rect.x[1] || rect.y[0] === rect.y[1];
      this.#tell(isThin ? undefined : rect, true);
      return;
    }
    this.#edge = undefined;
    const near = this.#nearest(area, at);
    if (near !== undefined) this.dispatchEvent(new CustomEvent('exa-pick', { detail: near }));
    else if (this.rect) this.#tell(undefined, true);
  }

  #cancel(): void {
    this.#start = undefined;
    this.#edge = undefined;
    this.#dragged = false;
    this.moving = undefined;
  }

  #leave(): void {
    if (!this.#start) this.#hover(undefined);
  }

  #hover(near: number | undefined): void {
    if (near === this.near) return;
    this.near = near;
    this.dispatchEvent(new CustomEvent('exa-hover', { detail: near }) satisfies PointEvent);
  }

  #nearest(area: PlotArea, at: { readonly x: number; readonly y: number }): number | undefined {
    let best: number | undefined;
    let least = reach * reach;
    for (let i = 0; i < this.xs.length; i++) {
      const dx = toX(area, this.xs[i]!) - at.x;
      const dy = toY(area, this.ys[i]!) - at.y;
      const distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  #tell(rect: Rect | undefined, done: boolean): void {
    this.moving = done ? undefined : rect;
    this.dispatchEvent(new CustomEvent('exa-rect', { detail: { rect, done } }) satisfies RectEvent);
  }
}

function moved(rect: Rect, whole: Rect, edge: Edge, share: number): Rect | undefined {
  const axis = edge === 'left' || edge === 'right' ? 'x' : 'y';
  const [low, high] = whole[axis];
  const step = (high - low) * share;
  const [from, to] = rect[axis];
  const isLow = edge === 'left' || edge === 'bottom';
  const least = (high - low) * 0.01;
  const range: readonly [number, number] = isLow
    ? [clamp(from + step, low, to - least), to]
    : [from, clamp(to + step, from + least, high)];
  const next = { ...rect, [axis]: range };
  const isWhole =
    next.x[0] <= whole.x[0] && next.x[1] >= whole.x[1] && next.y[0] <= whole.y[0] && next.y[1] >= whole.y[1];
  return isWhole ? undefined : next;
}

function ordered([one, other]: readonly [number, number]): [number, number] {
  return one <= other ? [one, other] : [other, one];
}

function toX({ x: [from, to], width }: PlotArea, value: number): number {
  return ((value - from) / (to - from)) * width;
}

function toY({ y: [from, to], height }: PlotArea, value: number): number {
  return ((to - value) / (to - from)) * height;
}

function fromX({ x: [from, to], width }: PlotArea, px: number): number {
  return from + (px / width) * (to - from);
}

function fromY({ y: [from, to], height }: PlotArea, px: number): number {
  return to - (px / height) * (to - from);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

if (!customElements.get('exa-points-layer')) customElements.define('exa-points-layer', PointsLayer);
