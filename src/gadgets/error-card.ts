import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { type CSSResultGroup, css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { ExaError } from '../protocol/errors.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './theme/base.styles.ts';

/** An error inside the box it happened in: one sentence, Retry (emits `exa-retry`), Details. */
export class ErrorCard extends LitElement {
  static override styles: CSSResultGroup = [
    ...sharedStyles,
    css`
      :host {
        container-type: inline-size;
        /* What a container holds gives it no width. */
        min-width: min(calc(100% - 24px), 320px);
        padding: 12px;
        border: 1px solid var(--exa-danger);
        border-radius: var(--exa-radius);
        background: var(--exa-danger-soft);
      }
      .line {
        display: flex;
        gap: 8px;
        align-items: flex-start;
        color: var(--exa-danger);
      }
      /* Not here while offline: nothing broke. */
      :host([tag='offline']) {
        border-color: var(--exa-border);
        background: var(--exa-warning-soft);
      }
      :host([tag='offline']) .line {
        color: var(--exa-warning);
      }
      .line .icon {
        margin-top: 2px;
      }
      .sentence {
        color: var(--exa-text);
        overflow-wrap: anywhere;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        margin: 8px 0 0 24px;
      }
      summary {
        cursor: pointer;
        min-height: 24px;
        padding: 2px 4px;
      }
      /* In half a phone the sentence and the ways take all the width there is. */
      @container (width < 150px) {
        .line {
          display: block;
        }
        .line .icon {
          display: inline-block;
          margin: 0 4px 0 0;
          vertical-align: -3px;
        }
        .ways {
          gap: 4px;
          margin: 8px -4px 0;
        }
        .ways .button {
          padding-inline: 8px;
        }
        dl {
          margin-inline: 0;
        }
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 12px;
        margin: 8px 0 0 24px;
        font-size: var(--exa-size-meta);
        overflow-wrap: anywhere;
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    error: { attribute: false },
    open: { state: true },
  };

  declare error: ExaError | undefined;
  declare open: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.open = false;
  }

  protected override willUpdate(): void {
    this.setAttribute('tag', this.error?.tag ?? '');
  }

  protected override render(): unknown {
    const error = this.error;
    if (!error) return nothing;
    const facts = Object.entries(error.facts);
    return html`
      <div role="alert">
        <p class="line">${icon(error.tag === 'offline' ? 'offline' : 'alert')}<span class="sentence">${error.message}</span></p>
      </div>
      <div class="ways">
        <button class="button" @click=${this.#retry}>${msg('Retry')}</button>
        <button
          class="button quiet"
          aria-expanded=${this.open}
          aria-controls="details"
          @click=${() => {
            this.open = !this.open;
          }}
        >
          ${msg('Details')}
        </button>
      </div>
      <dl id="details" ?hidden=${!this.open}>
        <dt>${msg('Kind')}</dt>
        <dd>${error.tag}</dd>
        ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${String(value)}</dd>`)}
      </dl>
    `;
  }

  #retry(): void {
    this.dispatchEvent(new CustomEvent('exa-retry', { bubbles: true, composed: true }));
  }
}

if (!customElements.get('exa-error-card')) customElements.define('exa-error-card', ErrorCard);
