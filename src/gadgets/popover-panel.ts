import { type CSSResult, css, html, LitElement, type PropertyDeclarations } from 'lit';
import { sharedStyles } from './theme/base.styles.ts';

const styles: CSSResult = css`
  :host {
    position: relative;
    display: inline-block;
  }
  .panel {
    position: absolute;
    z-index: 20;
    top: calc(100% + 4px);
    left: 0;
    min-width: 240px;
    max-width: min(360px, calc(100vw - 24px));
    max-height: min(520px, calc(100vh - 120px));
    overflow: auto;
    padding: 8px;
    background: var(--exa-raised);
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
    box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
  }
  :host([side='end']) .panel {
    left: auto;
    right: 0;
  }
  @media (max-width: 719px) {
    .panel,
    :host([side='end']) .panel {
      position: fixed;
      top: auto;
      bottom: 56px;
      left: 8px;
      right: 8px;
      max-width: none;
    }
  }
`;

/**
 * A button (slot `trigger`, a `<button>`) and a panel below it: Escape, a press outside or focus leaving closes it.
 * @prop open Whether the panel shows. @prop side `end` hangs it from the right edge. @event exa-toggle When it does.
 */
export class PopoverPanel extends LitElement {
  static override styles = [...sharedStyles, styles];
  static override properties: PropertyDeclarations = {
    open: { type: Boolean, reflect: true },
    side: { type: String, reflect: true },
    label: { type: String },
  };

  declare open: boolean;
  declare side: 'start' | 'end';
  /** Name of the panel. */
  declare label: string;

  readonly #outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.show(false);
  };

  constructor() {
    super();
    this.open = false;
    this.side = 'start';
    this.label = '';
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.open) return;
      event.stopPropagation();
      this.show(false);
      this.#trigger()?.focus();
    });
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !this.contains(next)) this.show(false);
    });
  }

  /** Opens or closes the panel. */
  show(open: boolean): void {
    if (open === this.open) return;
    this.open = open;
    this.dispatchEvent(new CustomEvent('exa-toggle', { detail: open }));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#outside, true);
  }

  protected override updated(): void {
    const trigger = this.#trigger();
    trigger?.setAttribute('aria-expanded', String(this.open));
    trigger?.setAttribute('aria-haspopup', 'dialog');
    if (this.open) document.addEventListener('pointerdown', this.#outside, true);
    else document.removeEventListener('pointerdown', this.#outside, true);
  }

  protected override render(): unknown {
    return html`
      <slot name="trigger" @click=${() => this.show(!this.open)}></slot>
      <div class="panel" role="dialog" aria-label=${this.label} ?hidden=${!this.open}><slot></slot></div>
    `;
  }

  #trigger(): HTMLElement | null {
    return this.querySelector<HTMLElement>('[slot="trigger"]');
  }
}

if (!customElements.get('exa-popover-panel')) customElements.define('exa-popover-panel', PopoverPanel);
