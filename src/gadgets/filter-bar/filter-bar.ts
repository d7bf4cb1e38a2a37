import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import type { ColumnType } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Filter } from '../../protocol/query.ts';
import { columnLabel } from '../column-label.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import '../popover-panel.ts';
import type { PopoverPanel } from '../popover-panel.ts';
import { typeOfColumn } from '../subject.ts';
import { filterBarStyles } from './filter-bar.styles.ts';
import './filter-editor.ts';
import { type ColumnWords, filterWords } from './filter-words.ts';

/** The id under which a column's filter is held, whoever sets it (the bar, that column's bars). */
export function columnFilterId(column: string): string {
  return `by-${column}`;
}

/** The column being edited. */
export interface FilterBarState {
  readonly editing: string | null;
}

/**
 * The filters of the group above as pills: what each keeps, a way to edit and to remove it, and to add one by column.
 * @prop source Data set the view is about
 */
export class FilterBar extends Gadget<FilterBarState> {
  static override styles = [gadgetStyles, filterBarStyles];
  static override properties: PropertyDeclarations = {
    source: { type: String },
  };

  declare source: string | undefined;

  readonly #head = new HeadController(this, () => this.source);

  readonly #linked = new LinkedHeads(this, () => this.#head.head);

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): FilterBarState {
    return { editing: null };
  }

  #columns(): readonly { readonly ref: string; readonly label: string; readonly type: ColumnType }[] {
    const head = this.#head.head;
    if (!head) return [];
    return head.columns.map(({ id, type }) => ({
      ref: id,
      label: columnLabel(id, head),
      type,
    }));
  }

  #words(): ColumnWords {
    const head = this.#head.head;
    return {
      label: (column) => (head ? columnLabel(column, head, this.#linked.heads) : column),
      type: (column) => (head ? typeOfColumn(column, head, this.#linked.heads) : undefined),
      zone: head?.profile.zone ?? 'UTC',
    };
  }

  protected override view(): unknown {
    const { group } = this;
    if (!group || !this.#head.head) return nothing;
    const formats = formatsFor(this);
    const words = this.#words();
    const filters = Object.entries(group.filters);
    return html`
      <div class="bar" role="region" aria-label=${msg('Filters')}>
        <ul aria-label=${msg('Filters in use')}>
          ${filters.map(([id, { filter }]) => {
            const { label, text, excludes } = filterWords(filter, words, formats);
            return html`<li class=${excludes ? 'pill out' : 'pill'}>
              <span class="words"
                ><span class="label">${label}</span>${excludes ? html`<b>${msg('not')}</b>` : ':'} ${text}</span
              >
              <button
                class="turn"
                title=${excludes ? msg('Keep only these') : msg('Keep these out')}
                aria-label=${excludes ? msg(str`Keep only ${label}: ${text}`) : msg(str`Keep out ${label}: ${text}`)}
                @click=${() => group.set(id, { dataset: this.source ?? '', filter: turned(filter) })}
              >
                ${icon(excludes ? 'plus' : 'minus')}
              </button>
              <button
                aria-label=${msg(str`Remove ${label}: ${text}`)}
                title=${msg('Remove')}
                @click=${() => group.clear(id)}
              >
                ${icon('x')}
              </button>
            </li>`;
          })}
        </ul>
        ${this.#adder()}
        ${
          filters.length > 1
            ? html`<button class="button quiet small" @click=${() => group.clear()}>${msg('Clear all')}</button>`
            : nothing
        }
      </div>
    `;
  }

  #adder(): unknown {
    const columns = this.#columns();
    const editing = columns.find(({ ref }) => ref === this.state.editing);
    return html`<exa-popover-panel
      label=${msg('Add a filter')}
      @exa-toggle=${(event: CustomEvent<boolean>) => {
        if (!event.detail) void this.changeState({ editing: null });
      }}
    >
      <button slot="trigger" class="button quiet small">${icon('filter')}${msg('Filter')}</button>
      ${
        editing
          ? html`<div class="editor">
              <button class="button quiet small" @click=${() => void this.changeState({ editing: null })}>
                ${icon('chevron-left')}${editing.label}
              </button>
              <exa-filter-editor
                .source=${this.source}
                .column=${editing.ref}
                .type=${editing.type}
                .zone=${this.#zone()}
                .filter=${this.group?.filters[columnFilterId(editing.ref)]?.filter}
                @exa-filter=${(event: CustomEvent<{ filter: Filter | undefined }>) =>
                  this.#set(editing.ref, event.detail.filter)}
              ></exa-filter-editor>
            </div>`
          : html`<ul class="columns">
              ${columns.map(
                ({ ref, label }) =>
                  html`<li>
                    <button class="option" @click=${() => void this.changeState({ editing: ref })}>${label}</button>
                  </li>`,
              )}
            </ul>`
      }
    </exa-popover-panel>`;
  }

  #zone(): ZoneTable | undefined {
    const head = this.#head.head;
    return head?.zones[head.profile.zone];
  }

  #set(column: string, filter: Filter | undefined): void {
    this.group?.set(columnFilterId(column), filter && { dataset: this.source ?? '', filter });
    this.renderRoot.querySelector<PopoverPanel>('exa-popover-panel')?.show(false);
  }
}

function turned(filter: Filter): Filter {
  return filter.op === 'not' ? filter.of : { op: 'not', of: filter };
}

defineGadget('exa-filter-bar', FilterBar);
