import { localized, msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { AccountClient, AccountSession } from '../../protocol/account.ts';
import type { ExaError } from '../../protocol/errors.ts';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/**
 * What stands in place of everything while the store asks who one is.
 * @prop account @prop session @prop error Why credentials there were do not hold
 */
export class SignIn extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        display: grid;
        justify-items: center;
        padding: 48px 12px;
      }
      .card {
        display: grid;
        justify-items: start;
        gap: 12px;
        width: min(440px, 100%);
        padding: 24px;
      }
      h2 {
        font-size: var(--exa-size-view);
        font-weight: 600;
      }
      .why {
        display: flex;
        gap: 8px;
        padding: 8px 12px;
        border-radius: var(--exa-radius);
        background: var(--exa-warning-soft);
        overflow-wrap: anywhere;
      }
      .why .icon {
        color: var(--exa-warning);
        flex: none;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    account: { attribute: false },
    session: { attribute: false },
    error: { attribute: false },
  };

  declare account: AccountClient | undefined;
  declare session: AccountSession | undefined;
  declare error: ExaError | undefined;

  protected override render(): unknown {
    const can = this.session?.signIn !== undefined;
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${msg('Sign in')}</h2>
      <p>
        ${
          can
            ? msg(
                'This store shows its data to people it knows. After signing in you come back to this page.',
              )
            : msg(
                'This store shows its data to people it knows: open it through the portal that signs you in.',
              )
        }
      </p>
      ${this.error ? html`<p class="why" role="alert">${icon('alert')}<span>${this.error.message}</span></p>` : nothing}
      ${can ? html`<button class="button primary" @click=${() => this.account?.signIn()}>${msg('Sign in')}</button>` : nothing}
    </section>`;
  }
}

localized()(SignIn);
if (!customElements.get('exa-sign-in')) customElements.define('exa-sign-in', SignIn);
