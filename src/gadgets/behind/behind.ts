import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Measure } from '../../protocol/profile.ts';
import type { RowsBehind } from '../../protocol/workspace.ts';
import '../filter-group/filter-group.ts';
import type { FilterGroupState } from '../filter-group/group.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { icon } from '../icons.ts';
import { changeWorkspace } from '../workspace-event.ts';
import { behindStyles } from './behind.styles.ts';

/** What the mark was called, and its measure. */
export interface BehindState {
  readonly title: string;
  readonly measure: Measure | null;
}

/**
 * The rows behind a mark, sliding in on the right: the mark's own number over just these rows, how many there are, and the
 * rows; a row opens its record. @prop rows @prop columns The grid's state
 */
export class RowsBehindSheet extends Gadget<BehindState> {
  static override styles = [gadgetStyles, behindStyles];
  static override properties: PropertyDeclarations = {
    rows: { attribute: false },
    columns: { attribute: false },
  };

  declare rows: RowsBehind | undefined;
  declare columns: object | undefined;

  readonly #loader = new GadgetLoader(this);

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.stopPropagation();
      this.#close();
    });
    // What is chosen here stays here.
    this.addEventListener('exa-filters', (event) => event.stopPropagation());
  }

  protected override initialState(): BehindState {
    return { title: '', measure: null };
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('rows') && changed.get('rows') === undefined)
      this.renderRoot.querySelector<HTMLElement>('.close')?.focus();
  }

  #close(): void {
    changeWorkspace(this, { rows: undefined });
  }

  /** The rows' filter, alone: it says all, the period included. */
  #filters({ dataset, filter }: RowsBehind): FilterGroupState {
    return { filters: filter ? { rows: { dataset, filter } } : {}, compare: false };
  }

  protected override view(): unknown {
    const { rows } = this;
    if (!rows) return nothing;
    const { title } = this.state;
    return html`<div class="sheet" role="dialog" aria-modal="false" aria-labelledby="title">
      <header>
        <h2 id="title">${title === '' ? msg('Rows') : msg(str`Rows of ${title}`)}</h2>
        <button class="button quiet icon-only close" aria-label=${msg('Close')} title=${msg('Close')} @click=${this.#close}>
          ${icon('x')}
        </button>
      </header>
      <exa-filter-group .state=${this.#filters(rows)}><div class="body">${this.#body(rows)}</div></exa-filter-group>
    </div>`;
  }

  #body({ dataset }: RowsBehind): unknown {
    if (!this.#loader.has('exa-figure', 'exa-grid')) {
      const { error } = this.#loader;
      return error
        ? html`<exa-error-card .error=${error} @exa-retry=${() => this.#loader.retry()}></exa-error-card>`
        : html`<div class="skeleton"></div>`;
    }
    const { measure } = this.state;
    return html`
      ${measure ? html`<exa-figure class="facts" id="behind-figure" dataset=${dataset} .measure=${measure}></exa-figure>` : nothing}
      <exa-grid id="behind-grid" dataset=${dataset} .state=${this.columns ?? {}}></exa-grid>
    `;
  }
}

defineGadget('exa-behind', RowsBehindSheet);
