import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import './formula-editor.ts';
import type { FormulaSaved, FormulaWanted } from './open-formula.ts';

/** The editor of formulas over a page. @prop wanted What it is opened for; see `openFormula`. */
export class FormulaDialog extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      dialog {
        width: min(680px, calc(100vw - 16px));
        max-height: calc(100dvh - 32px);
        margin: 16px auto;
        padding: 0;
        overflow: auto;
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        background: var(--exa-raised);
        color: var(--exa-text);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 12px 12px 0 16px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = { wanted: { attribute: false } };

  declare wanted: FormulaWanted | undefined;

  #settle: (saved: FormulaSaved | undefined) => void = () => undefined;
  #saved: FormulaSaved | undefined;
  readonly closed = new Promise<FormulaSaved | undefined>((resolve) => {
    this.#settle = resolve;
  });

  protected override firstUpdated(): void {
    this.#dialog?.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#settle(this.#saved);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  protected override render(): unknown {
    const { wanted } = this;
    if (!wanted) return nothing;
    const title = wanted.manage
      ? msg('Calculated columns and measures')
      : wanted.kind === 'column'
        ? wanted.id === undefined
          ? msg('New column')
          : msg('Change column')
        : wanted.id === undefined
          ? msg('New measure')
          : msg('Change measure');
    return html`<dialog aria-labelledby="title" @close=${() => this.#settle(this.#saved)}>
      <header>
        <h2 id="title">${title}</h2>
        <button class="button quiet icon-only" aria-label=${msg('Close')} @click=${() => this.#dialog?.close()}>${icon('x')}</button>
      </header>
      <exa-formula-editor
        .state=${{
          dataset: wanted.dataset,
          kind: wanted.kind,
          list: wanted.manage ?? false,
          ...(wanted.id !== undefined && { id: wanted.id }),
          ...(wanted.formula !== undefined && { formula: wanted.formula }),
        }}
        @exa-state=${(event: Event) => event.stopPropagation()}
        @exa-formula-saved=${(event: CustomEvent<FormulaSaved>) => {
          this.#saved = event.detail;
          if (!wanted.manage) this.#dialog?.close();
        }}
        @exa-formula-cancel=${() => this.#dialog?.close()}
      ></exa-formula-editor>
    </dialog>`;
  }
}

if (!customElements.get('exa-formula-dialog')) customElements.define('exa-formula-dialog', FormulaDialog);
