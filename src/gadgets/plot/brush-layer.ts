import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations, svg } from 'lit';
import { sharedStyles } from '../theme/base.styles.ts';
import type { PlotArea } from './figure.ts';

/** Bins `[start, end)`. */
export interface BinRange {
  readonly start: number;
  readonly end: number;
}

/** `exa-range`: the range while it moves (`done` false) and when it is settled; undefined: none. */
export type RangeEvent = CustomEvent<{ readonly range: BinRange | undefined; readonly done: boolean }>;

/**
 * The light layer above a chart's axes: selects bins by pointer and by two sliders, follows the pointer, and draws
 * the slice of somebody else's brush without touching the chart below.
 * Events: `exa-range`, `exa-hover` (detail: bin or undefined), `exa-pick` (detail: bins, pressed twice or by Enter).
 */
export class BrushLayer extends LitElement {
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
        cursor: crosshair;
        pointer-events: auto;
        touch-action: pan-y;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .shade {
        fill: var(--exa-surface);
        fill-opacity: 0.7;
      }
      .edge {
        stroke: var(--exa-accent);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .cursor {
        stroke: var(--exa-border-strong);
        vector-effect: non-scaling-stroke;
      }
      .slice {
        fill: var(--exa-series-1);
      }
      .slice.line {
        fill: none;
        stroke: var(--exa-series-1);
        stroke-width: 1.75;
        vector-effect: non-scaling-stroke;
      }
      .thumb {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 24px;
        margin-inline-start: -12px;
        cursor: ew-resize;
        pointer-events: auto;
        touch-action: none;
        border-radius: 4px;
      }
      .thumb::after {
        content: '';
        position: absolute;
        inset: calc(50% - 12px) 9px;
        border-radius: 3px;
        background: var(--exa-accent);
        opacity: 0;
      }
      .thumb.shown::after,
      .thumb:focus-visible::after {
        opacity: 1;
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    area: { attribute: false },
    bins: { type: Number },
    range: { attribute: false },
    slice: { attribute: false },
    shape: { type: String },
    about: { type: String },
    binText: { attribute: false },
    hover: { state: true },
  };

  declare area: PlotArea | undefined;
  declare bins: number;
  declare range: BinRange | undefined;
  /** Values of another gadget's brush, one a bin. */
  declare slice: readonly (number | null)[] | undefined;
  declare shape: 'bars' | 'line';
  /** What the bins are of. */
  declare about: 'time' | 'number';
  /** A bin in words, for the sliders. */
  declare binText: ((bin: number) => string) | undefined;
  declare hover: number | undefined;

  /** The bin that stays while the other end follows the pointer. */
  #anchor: number | undefined;
  #last: number | undefined;
  #dragged = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.bins = 0;
    this.shape = 'bars';
    this.about = 'time';
  }

  protected override render(): unknown {
    const { area, bins, range } = this;
    if (!area || bins < 1) return nothing;
    const box = `left:${area.left}px;top:${area.top}px;width:${area.width}px;height:${area.height}px`;
    return html`<div
      class="area"
      style=${box}
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @dblclick=${this.#pick}
      @pointercancel=${this.#cancel}
      @pointerleave=${this.#leave}
    >
      <svg viewBox="0 0 ${bins} 1" preserveAspectRatio="none" aria-hidden="true">
        ${this.#slicePath(area)}
        ${
          range
            ? svg`<rect class="shade" x="0" y="0" width=${range.start} height="1"/>
              <rect class="shade" x=${range.end} y="0" width=${bins - range.end} height="1"/>
              <line class="edge" x1=${range.start} x2=${range.start} y1="0" y2="1"/>
              <line class="edge" x1=${range.end} x2=${range.end} y1="0" y2="1"/>`
            : nothing
        }
        ${
          this.hover === undefined
            ? nothing
            : svg`<line class="cursor" x1=${this.hover + 0.5} x2=${this.hover + 0.5} y1="0" y2="1"/>`
        }
      </svg>
      ${this.#thumb('start')} ${this.#thumb('end')}
    </div>`;
  }

