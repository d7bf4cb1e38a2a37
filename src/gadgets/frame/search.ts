import { localized, msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { goTo, type ViewName, type Workspace } from '../../protocol/workspace.ts';
import { shapeWords } from '../array/shape-words.ts';
import { formatsFor } from '../format.ts';
import { type IconName, icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import { viewWords } from './frame-words.ts';
import { searchFinds } from './search-finds.ts';

/** Something the search found. */
export interface Find {
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly workspace: Workspace;
}

/**
 * Finds views and data sets by words of their names.
 * @prop views Views that have data @prop datasets @prop arrays @event exa-go `{ workspace }`
 */
export class Search extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: relative;
        width: min(320px, 100%);
      }
      .box {
        display: flex;
        align-items: center;
        gap: 6px;
        height: 32px;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
        color: var(--exa-muted);
      }
      .box:focus-within {
        outline: var(--exa-focus);
        outline-offset: 1px;
      }
      input {
        flex: 1;
        min-width: 0;
        border: 0;
        outline: 0;
        background: none;
        color: var(--exa-text);
      }
      input::placeholder {
        color: var(--exa-muted);
        opacity: 1;
      }
      kbd {
        font: 11px var(--exa-mono);
        border: 1px solid var(--exa-border);
        border-radius: 3px;
        padding: 0 4px;
      }
      ul {
        position: absolute;
        z-index: 20;
        top: calc(100% + 4px);
        left: 0;
        right: 0;
        min-width: 260px;
        max-height: 400px;
        overflow: auto;
        padding: 4px;
        background: var(--exa-raised);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        padding: 0 8px;
        border-radius: 4px;
        cursor: pointer;
      }
      li[aria-selected='true'] {
        background: var(--exa-accent-soft);
      }
      li .meta {
        margin-inline-start: auto;
      }
      .none {
        padding: 8px;
        color: var(--exa-muted);
        cursor: default;
      }
      @media (max-width: 719px) {
        :host {
          position: static;
          width: 40px;
        }
        kbd {
          display: none;
        }
        .box {
          width: 40px;
          height: 40px;
          padding: 0 11px;
          border-color: transparent;
        }
        .box:not(:focus-within) input {
          opacity: 0;
        }
        .box:focus-within {
          position: absolute;
          z-index: 2;
          inset: 4px 8px;
          width: auto;
          border-color: var(--exa-border-strong);
        }
        ul {
          top: 48px;
          left: 8px;
          right: 8px;
        }
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    views: { attribute: false },
    datasets: { attribute: false },
    arrays: { attribute: false },
    text: { state: true },
    open: { state: true },
    active: { state: true },
  };

  declare views: readonly ViewName[];
  declare datasets: readonly DatasetSummary[];
  declare arrays: readonly ArrayHead[];
  declare text: string;
  declare open: boolean;
  declare active: number;

  constructor() {
    super();
    this.views = [];
    this.datasets = [];
    this.arrays = [];
    this.text = '';
    this.open = false;
    this.active = 0;
  }

  /** Puts the cursor into the box. */
  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  #finds(): readonly Find[] {
    const formats = formatsFor(this);
    const all: Find[] = [
      ...this.views.map((view) => {
        const words = viewWords(view);
        return { label: words.label, hint: msg('View'), icon: words.icon, workspace: goTo(view) };
      }),
      ...this.datasets.map((dataset) => {
        const { part, label } = dataset.profile;
        const view = part === 'orders' || part === 'clients' ? part : 'explore';
        return {
          label: label || dataset.name,
          hint: `${formats.compact(dataset.rows)} ${msg('rows')}`,
          icon: viewWords(view).icon,
          workspace: goTo(view, dataset.id),
        };
      }),
    ];
    for (const { id, name, shape } of this.arrays)
      all.push({ label: name, hint: shapeWords(shape), icon: 'array', workspace: goTo('array', id) });
    return searchFinds(all, this.text);
  }

  protected override render(): unknown {
    const finds = this.open ? this.#finds() : [];
    const expanded = this.open && this.text.trim() !== '';
    return html`
      <div class="box">
        ${icon('search')}
        <input
          type="text"
          role="combobox"
          aria-label=${msg('Search views and data sets')}
          placeholder=${msg('Search')}
          autocomplete="off"
          spellcheck="false"
          aria-expanded=${String(expanded)}
          aria-controls="finds"
          aria-autocomplete="list"
          aria-activedescendant=${expanded && finds.length > 0 ? `find-${this.active}` : nothing}
          .value=${this.text}
          @input=${this.#type}
          @keydown=${this.#key}
          @blur=${() => {
            this.open = false;
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <ul id="finds" role="listbox" aria-label=${msg('Found')} ?hidden=${!expanded}>
        ${finds.map(
          (find, at) => html`<li
            id="find-${at}"
            role="option"
            aria-selected=${String(at === this.active)}
            @pointerdown=${(event: Event) => {
              event.preventDefault();
              this.#go(find);
            }}
          >
            ${icon(find.icon)}<span>${find.label}</span><span class="meta">${find.hint}</span>
          </li>`,
        )}
        ${finds.length === 0 && expanded ? html`<li class="none" role="option" aria-selected="false" aria-disabled="true">${msg('Nothing of that name.')}</li>` : nothing}
      </ul>
    `;
  }

  #type(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.open = true;
    this.active = 0;
  }

  #key(event: KeyboardEvent): void {
    const finds = this.#finds();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.open = true;
      if (finds.length > 0) this.active = (this.active + step + finds.length) % finds.length;
    } else if (event.key === 'Enter') {
      const find = finds[this.active];
      if (find && this.text.trim() !== '') this.#go(find);
    } else if (event.key === 'Escape') {
      this.text = '';
      this.open = false;
      (event.target as HTMLElement).blur();
    }
  }

  #go(find: Find): void {
    this.text = '';
    this.open = false;
    this.dispatchEvent(
      new CustomEvent('exa-go', {
        bubbles: true,
        composed: true,
        detail: { workspace: find.workspace },
      }),
    );
  }
}

localized()(Search);
if (!customElements.get('exa-search')) customElements.define('exa-search', Search);
