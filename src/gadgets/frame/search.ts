import { localized, msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { DataClient } from '../../protocol/client.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { KeptView } from '../../protocol/saved-view.ts';
import type { ViewName } from '../../protocol/workspace.ts';
import { formatsFor } from '../format.ts';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import {
  arrayFinds,
  type Command,
  columnFinds,
  commandFinds,
  currentFirst,
  datasetFinds,
  type Find,
  type FoundValue,
  savedFinds,
  valueFinds,
  viewFinds,
} from './finds.ts';
import { searchStyles } from './search.styles.ts';
import { maxFinds, searchFinds } from './search-finds.ts';

/** Finds by name shown where values were found too. */
const maxNamed = 7;

/** Quiet after typing before values are asked for, in ms; letters they are asked from. */
const quietMs = 180;
const leastLetters = 2;

/**
 * Finds views, saved views, data sets, columns, values and commands by words of their names; each leads somewhere or does
 * something. Values come after the others, as they are asked for.
 * @prop views Views that have data @prop datasets @prop current The data set in view, looked through first @prop arrays
 * @prop saved @prop commands @prop client
 * @event exa-go `{ workspace }`
 */
export class Search extends LitElement {
  static override styles = [...sharedStyles, searchStyles];

  static override properties: PropertyDeclarations = {
    views: { attribute: false },
    datasets: { attribute: false },
    current: { attribute: false },
    arrays: { attribute: false },
    saved: { attribute: false },
    commands: { attribute: false },
    client: { attribute: false },
    text: { state: true },
    open: { state: true },
    active: { state: true },
    values: { state: true },
    columns: { state: true },
  };

  declare views: readonly ViewName[];
  declare datasets: readonly DatasetSummary[];
  declare current: string | undefined;
  declare arrays: readonly ArrayHead[];
  declare saved: readonly KeptView[];
  declare commands: readonly Command[];
  declare client: DataClient | undefined;
  declare text: string;
  declare open: boolean;
  declare active: number;
  declare values: readonly FoundValue[];
  declare columns: readonly Find[];

  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #columnsOf: readonly DatasetSummary[] | undefined;

  constructor() {
    super();
    this.views = [];
    this.datasets = [];
    this.arrays = [];
    this.saved = [];
    this.commands = [];
    this.text = '';
    this.open = false;
    this.active = 0;
    this.values = [];
    this.columns = [];
  }

  /** Puts the cursor into the box. */
  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #finds(): readonly Find[] {
    const formats = formatsFor(this);
    const named = searchFinds(
      [
        ...viewFinds(this.views),
        ...savedFinds(this.saved),
        ...datasetFinds(this.datasets, formats),
        ...arrayFinds(this.arrays),
        ...commandFinds(this.commands),
        ...this.columns,
      ],
      this.text,
    );
    // Values hold the text by their own rule: they are not searched again.
    const values = this.text.trim().length < leastLetters ? [] : valueFinds(this.values, formats);
    return [...named.slice(0, values.length > 0 ? maxNamed : undefined), ...values].slice(0, maxFinds);
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
          aria-label=${msg('Search views, data sets, columns, values and commands')}
          placeholder=${msg('Search or run a command')}
          autocomplete="off"
          spellcheck="false"
          aria-expanded=${String(expanded)}
          aria-controls="finds"
          aria-autocomplete="list"
          aria-activedescendant=${expanded && finds.length > 0 ? `find-${this.active}` : nothing}
          .value=${this.text}
          @input=${this.#type}
          @keydown=${this.#key}
          @focus=${this.#prepare}
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
    this.#askValues();
  }

  /** Columns are read when somebody is about to look for one. */
  readonly #prepare = async (): Promise<void> => {
    const { client, datasets } = this;
    if (!client || this.#columnsOf === datasets) return;
    this.#columnsOf = datasets;
    const { findColumns } = await import('./find-values.ts');
    const found = await findColumns(client, datasets);
    if (this.#columnsOf === datasets)
      this.columns = found.flatMap(({ dataset, columns }) => columnFinds(dataset, columns));
  };

  #askValues(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const text = this.text.trim();
    const { client } = this;
    this.values = [];
    if (!client || text.length < leastLetters) return;
    const datasets = currentFirst(this.datasets, this.current);
    const asking = new AbortController();
    this.#asking = asking;
    this.#timer = setTimeout(async () => {
      try {
        const { findValues } = await import('./find-values.ts');
        const values = await findValues(client, datasets, text, { signal: asking.signal });
        if (!asking.signal.aborted) this.values = values;
      } catch {
        // What is found by name stands.
      }
    }, quietMs);
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
    this.values = [];
    if (find.run) {
      this.renderRoot.querySelector('input')?.blur();
      find.run();
      return;
    }
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