  #slicePath({ y: [low, high] }: PlotArea): unknown {
    if (!this.slice) return nothing;
    const at = (value: number): number => (high - value) / (high - low);
    const zero = Math.min(1, Math.max(0, at(0)));
    const commands: string[] = [];
    let pen = 'M';
    this.slice.forEach((value, bin) => {
      if (value === null) {
        pen = 'M';
        return;
      }
      if (this.shape === 'line') commands.push(`${pen}${bin + 0.5} ${at(value)}`);
      else commands.push(`M${bin + 0.08} ${zero}V${at(value)}h0.84V${zero}z`);
      pen = 'L';
    });
    return svg`<path class=${this.shape === 'line' ? 'slice line' : 'slice'} d=${commands.join('')}/>`;
  }

  #thumb(edge: 'start' | 'end'): unknown {
    const { bins, range } = this;
    const value = edge === 'start' ? (range?.start ?? 0) : (range?.end ?? bins);
    const inside = edge === 'start' ? value : value - 1;
    const text = this.binText?.(Math.min(bins - 1, Math.max(0, inside))) ?? String(inside);
    return html`<div
      class=${range ? 'thumb shown' : 'thumb'}
      role="slider"
      tabindex="0"
      style="left:${(value / bins) * 100}%"
      aria-label=${this.#edgeWords(edge)}
      aria-orientation="horizontal"
      aria-valuemin=${edge === 'start' ? 0 : 1}
      aria-valuemax=${edge === 'start' ? bins - 1 : bins}
      aria-valuenow=${value}
      aria-valuetext=${range ? text : msg(str`${text}, nothing selected`)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, edge)}
      @pointerdown=${() => this.#grab(edge)}
    ></div>`;
  }

  #edgeWords(edge: 'start' | 'end'): string {
    if (this.about === 'number')
      return edge === 'start' ? msg('Start of the selected range') : msg('End of the selected range');
    return edge === 'start' ? msg('Start of the selected period') : msg('End of the selected period');
  }

  #key(event: KeyboardEvent, edge: 'start' | 'end'): void {
    if (event.key === 'Escape') {
      if (!this.range) return;
      event.preventDefault();
      event.stopPropagation();
      this.#tell(undefined, true);
      return;
    }
    const { start, end } = this.range ?? { start: 0, end: this.bins };
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#tellPick({ start, end });
      return;
    }
    const step = event.shiftKey || event.key.startsWith('Page') ? 10 : 1;
    const moves: Record<string, number> = {
      ArrowLeft: -step,
      ArrowDown: -step,
      PageDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageUp: step,
      Home: -this.bins,
      End: this.bins,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const range =
      edge === 'start'
        ? { start: clamp(start + move, 0, end - 1), end }
        : { start, end: clamp(end + move, start + 1, this.bins) };
    this.#tell(range.start === 0 && range.end === this.bins ? undefined : range, true);
  }

  #grab(edge: 'start' | 'end'): void {
    if (!this.range) return;
    this.#anchor = edge === 'start' ? this.range.end - 1 : this.range.start;
  }

  #binAt(event: PointerEvent): number {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - box.left) / box.width) * this.bins), 0, this.bins - 1);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#last = this.#binAt(event);
    this.#anchor ??= this.#last;
  }

  #move(event: PointerEvent): void {
    const bin = this.#binAt(event);
    if (bin !== this.hover) this.dispatchEvent(new CustomEvent('exa-hover', { detail: bin }));
    this.hover = bin;
    if (this.#anchor === undefined || bin === this.#last) return;
    this.#last = bin;
    this.#tell(span(this.#anchor, bin), false);
  }

  #up(event: PointerEvent): void {
    const anchor = this.#anchor;
    this.#anchor = undefined;
    if (anchor === undefined) return;
    const bin = this.#binAt(event);
    if (this.#dragged) this.#tell(span(anchor, bin), true);
    else if (bin === anchor) this.#clicked(bin);
  }

  /** A click selects one bin; a click outside what is selected, or on the only one selected, clears. */
  #clicked(bin: number): void {
    const clear =
      this.range &&
      !(bin >= this.range.start && bin < this.range.end && this.range.end - this.range.start > 1);
    this.#tell(clear ? undefined : span(bin, bin), true);
  }

  #pick(event: MouseEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    const bin = clamp(Math.floor(part * this.bins), 0, this.bins - 1);
    this.#tellPick(span(bin, bin));
  }

  #tellPick(range: BinRange): void {
    this.dispatchEvent(new CustomEvent('exa-pick', { detail: range }));
  }

  #cancel(): void {
    this.#anchor = undefined;
    this.#tell(this.range, true);
  }

  #leave(): void {
    this.hover = undefined;
    this.dispatchEvent(new CustomEvent('exa-hover', { detail: undefined }));
  }

  #tell(range: BinRange | undefined, done: boolean): void {
    this.#dragged = !done;
    this.dispatchEvent(new CustomEvent('exa-range', { detail: { range, done } }));
  }
}

function span(one: number, other: number): BinRange {
  return { start: Math.min(one, other), end: Math.max(one, other) + 1 };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

if (!customElements.get('exa-brush-layer')) customElements.define('exa-brush-layer', BrushLayer);
