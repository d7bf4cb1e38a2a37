import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Filter } from '../../protocol/query.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { opWord } from './condition-words.ts';
import {
  type Condition,
  type ConditionGroup,
  conditionOps,
  conditionsOf,
  emptyCondition,
  filterOf,
  inputText,
  isGroup,
  opsFor,
  typedLiteral,
} from './conditions.ts';
import { valueWord } from './filter-editor.ts';

/** A column conditions can be about. */
export interface FilterColumn {
  readonly ref: string;
  readonly label: string;
  readonly type: ColumnType;
}

/**
 * Several conditions, all or any of which must hold, over any columns; groups within.
 * @prop columns @prop zone @prop filter The filter so far @event exa-filter `{ filter }`, undefined when nothing is asked
 */
export class ConditionGroupEditor extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      form,
      fieldset {
        display: grid;
        gap: 8px;
        min-width: 0;
      }
      fieldset {
        margin: 0;
        padding: 8px;
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
      }
      .join,
      .condition {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      .condition {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 32px;
        padding-top: 8px;
        border-top: 1px solid var(--exa-border);
      }
      .condition > button {
        grid-area: 1 / 3;
      }
      .condition > input:only-of-type,
      .condition > .chips {
        grid-column: 1 / span 2;
      }
      .condition > input {
        width: 100%;
        min-width: 0;
      }
      .condition > .not {
        grid-column: 1 / -1;
      }
      .not {
        display: flex;
        align-items: center;
        gap: 4px;
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .chips button {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 24px;
        padding: 0 8px;
        border: 1px solid var(--exa-border);
        border-radius: 12px;
        background: var(--exa-accent-soft);
        color: var(--exa-text);
        cursor: pointer;
      }
      select,
      input:not([type='checkbox']) {
        min-height: 32px;
        padding: 0 6px;
        border: 1px solid var(--exa-border-strong);
        border-radius: 4px;
        background: var(--exa-surface);
        color: var(--exa-text);
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    columns: { attribute: false },
    zone: { attribute: false },
    filter: { attribute: false },
    draft: { state: true },
  };

  declare columns: readonly FilterColumn[];
  declare zone: ZoneTable | undefined;
  declare filter: Filter | undefined;
  declare draft: ConditionGroup | undefined;

  constructor() {
    super();
    this.columns = [];
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.draft && !changed.has('filter')) return;
    const known = this.filter && conditionsOf(this.filter);
    if (known) this.draft = isGroup(known) ? known : { join: 'and', negated: false, of: [known] };
    else this.draft = { join: 'and', negated: false, of: [this.#fresh(), this.#fresh()] };
  }

  #fresh(): Condition {
    const column = this.columns.find(({ type }) => type.kind === 'text') ?? this.columns[0];
    return emptyCondition(column?.ref ?? '', column ? opsFor(column.type)[0]! : 'in');
  }

  #type(ref: string): ColumnType {
    return this.columns.find((column) => column.ref === ref)?.type ?? { kind: 'text' };
  }

  protected override view(): unknown {
    const { draft } = this;
    if (!draft) return nothing;
    return html`<form @submit=${this.#apply}>
      ${this.#group(draft, (next) => {
        this.draft = next;
      })}
      <button class="button primary">${msg('Apply')}</button>
    </form>`;
  }

  #group(group: ConditionGroup, change: (next: ConditionGroup) => void, remove?: () => void): unknown {
    const put = (at: number, part: Condition | ConditionGroup | undefined): void =>
      change({ ...group, of: group.of.flatMap((one, i) => (i !== at ? [one] : part ? [part] : [])) });
    const add = (part: Condition | ConditionGroup): void => change({ ...group, of: [...group.of, part] });
    return html`<fieldset>
      <legend class="hidden-text">${group.join === 'and' ? msg('All of these') : msg('Any of these')}</legend>
      <div class="join">
        <select
          aria-label=${msg('How conditions are joined')}
          @change=${(event: Event) =>
            change({ ...group, join: (event.target as HTMLSelectElement).value === 'or' ? 'or' : 'and' })}
        >
          <option value="and" ?selected=${group.join === 'and'}>${msg('All of these')}</option>
          <option value="or" ?selected=${group.join === 'or'}>${msg('Any of these')}</option>
        </select>
        <label class="not"
          ><input
            type="checkbox"
            .checked=${group.negated}
            @change=${(event: Event) => change({ ...group, negated: (event.target as HTMLInputElement).checked })}
          />${msg('Keep these out')}</label
        >
        ${
          remove
            ? html`<button type="button" class="button quiet icon-only" aria-label=${msg('Remove this group')} title=${msg('Remove this group')} @click=${remove}>${icon('x')}</button>`
            : nothing
        }
      </div>
      ${group.of.map((part, at) =>
        isGroup(part)
          ? this.#group(
              part,
              (next) => put(at, next),
              () => put(at, undefined),
            )
          : this.#condition(part, (next) => put(at, next)),
      )}
      <div class="join">
        <button type="button" class="button quiet" @click=${() => add(this.#fresh())}>${icon('plus')}${msg('Condition')}</button>
        ${
          remove
            ? nothing
            : html`<button type="button" class="button quiet" @click=${() => add({ join: group.join === 'and' ? 'or' : 'and', negated: false, of: [this.#fresh()] })}>
                ${icon('plus')}${msg('Group')}
              </button>`
        }
      </div>
    </fieldset>`;
  }

  #condition(part: Condition, change: (next: Condition | undefined) => void): unknown {
    const type = this.#type(part.column);
    const value = (event: Event): string => (event.target as HTMLSelectElement).value;
    return html`<div class="condition" role="group" aria-label=${msg('Condition')}>
      <select
        aria-label=${msg('Column')}
        @change=${(event: Event) => {
          const column = value(event);
          change({ ...emptyCondition(column, opsFor(this.#type(column))[0]!), negated: part.negated });
        }}
      >
        ${this.columns.map(({ ref, label }) => html`<option value=${ref} ?selected=${ref === part.column}>${label}</option>`)}
      </select>
      <select
        aria-label=${msg('What is asked')}
        @change=${(event: Event) => {
          const op = conditionOps.find((one) => one === value(event));
          if (op) change({ ...emptyCondition(part.column, op), negated: part.negated });
        }}
      >
        ${opsFor(type).map((op) => html`<option value=${op} ?selected=${op === part.op}>${opWord(op)}</option>`)}
      </select>
      ${this.#inputs(part, type, change)}
      <label class="not"
        ><input
          type="checkbox"
          .checked=${part.negated}
          @change=${(event: Event) => change({ ...part, negated: (event.target as HTMLInputElement).checked })}
        />${msg('not')}</label
      >
      <button type="button" class="button quiet icon-only" aria-label=${msg('Remove this condition')} title=${msg('Remove')} @click=${() => change(undefined)}>
        ${icon('x')}
      </button>
    </div>`;
  }

  #inputs(part: Condition, type: ColumnType, change: (next: Condition) => void): unknown {
    const kind = type.kind === 'date' || type.kind === 'timestamp' ? 'date' : 'text';
    const input = (label: string, text: string, took: (typed: string) => void): unknown => html`<input
      type=${kind}
      aria-label=${label}
      placeholder=${label}
      autocomplete="off"
      .value=${text}
      @change=${(event: Event) => took((event.target as HTMLInputElement).value)}
    />`;
    const literal = (typed: string): Literal | undefined => typedLiteral(typed, type, this.zone);
    const text = (one: Literal | undefined): string => inputText(one, type, this.zone);
    switch (part.op) {
      case 'empty':
        return nothing;
      case 'contains':
      case 'starts':
        return input(msg('Text'), part.text, (typed) => change({ ...part, text: typed }));
      case 'range':
        return html`${input(msg('From'), text(part.from), (typed) => change({ ...part, from: literal(typed) }))}
        ${input(msg('Below'), text(part.to), (typed) => change({ ...part, to: literal(typed) }))}`;
      case 'equals':
        return input(msg('Value'), text(part.values[0]), (typed) => {
          const one = literal(typed);
          change({ ...part, values: one === undefined ? [] : [one] });
        });
      case 'in':
        return html`<div class="chips">
            ${part.values.map(
              (one) => html`<button
                type="button"
                title=${msg('Remove')}
                @click=${() => change({ ...part, values: part.values.filter((other) => other !== one) })}
              >
                ${valueWord(one)}${icon('x')}
              </button>`,
            )}
          </div>
          ${input(msg('Add a value'), '', (typed) => {
            const one = typed === '' ? undefined : literal(typed);
            if (one !== undefined && !part.values.includes(one))
              change({ ...part, values: [...part.values, one] });
          })}`;
    }
  }

  #apply(event: SubmitEvent): void {
    event.preventDefault();
    const filter = this.draft && filterOf(this.draft, (ref) => this.#type(ref).kind === 'text');
    this.dispatchEvent(new CustomEvent('exa-filter', { detail: { filter } }));
  }
}

defineGadget('exa-condition-group', ConditionGroupEditor);
