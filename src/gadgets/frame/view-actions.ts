import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { DataClient } from '../../protocol/client.ts';
import { toExaError } from '../../protocol/errors.ts';
import type { KeptPlace, KeptView } from '../../protocol/saved-view.ts';
import { emptyWorkspace, type Workspace } from '../../protocol/workspace.ts';
import { namesIn } from '../../protocol/workspace-columns.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { icon } from '../icons.ts';
import '../popover-panel.ts';
import type { PopoverPanel } from '../popover-panel.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import { headsOf } from './heads-of.ts';

/** What a view's workspace can be done with: undone and redone, saved, shared, compared, printed. */
export class ViewActions extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      .button {
        min-height: 28px;
        padding: 0 8px;
      }
      .button.icon-only {
        width: 28px;
        padding: 0;
      }
      form,
      .ways {
        display: grid;
        gap: 8px;
        padding: 4px;
      }
      .ways {
        gap: 0;
      }
      .ways .button {
        justify-content: start;
        min-height: 32px;
        font-weight: 400;
      }
      label {
        display: grid;
        gap: 4px;
      }
      label.choice {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      input:not([type='radio']) {
        min-height: 32px;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
      }
      .failed {
        color: var(--exa-danger);
      }
      @media (pointer: coarse) {
        .button,
        .ways .button {
          min-height: 44px;
        }
        .button.icon-only {
          width: 44px;
        }
      }
      @media (max-width: 719px) {
        .word {
          display: none;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    workspace: { attribute: false },
    client: { attribute: false },
    views: { attribute: false },
    canUndo: { type: Boolean },
    canRedo: { type: Boolean },
    hasStore: { type: Boolean },
    told: { state: true },
    failure: { state: true },
    place: { state: true },
  };

  declare workspace: Workspace;
  declare client: DataClient | undefined;
  /** Saved views there are: this one may be among them. */
  declare views: readonly KeptView[];
  declare canUndo: boolean;
  declare canRedo: boolean;
  /** A store can be reached to keep views for everyone. */
  declare hasStore: boolean;
  declare told: string;
  declare failure: string;
  declare place: KeptPlace | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.workspace = emptyWorkspace();
    this.views = [];
    this.canUndo = false;
    this.canRedo = false;
    this.hasStore = false;
    this.told = '';
    this.failure = '';
  }

  /** Opens the form to save the view. */
  askName(): void {
    this.renderRoot.querySelector<PopoverPanel>('#save')?.show(true);
  }

  #focusName(): void {
    void this.updateComplete.then(() => {
      const input = this.renderRoot.querySelector<HTMLInputElement>('#name');
      input?.focus();
      input?.select();
    });
  }

  get #own(): KeptView | undefined {
    return this.views.find(({ id }) => id === this.workspace.saved);
  }

  protected override render(): unknown {
    const own = this.#own;
    return html`
      ${this.#tool('undo', msg('Undo'), !this.canUndo, () => this.#tell('exa-undo'))}
      ${this.#tool('redo', msg('Redo'), !this.canRedo, () => this.#tell('exa-redo'))}
      ${
        this.client?.keep
          ? html`<exa-popover-panel
              id="save"
              side="end"
              label=${msg('Save view')}
              @exa-toggle=${(event: CustomEvent<boolean>) => event.detail && this.#focusName()}
            >
              <button slot="trigger" class="button quiet" aria-label=${msg('Save view')}>
                ${icon('bookmark')}<span class="word">${msg('Save view')}</span>
              </button>
              <form @submit=${this.#save}>
                <label>
                  <span class="meta">${msg('Name')}</span>
                  <input id="name" name="name" required maxlength="200" autocomplete="off" .value=${own?.name ?? ''} />
                </label>
                ${this.#places(own)}
                <button class="button primary">${own ? msg('Save again') : msg('Save')}</button>
                ${
                  own
                    ? html`<button class="button" name="copy" value="yes">${msg('Save as another view')}</button>`
                    : nothing
                }
                ${this.failure ? html`<p class="failed" role="alert">${this.failure}</p>` : nothing}
              </form>
            </exa-popover-panel>`
          : nothing
      }
      <exa-popover-panel id="share" side="end" label=${msg('Share')}>
        <button slot="trigger" class="button quiet" aria-label=${msg('Share')}>${icon('link')}<span class="word">${msg('Share')}</span></button>
        <div class="ways">
          <button class="button quiet" @click=${this.#copyLink}>${icon('copy')}${msg('Copy link')}</button>
          <button class="button quiet" @click=${this.#compare}>${icon('compare')}${msg('Compare side by side')}</button>
          <button class="button quiet" @click=${() => window.print()}>${icon('page')}${msg('Print')}</button>
        </div>
      </exa-popover-panel>
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  #tool(name: 'undo' | 'redo', label: string, disabled: boolean, run: () => void): unknown {
    return html`<button class="button quiet icon-only" title=${label} ?disabled=${disabled} @click=${run}>
      ${icon(name)}<span class="hidden-text">${label}</span>
    </button>`;
  }

  #places(own: KeptView | undefined): unknown {
    if (!this.hasStore) return html`<p class="meta">${msg('Kept on this device.')}</p>`;
    const place = this.place ?? own?.place ?? 'device';
    const choice = (value: KeptPlace, label: string) => html`<label class="choice">
      <input
        type="radio"
        name="place"
        value=${value}
        .checked=${place === value}
        @change=${() => {
          this.place = value;
        }}
      />${label}
    </label>`;
    return html`${choice('device', msg('On this device'))}${choice('store', msg('In the store, for all who use it'))}`;
  }

  #tell(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { client, workspace } = this;
    const own = this.#own;
    const form = new FormData(event.target as HTMLFormElement, event.submitter);
    const name = String(form.get('name') ?? '').trim();
    if (!client?.keep || name === '') return;
    const isSame = own !== undefined && form.get('copy') !== 'yes';
    const place: KeptPlace = form.get('place') === 'store' ? 'store' : 'device';
    const id = isSame && own.place === place ? own.id : crypto.randomUUID();
    try {
      const { saved: _, record: __, ...rest } = workspace;
      const heads = await headsOf(client, rest);
      const columns = namesIn(rest, heads);
      const view = { id, name, workspace: printWorkspace(rest), columns, at: new Date().toISOString() };
      await client.keep.save(view, place);
      if (isSame && own.id !== id) await client.keep.remove(own.id, own.place);
      this.failure = '';
      this.told = msg(str`Saved: ${name}`);
      this.renderRoot.querySelector<PopoverPanel>('#save')?.show(false);
      this.#tell('exa-saved', { id });
    } catch (error) {
      this.failure = toExaError(error).message;
    }
  };

  readonly #copyLink = async (): Promise<void> => {
    const { saved: _, ...rest } = this.workspace;
    await navigator.clipboard.writeText(`${location.href.split('#')[0]}${printWorkspace(rest)}`);
    this.told = msg('Link copied');
    this.renderRoot.querySelector<PopoverPanel>('#share')?.show(false);
  };

  readonly #compare = (): void => {
    const { saved: _, record: __, ...rest } = this.workspace;
    const fragment = printWorkspace(rest);
    this.#tell('exa-go', {
      workspace: {
        ...emptyWorkspace('compare'),
        gadgets: { compare: { left: fragment, right: fragment, linked: false } },
      } satisfies Workspace,
    });
  };
}

if (!customElements.get('exa-view-actions')) customElements.define('exa-view-actions', ViewActions);
