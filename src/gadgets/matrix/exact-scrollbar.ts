import { css, html, LitElement, type PropertyDeclarations } from 'lit';
import { SizeController } from '../size-controller.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import { clampPosition, positionOf, type ScrollAxis, shareOf } from './matrix-scroll.ts';

/** `exa-scroll`: the position wished for. */
export type ScrollEvent = CustomEvent<bigint>;

const leastThumbPx = 28;

/**
 * A scroll bar over any number of rows: no element of the page is as long as they are. Drag the thumb, or press beside it
 * for a page.
 * @prop axis @prop position @prop orientation @prop controls Id of what it scrolls @event exa-scroll
 */
export class ExactScrollbar extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: relative;
        background: var(--exa-canvas);
        touch-action: none;
        cursor: default;
      }
      .thumb {
        position: absolute;
        inset: 2px;
        border-radius: 4px;
        background: var(--exa-border-strong);
        opacity: 0.6;
      }
      .thumb:hover,
      :host(:active) .thumb {
        opacity: 1;
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    axis: { attribute: false },
    position: { attribute: false },
    orientation: { type: String, reflect: true },
    controls: { type: String },
    label: { type: String },
  };

  declare axis: ScrollAxis;
  declare position: bigint;
  declare orientation: 'vertical' | 'horizontal';
  declare controls: string;
  declare label: string;

  #grabbed: number | undefined;

  constructor() {
    super();
    new SizeController(this);
    this.axis = { size: 0n, itemPx: 1, viewPx: 1 };
    this.position = 0n;
    this.orientation = 'vertical';
    this.controls = '';
    this.label = '';
    this.addEventListener('pointerdown', (event) => this.#down(event));
    this.addEventListener('pointermove', (event) => this.#move(event));
    for (const name of ['pointerup', 'pointercancel'] as const)
      this.addEventListener(name, () => {
        this.#grabbed = undefined;
      });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'scrollbar');
  }

  get #isVertical(): boolean {
    return this.orientation === 'vertical';
  }

  get #trackPx(): number {
    return this.#isVertical ? this.clientHeight : this.clientWidth;
  }

  get #thumbPx(): number {
    const share = this.axis.viewPx / this.axis.itemPx / Number(this.axis.size || 1n);
    return Math.max(leastThumbPx, Math.min(1, share) * this.#trackPx);
  }

  protected override render(): unknown {
    const start = shareOf(this.position, this.axis) * (this.#trackPx - this.#thumbPx);
    const place = this.#isVertical
      ? `top:${start + 2}px;bottom:auto;height:${this.#thumbPx - 4}px`
      : `left:${start + 2}px;right:auto;width:${this.#thumbPx - 4}px`;
    return html`<div class="thumb" style=${place}></div>`;
  }

  protected override updated(): void {
    this.setAttribute('aria-orientation', this.orientation);
    this.setAttribute('aria-controls', this.controls);
    this.setAttribute('aria-label', this.label);
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', '100');
    this.setAttribute('aria-valuenow', String(Math.round(shareOf(this.position, this.axis) * 100)));
  }

  #at(event: PointerEvent): number {
    const box = this.getBoundingClientRect();
    return this.#isVertical ? event.clientY - box.top : event.clientX - box.left;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    const start = shareOf(this.position, this.axis) * (this.#trackPx - this.#thumbPx);
    const at = this.#at(event);
    if (at >= start && at <= start + this.#thumbPx) this.#grabbed = at - start;
    else {
      const page = BigInt(Math.max(1, Math.floor(this.axis.viewPx / this.axis.itemPx) - 1)) * 1_000_000n;
      this.#tell(clampPosition(at < start ? this.position - page : this.position + page, this.axis));
    }
  }

  #move(event: PointerEvent): void {
    if (this.#grabbed === undefined) return;
    const room = this.#trackPx - this.#thumbPx;
    this.#tell(positionOf(room <= 0 ? 0 : (this.#at(event) - this.#grabbed) / room, this.axis));
  }

  #tell(position: bigint): void {
    this.dispatchEvent(new CustomEvent('exa-scroll', { detail: position }) satisfies ScrollEvent);
  }
}

if (!customElements.get('exa-exact-scrollbar')) customElements.define('exa-exact-scrollbar', ExactScrollbar);
