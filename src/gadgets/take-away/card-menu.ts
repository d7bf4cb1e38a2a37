import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import type { MenuItem, TakenFrom } from './take-away.ts';

type Actions = typeof import('./menu-actions.ts');

/** The button and the menu of a card. What it does is loaded when it is first opened. */
export class CardMenu extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        display: inline-block;
      }
      .trigger {
        min-height: 28px;
        width: 28px;
        padding: 0;
        color: var(--exa-muted);
      }
      .menu {
        position: fixed;
        inset: auto;
        margin: 0;
        min-width: 216px;
        max-width: calc(100vw - 16px);
        max-height: calc(100vh - 16px);
        overflow: auto;
        padding: 4px;
        background: var(--exa-raised);
        color: var(--exa-text);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
      }
      .menu p {
        padding: 6px 8px 2px;
      }
      .item {
        display: flex;
        width: 100%;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        padding: 0 8px;
        border: 0;
        border-radius: 4px;
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .item:hover,
      .item:focus-visible {
        background: var(--exa-hover);
      }
      hr {
        margin: 4px 0;
        border: 0;
        border-top: 1px solid var(--exa-border);
      }
      @media (pointer: coarse) {
        .item,
        .trigger {
          min-height: 44px;
        }
        .trigger {
          width: 44px;
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
    card: { attribute: false },
    more: { attribute: false },
    open: { state: true },
    told: { state: true },
  };

  declare card: TakenFrom | undefined;
  declare more: readonly MenuItem[];
  declare open: boolean;
  declare told: string;
  #actions: Promise<Actions> | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.more = [];
    this.open = false;
    this.told = '';
  }

  protected override render(): unknown {
    const title = this.card?.takeAway()?.title;
    return html`
      <button
        class="button quiet trigger"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${this.#toggle}
      >
        ${icon('more')}<span class="hidden-text">${title ? `${title}: ` : ''}${msg('more actions')}</span>
      </button>
      <div
        class="menu"
        popover="auto"
        role="menu"
        aria-label=${msg('More actions')}
        @toggle=${this.#toggled}
        @keydown=${this.#key}
      >
        ${this.open ? this.#items() : nothing}
      </div>
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  #items(): unknown {
    const offer = this.card?.takeAway();
    const act = (run: (actions: Actions, card: TakenFrom) => unknown): (() => void) => {
      return () => {
        const { card } = this;
        if (card) void this.#load().then(async (actions) => this.#tell(await run(actions, card)));
      };
    };
    return html`
      ${this.more.map(({ label, run }) => this.#item(label, run))}
      ${this.more.length > 0 ? html`<hr />` : nothing}
      ${
        offer?.data
          ? html`<p class="meta" role="presentation">${msg('Download')}</p>
              ${this.#item(
                msg('CSV'),
                act((actions, card) => actions.download(card, 'csv')),
              )}
              ${this.#item(
                msg('Excel'),
                act((actions, card) => actions.download(card, 'xlsx')),
              )}
              ${this.#item(
                msg('Parquet'),
                act((actions, card) => actions.download(card, 'parquet')),
              )}
              ${this.#item(
                msg('Arrow'),
                act((actions, card) => actions.download(card, 'arrow')),
              )}
              <hr />`
          : nothing
      }
      ${
        offer?.data
          ? this.#item(
              msg('Copy table'),
              act((actions, card) => actions.copyTable(card)),
            )
          : nothing
      }
      ${this.#item(
        msg('Copy picture'),
        act((actions, card) => actions.copyPicture(card)),
      )}
      ${this.#item(
        msg('Picture (PNG)'),
        act((actions, card) => actions.savePicture(card, 'png')),
      )}
      ${this.#item(
        msg('Picture (SVG)'),
        act((actions, card) => actions.savePicture(card, 'svg')),
      )}
      ${
        offer?.data && offer.data.what.kind !== 'table'
          ? this.#item(
              msg('Cite'),
              act((actions, card) => actions.cite(card)),
            )
          : nothing
      }
      ${this.#item(
        msg('Print'),
        act((actions, card) => actions.printCard(card)),
      )}
    `;
  }

  #item(label: string, run: () => void): unknown {
    return html`<button
      class="item"
      role="menuitem"
      tabindex="-1"
      @click=${() => {
        this.#menu()?.hidePopover();
        run();
      }}
    >
      ${label}
    </button>`;
  }

  #load(): Promise<Actions> {
    this.#actions ??= import('./menu-actions.ts').catch((error: unknown) => {
      this.#actions = undefined;
      throw error;
    });
    return this.#actions;
  }

  #tell(told: unknown): void {
    this.told = typeof told === 'string' ? told : '';
  }

  readonly #toggle = async (): Promise<void> => {
    const menu = this.#menu();
    if (!menu) return;
    if (this.open) {
      menu.hidePopover();
      return;
    }
    this.open = true;
    await this.updateComplete;
    menu.showPopover();
    place(menu, this.#trigger());
    this.#choices()[0]?.focus();
  };

  readonly #toggled = (event: ToggleEvent): void => {
    if (event.newState === 'closed') this.open = false;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const items = this.#choices();
    const at = items.indexOf(
      this.renderRoot instanceof ShadowRoot ? (this.renderRoot.activeElement as HTMLElement) : items[0]!,
    );
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      if (event.key === 'Escape') event.preventDefault();
      this.#menu()?.hidePopover();
      this.#trigger()?.focus();
      return;
    }
    const found = to ?? (event.key.length === 1 ? named(items, event.key, at) : undefined);
    if (found === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[found]?.focus();
  };

  #choices(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')];
  }

  #menu(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.menu');
  }

  #trigger(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.trigger');
  }
}

/** The next item whose name begins with a letter typed. */
function named(items: readonly HTMLElement[], key: string, at: number): number | undefined {
  for (let i = 1; i <= items.length; i++) {
    const index = (at + i) % items.length;
    if (items[index]?.textContent?.trim().toLowerCase().startsWith(key.toLowerCase())) return index;
  }
  return undefined;
}

/** Under the button, its right edges aligned, wholly in the window. */
function place(menu: HTMLElement, trigger: HTMLElement | null): void {
  if (!trigger) return;
  const box = trigger.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(8, box.right - width), Math.max(8, clientWidth - width - 8));
  const below = box.bottom + 4;
  const top =
    below + height + 8 <= clientHeight
      ? below
      : Math.max(8, Math.min(box.top - height - 4, clientHeight - height - 8));
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

if (!customElements.get('exa-card-menu')) customElements.define('exa-card-menu', CardMenu);
