import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Filter, Question } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { opWord } from './condition-words.ts';
import {
  type Condition,
  type ConditionOp,
  conditionOps,
  conditionsOf,
  emptyCondition,
  filterOf,
  inputText,
  isGroup,
  opsFor,
  typedLiteral,
} from './conditions.ts';

/** Values offered to choose from; any other is found by its text. */
const offeredValues = 20;

/**
 * Chooses values, a range or a text of one column.
 * @prop source Data set @prop column Reference @prop type Its type @prop filter The filter so far
 * @event exa-filter `{ filter }`, undefined when nothing is chosen
 */
export class FilterEditor extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      form {
        display: grid;
        gap: 8px;
      }
      .values {
        display: grid;
        max-height: 260px;
        overflow: auto;
      }
      label.value {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
        padding: 0 4px;
        border-radius: 4px;
      }
      label.value:hover {
        background: var(--exa-hover);
      }
      label.value .meta {
        margin-inline-start: auto;
      }
      input[type='checkbox'] {
        width: 16px;
        height: 16px;
        accent-color: var(--exa-accent);
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      label.end {
        display: grid;
        gap: 4px;
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      .wrong {
        color: var(--exa-danger);
        font-size: var(--exa-size-meta);
      }
      select,
      input:not([type='checkbox']) {
        min-height: 32px;
        min-width: 0;
        width: 100%;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: 4px;
        background: var(--exa-surface);
        color: var(--exa-text);
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    source: { attribute: false },
    column: { attribute: false },
    type: { attribute: false },
    zone: { attribute: false },
    filter: { attribute: false },
    op: { state: true },
    sought: { state: true },
    wrong: { state: true },
  };

  declare source: string | undefined;
  declare column: string | undefined;
  declare type: ColumnType | undefined;
  /** Zone whose midnights the days of a timestamp column begin at; default UTC. */
  declare zone: ZoneTable | undefined;
  declare filter: Filter | undefined;
  /** What is asked, once people chose it. */
  declare op: ConditionOp | undefined;
  /** Part of the values looked for. */
  declare sought: string;
  /** A value typed that is none of the column's type. */
  declare wrong: boolean;

  readonly #values = new AnswerController(this, () => this.#question());
  /** Values chosen so far, in the list or not. */
  #chosen: readonly Literal[] | undefined;

  constructor() {
    super();
    this.sought = '';
    this.wrong = false;
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  get #type(): ColumnType {
    return this.type ?? { kind: 'text' };
  }

  get #temporal(): boolean {
    return this.#type.kind === 'date' || this.#type.kind === 'timestamp';
  }

  /** The filter so far as one condition; of a group, and of none, an empty one. */
  get #condition(): Condition {
    const ops = opsFor(this.#type);
    const known = this.filter && conditionsOf(this.filter);
    if (!known || isGroup(known)) return emptyCondition(this.column ?? '', ops[0]!);
    return ops.includes(known.op) ? known : { ...known, op: ops.includes('in') ? 'in' : 'equals' };
  }

  get #op(): ConditionOp {
    return this.op ?? this.#condition.op;
  }

  #question(): Question | undefined {
    const { source, column, sought } = this;
    if (source === undefined || column === undefined || this.#op !== 'in') return undefined;
    return {
      kind: 'aggregate',
      dataset: source,
      ...(sought === '' ? {} : { where: { op: 'contains', column, text: sought } }),
      groupBy: [{ by: 'value', column }],
      measures: [{ id: 'rows', label: '', formula: 'count()', format: 'count' }],
      order: [{ by: 'rows', descending: true }],
      limit: offeredValues,
    };
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return this.#op === 'in' && this.#values.answer === undefined ? phase : 'ready';
  }

  protected override view(): unknown {
    const condition = this.#condition;
    return html`
      <form @submit=${this.#apply}>
        <label class="end"
          >${msg('Condition')}
          <select name="op" @change=${this.#choose}>
            ${opsFor(this.#type).map((op) => html`<option value=${op} ?selected=${op === this.#op}>${opWord(op)}</option>`)}
          </select>
        </label>
        ${this.#body(condition)}
        ${this.wrong ? html`<p class="wrong" role="alert">${msg('That is no value of this column.')}</p>` : nothing}
        <label class="value"
          ><input type="checkbox" name="exclude" .checked=${condition.negated} />${msg('Keep these out')}</label
        >
        <button class="button primary">${msg('Apply')}</button>
      </form>
    `;
  }

  #body(condition: Condition): unknown {
    switch (this.#op) {
      case 'in':
        return this.#choices(condition);
      case 'range':
        return this.#range(condition);
      case 'empty':
        return nothing;
      case 'contains':
      case 'starts':
        return html`<label class="end"
          >${msg('Text')}<input type="text" name="text" autocomplete="off" .value=${condition.text}
        /></label>`;
      case 'equals': {
        const [value] = condition.values;
        return html`<label class="end"
          >${msg('Value')}<input
            type=${this.#temporal ? 'date' : 'text'}
            name="text"
            autocomplete="off"
            .value=${inputText(value, this.#type, this.zone)}
        /></label>`;
      }
    }
  }

  #range({ from, to }: Condition): unknown {
    const kind = this.#temporal ? 'date' : 'text';
    const pattern = kind === 'date' ? nothing : '\\s*[+\\-]?\\d+([.,]\\d+)?\\s*';
    const end = (
      name: 'from' | 'to',
      label: string,
      value: Literal | undefined,
    ): unknown => html`<label class="end"
      >${label}<input
        type=${kind}
        name=${name}
        inputmode="decimal"
        pattern=${pattern}
        .value=${inputText(value, this.#type, this.zone)}
    /></label>`;
    return html`<div class="ends">${end('from', msg('From'), from)} ${end('to', msg('Below'), to)}</div>`;
  }

  #choices({ values }: Condition): unknown {
    const chosen = this.#chosen ?? values;
    const table = this.#values.answer;
    const formats = formatsFor(this);
    const offered = table ? Array.from({ length: table.rows }, (_, row) => this.#literal(row)) : [];
    const others = chosen.filter((value) => !offered.includes(value));
    const box = (value: Literal, count: unknown): unknown => html`<label class="value">
      <input
        type="checkbox"
        name="value"
        .checked=${chosen.includes(value)}
        @change=${(event: Event) => this.#turn(value, (event.target as HTMLInputElement).checked)}
      />
      <span>${valueWord(value)}</span>
      <span class="meta">${count}</span>
    </label>`;
    return html`
      ${
        this.#type.kind === 'text'
          ? html`<label class="end"
              >${msg('Find a value')}<input
                type="search"
                name="find"
                autocomplete="off"
                .value=${this.sought}
                @input=${(event: Event) => {
                  this.sought = (event.target as HTMLInputElement).value.trim();
                }}
            /></label>`
          : nothing
      }
      <div class="values" role="group" aria-label=${msg('Values')}>
        ${others.map((value) => box(value, nothing))}
        ${offered.map((value, row) => box(value, formats.compact(table?.value('rows', row) ?? null)))}
      </div>
      ${
        table && table.rows === offeredValues
          ? html`<p class="meta">${msg(str`The ${String(offeredValues)} most frequent values`)}</p>`
          : nothing
      }
    `;
  }

  #turn(value: Literal, isOn: boolean): void {
    const chosen = this.#chosen ?? this.#condition.values;
    this.#chosen = isOn ? [...chosen, value] : chosen.filter((one) => one !== value);
    this.requestUpdate();
  }

  #literal(row: number): Literal {
    const table = this.#values.answer;
    const value = table?.value('g0', row) ?? null;
    return typeof value === 'bigint' ? (table?.exact('g0', row) ?? null) : value;
  }

  #choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.op = conditionOps.find((op) => op === value);
    this.wrong = false;
  }

  #apply(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string): string => String(data.get(name) ?? '');
    const literal = (name: string): Literal | undefined => typedLiteral(read(name), this.#type, this.zone);
    const op = this.#op;
    const value = op === 'equals' ? literal('text') : undefined;
    this.wrong = op === 'equals' && value === undefined && read('text').trim() !== '';
    if (this.wrong) return;
    const condition: Condition = {
      column: this.column ?? '',
      op,
      negated: data.get('exclude') !== null,
      values: op === 'in' ? (this.#chosen ?? this.#condition.values) : value === undefined ? [] : [value],
      text: read('text'),
      from: op === 'range' ? literal('from') : undefined,
      to: op === 'range' ? literal('to') : undefined,
    };
    const filter = filterOf(condition, () => this.#type.kind === 'text');
    this.dispatchEvent(new CustomEvent('exa-filter', { detail: { filter } }));
  }
}

/** A value as a list says it. */
export function valueWord(value: Literal): string {
  if (value === null) return msg('(none)');
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  return value === '' ? msg('Empty text') : String(value);
}

defineGadget('exa-filter-editor', FilterEditor);
