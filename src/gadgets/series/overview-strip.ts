import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import {
  centredOn,
  type Extent,
  elementAt,
  fractionOf,
  panExtent,
  positionAt,
  wholeExtent,
} from '../exact/extent.ts';
import { groupDigits } from '../exact/index-text.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import { palette, schemeOf } from '../theme/palette.ts';
import { kindOfCell, placeOf, type SeriesCells } from './series-cells.ts';

/** `exa-jump`: the extent one went to on the strip. */
export type JumpEvent = CustomEvent<{ readonly extent: Extent; readonly done: boolean }>;

/**
 * All of an axis on one strip: where something is written, and where one is. A press or a drag goes there; a slider for
 * the keyboard.
 * @prop cells Of the whole axis @prop size @prop extent @event exa-jump
 */
export class OverviewStrip extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: relative;
        height: 28px;
        border: 1px solid var(--exa-border);
        border-radius: 4px;
        background: var(--exa-canvas);
        overflow: hidden;
        cursor: pointer;
        touch-action: pan-y;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .here {
        position: absolute;
        top: 0;
        bottom: 0;
        min-width: 3px;
        background: color-mix(in srgb, var(--exa-accent) 16%, transparent);
        border-inline: 1.5px solid var(--exa-accent);
        border-radius: 2px;
        cursor: grab;
      }
      .here::before,
      .here::after {
        content: '';
        position: absolute;
        left: 50%;
        margin-left: -5px;
        border: 5px solid transparent;
        pointer-events: none;
      }
      .here.small::before {
        top: 0;
        border-top-color: var(--exa-accent);
        border-bottom: 0;
      }
      .here.small::after {
        bottom: 0;
        border-bottom-color: var(--exa-accent);
        border-top: 0;
      }
      .here:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    cells: { attribute: false },
    size: { attribute: false },
    extent: { attribute: false },
    label: { type: String },
  };

  declare cells: SeriesCells | undefined;
  declare size: bigint;
  declare extent: Extent;
  declare label: string;

  #sizes: ResizeObserver | undefined;
  #grabbed: { readonly x: number; readonly extent: Extent } | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.size = 1n;
    this.extent = wholeExtent(1n);
    this.label = '';
    this.addEventListener('pointerdown', (event) => this.#down(event));
    this.addEventListener('pointermove', (event) => this.#move(event));
    this.addEventListener('pointerup', (event) => this.#up(event));
    this.addEventListener('pointercancel', () => {
      this.#grabbed = undefined;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.#draw());
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  protected override render(): unknown {
    const whole = wholeExtent(this.size);
    const [from, to] = [fractionOf(whole, this.extent.from), fractionOf(whole, this.extent.to)];
    const isWhole = from <= 0 && to >= 1;
    const first = groupDigits(elementAt(this.extent.from));
    const last = groupDigits(elementAt(this.extent.to - 1n));
    return html`<canvas></canvas>${
      isWhole
        ? nothing
        : html`<div
            class=${(to - from) * this.clientWidth < 14 ? 'here small' : 'here'}
            style="left:min(${from * 100}%, 100% - 3px);width:${(to - from) * 100}%"
            role="slider"
            tabindex="0"
            aria-label=${this.label || msg('Where you are')}
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=${Math.round(from * 100)}
            aria-valuetext=${msg(str`${first} to ${last}`)}
            @keydown=${this.#key}
          ></div>`
    }`;
  }

  protected override updated(): void {
    this.#draw();
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const ctx = canvas?.getContext('2d');
    const { clientWidth: width, clientHeight: height } = this;
    if (!canvas || !ctx || width === 0) return;
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    ctx.scale(density, density);
    const { cells } = this;
    if (!cells) return;
    const scheme = schemeOf(this);
    const { x, dx } = placeOf(cells, wholeExtent(this.size), width);
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < cells.size; i++) {
      if (cells.min[i]! < low) low = cells.min[i]!;
      if (cells.max[i]! > high) high = cells.max[i]!;
    }
    const scale = high > low ? (height - 8) / (high - low) : 0;
    const color = palette['series-1'][scheme];
    for (let i = 0; i < cells.size; i++) {
      const kind = kindOfCell(cells, i);
      if (kind !== 'numbers' && kind !== 'nans') continue;
      const [left, wide] = [x + dx * i, Math.max(2, dx)];
      ctx.fillStyle = color;
      ctx.globalAlpha = 0.22;
      ctx.fillRect(left, 0, wide, height);
      ctx.globalAlpha = 1;
      const [top, bottom] =
        kind === 'numbers' && scale > 0
          ? [4 + (high - cells.max[i]!) * scale, 4 + (high - cells.min[i]!) * scale]
          : [height / 2 - 1, height / 2 + 1];
      ctx.fillRect(left, top, wide, Math.max(2, bottom - top));
    }
  }

  #fraction(event: PointerEvent): number {
    const box = this.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    const whole = wholeExtent(this.size);
    const at = this.#fraction(event);
    const [from, to] = [fractionOf(whole, this.extent.from), fractionOf(whole, this.extent.to)];
    const slack = 8 / Math.max(1, this.clientWidth);
    const isWithin = at >= from - slack && at <= to + slack && to - from < 1;
    const extent = isWithin
      ? this.extent
      : centredOn(this.extent, elementAt(positionAt(whole, at)), this.size);
    this.#grabbed = { x: at, extent };
    if (!isWithin) this.#tell(extent, false);
  }

  #move(event: PointerEvent): void {
    const grabbed = this.#grabbed;
    if (!grabbed) return;
    const moved = this.#moved(grabbed, event);
    if (moved) this.#tell(moved, false);
  }

  #up(event: PointerEvent): void {
    const grabbed = this.#grabbed;
    this.#grabbed = undefined;
    if (grabbed) this.#tell(this.#moved(grabbed, event) ?? grabbed.extent, true);
  }

  #moved({ x, extent }: { x: number; extent: Extent }, event: PointerEvent): Extent | undefined {
    const by = this.#fraction(event) - x;
    if (by === 0) return undefined;
    const whole = wholeExtent(this.size);
    const distance = positionAt(whole, Math.abs(by));
    const shift = by < 0 ? -distance : distance;
    return panExtent({ from: extent.from + shift, to: extent.to + shift }, 0, this.size);
  }

  readonly #key = (event: KeyboardEvent): void => {
    const whole = wholeExtent(this.size);
    const length = this.extent.to - this.extent.from;
    const at = (from: bigint): Extent => panExtent({ from, to: from + length }, 0, this.size);
    const percent = positionAt(whole, event.shiftKey || event.key.startsWith('Page') ? 0.1 : 0.01);
    const next =
      event.key === 'ArrowLeft' || event.key === 'ArrowDown' || event.key === 'PageDown'
        ? at(this.extent.from - percent)
        : event.key === 'ArrowRight' || event.key === 'ArrowUp' || event.key === 'PageUp'
          ? at(this.extent.from + percent)
          : event.key === 'Home'
            ? at(0n)
            : event.key === 'End'
              ? at(whole.to)
              : undefined;
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell(next, true);
  };

  #tell(extent: Extent, done: boolean): void {
    this.dispatchEvent(new CustomEvent('exa-jump', { detail: { extent, done } }) satisfies JumpEvent);
  }
}

if (!customElements.get('exa-overview-strip')) customElements.define('exa-overview-strip', OverviewStrip);
