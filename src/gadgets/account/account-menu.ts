import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { AccountClient, AccountSession, SignOutLoss } from '../../protocol/account.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import '../error-card.ts';
import { icon } from '../icons.ts';
import '../popover-panel.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** Most data sets of this device named before the rest is counted. */
const maxNamed = 3;

/**
 * Who is signed in, and the way out: signing out removes what this browser keeps of them, and asks first when something
 * is nowhere else.
 * @prop account @prop session
 */
export class AccountMenu extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        flex: none;
      }
      .who {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 12px;
      }
      p + p {
        margin-top: 4px;
      }
      exa-error-card {
        display: block;
        margin-top: 8px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    account: { attribute: false },
    session: { attribute: false },
    loss: { state: true },
    leaving: { state: true },
    error: { state: true },
  };

  declare account: AccountClient | undefined;
  declare session: AccountSession | undefined;
  /** What signing out would lose, once somebody asked to. */
  declare loss: SignOutLoss | undefined;
  declare leaving: boolean;
  declare error: ExaError | undefined;

  constructor() {
    super();
    this.leaving = false;
  }

  protected override render(): unknown {
    const { session } = this;
    if (session?.user === undefined) return nothing;
    const name = session.name ?? session.user;
    return html`<exa-popover-panel side="end" label=${msg('Account')} @exa-toggle=${() => this.#toggled()}>
      <button slot="trigger" class="button quiet icon-only" aria-label=${msg(str`Account: ${name}`)}>${icon('clients')}</button>
      <p class="who">${name}</p>
      ${name === session.user ? nothing : html`<p class="meta">${session.user}</p>`}
      <p class="meta">${roleWords(session.role)}${session.cache === 'memory' ? html` ${msg('Nothing is kept on this device.')}` : nothing}</p>
      ${this.loss ? this.#asking(this.loss) : session.canSignOut ? this.#way() : nothing}
      ${this.error ? html`<exa-error-card .error=${this.error} @exa-retry=${() => void this.#leave()}></exa-error-card>` : nothing}
    </exa-popover-panel>`;
  }

  #way(): unknown {
    return html`<div class="ways">
      <button class="button" ?disabled=${this.leaving} @click=${() => void this.#ask()}>${msg('Sign out')}</button>
    </div>`;
  }

  #asking({ waiting, local }: SignOutLoss): unknown {
    const changes = String(waiting);
    const named = local
      .slice(0, maxNamed)
      .map((name) => `“${name}”`)
      .join(', ');
    const more = String(local.length - maxNamed);
    return html`<div role="alert">
        ${waiting > 0 ? html`<p>${waiting === 1 ? msg('One change is not in the store yet.') : msg(str`${changes} changes are not in the store yet.`)}</p>` : nothing}
        ${local.length > 0 ? html`<p>${local.length > maxNamed ? msg(str`Only on this device: ${named} and ${more} more.`) : msg(str`Only on this device: ${named}.`)}</p>` : nothing}
        <p>${msg('Signing out removes them for good.')}</p>
      </div>
      <div class="ways">
        <button class="button" ?disabled=${this.leaving} @click=${() => void this.#leave()}>${msg('Sign out and remove')}</button>
        <button class="button quiet" @click=${() => this.#toggled()}>${msg('Stay')}</button>
      </div>`;
  }

  #toggled(): void {
    this.loss = undefined;
    this.error = undefined;
  }

  async #ask(): Promise<void> {
    if (!this.account) return;
    this.leaving = true;
    try {
      const loss = await this.account.loss();
      if (loss.waiting > 0 || loss.local.length > 0) this.loss = loss;
      else await this.#leave();
    } catch (error) {
      this.error = toExaError(error);
    } finally {
      this.leaving = false;
    }
  }

  async #leave(): Promise<void> {
    this.leaving = true;
    try {
      await this.account?.signOut();
    } catch (error) {
      this.error = toExaError(error);
    } finally {
      this.leaving = false;
    }
  }
}

function roleWords(role: AccountSession['role']): string {
  if (role === 'admin') return msg('May change everything.');
  return role === 'editor' ? msg('May look and change data.') : msg('May look.');
}

localized()(AccountMenu);
if (!customElements.get('exa-account-menu')) customElements.define('exa-account-menu', AccountMenu);
