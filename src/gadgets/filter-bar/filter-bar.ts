import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Filter } from '../../protocol/query.ts';
import { columnLabel, identifierColumns } from '../column-label.ts';
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
import './condition-group.ts';
import type { FilterColumn } from './condition-group.ts';
import { conditionsOf, isGroup } from './conditions.ts';
import './filter-editor.ts';
import { columnFilterId } from './column-filter-id.ts';
import { type ColumnWords, filterWords } from './filter-words.ts';

/** What is being edited: a column, a pill, several conditions. */
export interface FilterBarState {
  readonly editing: string | null;
}

/**
 * The filters of the group above as pills: what each keeps, a way to edit and to remove it, and to add one by column.
 * @prop source Data set the view is about. Reflects `filled` while there are pills.
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

  /** Stored and calculated columns, then those of linked tables. */
  #columns(): readonly FilterColumn[] {
    const head = this.#head.head;
    if (!head) return [];
    const { heads } = this.#linked;
    const { links, calculated } = head.profile;
    const through = links.flatMap(({ id, dataset, key }) => {
      const target = heads.find((other) => other.id === dataset);
      return (target?.columns ?? [])
        .filter((column) => column.id !== key)
        .map((column) => `${id}.${column.id}`);
    });
    const refs = [...head.columns.map(({ id }) => id), ...calculated.map(({ id }) => id), ...through];
    return [...new Set(refs)].flatMap((ref) => {
      const type = typeOfColumn(ref, head, heads);
      return type ? [{ ref, label: columnLabel(ref, head, heads), type }] : [];
    });
  }

  #words(): ColumnWords {
    const head = this.#head.head;
    return {
      label: (column) => (head ? columnLabel(column, head, this.#linked.heads) : column),
      type: (column) => (head ? typeOfColumn(column, head, this.#linked.heads) : undefined),
      zone: head?.profile.zone ?? 'UTC',
      isIdentifier: (column) => head !== undefined && identifierColumns(head.profile).includes(column),
    };
  }

  protected override view(): unknown {
    const { group } = this;
    if (!group || !this.#head.head) return nothing;
    const formats = formatsFor(this);
    const words = this.#words();
    const filters = Object.entries(group.filters);
    this.toggleAttribute('filled', filters.length > 0);
    return html`
      <div class="bar" role="region" aria-label=${msg('Filters')}>
        <ul aria-label=${msg('Filters in use')}>
          ${filters.map(([id, { filter }]) => {
            const { label, text, excludes } = filterWords(filter, words, formats);
            return html`<li class=${excludes ? 'pill out' : 'pill'}>
              ${this.#pillEditor(id, filter, html`<span class="label">${label}</span>${excludes ? html`<b>${msg('not')}</b>` : ':'} ${text}`, `${label}: ${text}`)}
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

  /** A pill's words: pressed they open what it asks, to be changed. */
  #pillEditor(id: string, filter: Filter, words: unknown, name: string): unknown {
    const isOpen = this.state.editing === pillEditing(id);
    const condition = isOpen ? conditionsOf(filter) : undefined;
    const column =
      condition && !isGroup(condition)
        ? this.#columns().find(({ ref }) => ref === condition.column)
        : undefined;
    return html`<exa-popover-panel
      id=${`pill-${id}`}
      label=${msg(str`Change ${name}`)}
      @exa-toggle=${(event: CustomEvent<boolean>) =>
        void this.changeState({ editing: event.detail ? pillEditing(id) : null })}
    >
      <button slot="trigger" class="words" title=${msg('Change')}>${words}</button>
      ${isOpen ? this.#editor(id, column, filter) : nothing}
    </exa-popover-panel>`;
  }

  /** The editor of one condition on a column, or (without a column) of several. */
  #editor(id: string, column: FilterColumn | undefined, filter: Filter | undefined): unknown {
    const set = (event: CustomEvent<{ filter: Filter | undefined }>): void =>
      this.#set(id, event.detail.filter);
    return column
      ? html`<exa-filter-editor
          .source=${this.source}
          .column=${column.ref}
          .type=${column.type}
          .zone=${this.#zone()}
          .filter=${filter}
          @exa-filter=${set}
        ></exa-filter-editor>`
      : html`<exa-condition-group
          class="several"
          .columns=${this.#columns()}
          .zone=${this.#zone()}
          .filter=${filter}
          @exa-filter=${set}
        ></exa-condition-group>`;
  }

  #adder(): unknown {
    const columns = this.#columns();
    const editing = columns.find(({ ref }) => ref === this.state.editing);
    const isSeveral = this.state.editing === severalEditing;
    const id = editing ? columnFilterId(editing.ref) : this.#freeGroup();
    return html`<exa-popover-panel
      label=${msg('Add a filter')}
      @exa-toggle=${(event: CustomEvent<boolean>) => {
        if (!event.detail) void this.changeState({ editing: null });
      }}
    >
      <button slot="trigger" class="button quiet small">${icon('filter')}${msg('Filter')}</button>
      ${
        editing || isSeveral
          ? html`<div class="editor">
              <button class="button quiet small" @click=${() => void this.changeState({ editing: null })}>
                ${icon('chevron-left')}${editing?.label ?? msg('Several conditions')}
              </button>
              ${this.#editor(id, editing, this.group?.filters[id]?.filter)}
            </div>`
          : html`<ul class="columns">
              ${columns.map(
                ({ ref, label }) =>
                  html`<li>
                    <button class="option" @click=${() => void this.changeState({ editing: ref })}>${label}</button>
                  </li>`,
              )}
              <li class="last">
                <button class="option" @click=${() => void this.changeState({ editing: severalEditing })}>
                  ${msg('Several conditions, all or any')}
                </button>
              </li>
            </ul>`
      }
    </exa-popover-panel>`;
  }

  /** An id for one more group of conditions. */
  #freeGroup(): string {
    let number = 1;
    while (this.group?.filters[`group-${number}`]) number++;
    return `group-${number}`;
  }

  #zone(): ZoneTable | undefined {
    const head = this.#head.head;
    return head?.zones[head.profile.zone];
  }

  #set(id: string, filter: Filter | undefined): void {
    this.group?.set(id, filter && { dataset: this.group.filters[id]?.dataset ?? this.source ?? '', filter });
    for (const panel of this.renderRoot.querySelectorAll<PopoverPanel>('exa-popover-panel'))
      panel.show(false);
  }
}

/** What is edited: a column's ref, several conditions anew, or a pill. */
const severalEditing = ' several';

function pillEditing(id: string): string {
  return ` pill ${id}`;
}

function turned(filter: Filter): Filter {
  return filter.op === 'not' ? filter.of : { op: 'not', of: filter };
}

defineGadget('exa-filter-bar', FilterBar);
