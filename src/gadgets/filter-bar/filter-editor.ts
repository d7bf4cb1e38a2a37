import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import { type ColumnType, isNumeric, type Literal } from '../../protocol/column.ts';
import type { ZoneTable } from '../../protocol/head.ts';
import { offsetAt, utcOfLocal } from '../../protocol/period.ts';
import type { Filter, Question } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/** Values offered to choose from; any other is found by "contains". */
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
  };

  declare source: string | undefined;
  declare column: string | undefined;
  declare type: ColumnType | undefined;
  /** Zone whose midnights the days of a timestamp column begin at; default UTC. */
  declare zone: ZoneTable | undefined;
  declare filter: Filter | undefined;

  readonly #values = new AnswerController(this, () => this.#question());

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  get #ranged(): boolean {
    return this.type !== undefined && (isNumeric(this.type) || this.#temporal);
  }

  get #temporal(): boolean {
    return this.type?.kind === 'date' || this.type?.kind === 'timestamp';
  }

  #question(): Question | undefined {
    const { source, column } = this;
    if (source === undefined || column === undefined || this.#ranged) return undefined;
    return {
      kind: 'aggregate',
      dataset: source,
      groupBy: [{ by: 'value', column }],
      measures: [{ id: 'rows', label: '', formula: 'count()', format: 'count' }],
      order: [{ by: 'rows', descending: true }],
      limit: offeredValues,
    };
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return this.#ranged ? 'ready' : phase;
  }

  protected override view(): unknown {
    const inner = this.filter?.op === 'not' ? this.filter.of : this.filter;
    return html`
      <form @submit=${this.#apply}>
        ${this.#ranged ? this.#range(inner) : this.#choices(inner)}
        <label class="value"
          ><input type="checkbox" name="exclude" .checked=${this.filter?.op === 'not'} />${msg('Keep these out')}</label
        >
        <button class="button primary">${msg('Apply')}</button>
      </form>
    `;
  }

  #range(filter: Filter | undefined): unknown {
    const range = filter?.op === 'range' ? filter : undefined;
    const kind = this.#temporal ? 'date' : 'text';
    const end = (value: Literal | undefined): string => {
      if (value === undefined || value === null) return '';
      if (this.type?.kind !== 'timestamp') return String(value);
      const instant = Date.parse(String(value));
      return new Date(instant + offsetAt(instant, this.zone ?? utc)).toISOString().slice(0, 10);
    };
    const pattern = kind === 'date' ? nothing : '\\s*[+\\-]?\\d+([.,]\\d+)?\\s*';
    return html`<div class="ends">
      <label class="end"
        >${msg('From')}<input type=${kind} name="from" inputmode="decimal" pattern=${pattern} .value=${end(range?.from)}
      /></label>
      <label class="end"
        >${msg('Below')}<input type=${kind} name="to" inputmode="decimal" pattern=${pattern} .value=${end(range?.to)}
      /></label>
    </div>`;
  }

  #choices(filter: Filter | undefined): unknown {
    const chosen = filter?.op === 'in' ? filter.values : [];
    const table = this.#values.table;
    const formats = formatsFor(this);
    const values = table ? Array.from({ length: table.rows }, (_, row) => row) : [];
    return html`
      <label class="end"
        >${msg('Contains')}<input
          type="text"
          name="contains"
          autocomplete="off"
          .value=${filter?.op === 'contains' ? filter.text : ''}
      /></label>
      <div class="values" role="group" aria-label=${msg('Values')}>
        ${values.map((row) => {
          const value = this.#literal(row);
          return html`<label class="value">
            <input type="checkbox" name="value" value=${row} .checked=${chosen.includes(value)} />
            <span>${value === null ? msg('(none)') : String(value)}</span>
            <span class="meta">${formats.compact(table?.value('rows', row) ?? null)}</span>
          </label>`;
        })}
      </div>
      ${
        table && table.rows === offeredValues
          ? html`<p class="meta">${msg(str`The ${String(offeredValues)} most frequent values`)}</p>`
          : nothing
      }
    `;
  }

  #literal(row: number): Literal {
    const table = this.#values.table;
    const value = table?.value('g0', row) ?? null;
    return typeof value === 'bigint' ? (table?.exact('g0', row) ?? null) : value;
  }

  #apply(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const filter = this.#ranged ? this.#rangeOf(data) : this.#choiceOf(data);
    this.dispatchEvent(
      new CustomEvent('exa-filter', {
        detail: { filter: filter && data.get('exclude') !== null ? { op: 'not', of: filter } : filter },
      }),
    );
  }

  #choiceOf(data: FormData): Filter | undefined {
    const column = this.column ?? '';
    const text = String(data.get('contains') ?? '').trim();
    if (text !== '') return { op: 'contains', column, text };
    const values = data.getAll('value').map((row) => this.#literal(Number(row)));
    return values.length > 0 ? { op: 'in', column, values } : undefined;
  }

  #rangeOf(data: FormData): Filter | undefined {
    const from = this.#end(String(data.get('from') ?? ''));
    const to = this.#end(String(data.get('to') ?? ''));
    if (from === undefined && to === undefined) return undefined;
    return {
      op: 'range',
      column: this.column ?? '',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }

  /** What a person typed as a literal of the column's type; undefined when it is none. */
  #end(typed: string): Literal | undefined {
    const text = typed.trim().replace(',', '.');
    if (text === '') return undefined;
    if (this.type?.kind === 'date') return text;
    if (this.type?.kind === 'timestamp')
      return new Date(utcOfLocal(Date.parse(`${text}T00:00:00.000Z`), this.zone ?? utc)).toISOString();
    if (Number.isNaN(Number(text))) return undefined;
    return this.type?.kind === 'decimal' || !Number.isSafeInteger(Math.trunc(Number(text)))
      ? text
      : Number(text);
  }
}

defineGadget('exa-filter-editor', FilterEditor);
