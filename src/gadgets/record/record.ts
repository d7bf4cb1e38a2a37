import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ColumnInfo, Literal } from '../../protocol/column.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { Question } from '../../protocol/query.ts';
import type { RecordAddress } from '../../protocol/workspace.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { firstOrder } from '../grid/grid.query.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { openRow } from '../open.ts';
import { linkedFrom } from '../subject.ts';
import { changeWorkspace } from '../workspace-event.ts';
import { documentLink } from './document-link.ts';
import {
  cellLiteral,
  editedRow,
  neighbourQuestion,
  recordQuestion,
  rowColumn,
  sheetColumns,
  typedLiteral,
} from './record.query.ts';
import { recordStyles } from './record.styles.ts';
import { fieldEditor, wrongWords } from './record-editor.ts';
import './related.ts';

/** The field being changed, and what became of the last change. */
export interface RecordState {
  readonly editing: string | null;
}

/**
 * One row, sliding in on the right: its fields, what it names and what names it, the rows before and after; a field
 * can be changed where the table has declared keys.
 * @prop address @prop datasets
 */
export class RecordSheet extends Gadget<RecordState> {
  static override styles = [gadgetStyles, recordStyles];
  static override properties: PropertyDeclarations = {
    address: { attribute: false },
    datasets: { attribute: false },
    sending: { state: true },
    refused: { state: true },
  };

  declare address: RecordAddress | undefined;
  declare datasets: readonly DatasetSummary[];
  /** A change on its way: not yet safe here, or kept here but not yet stored. */
  declare sending: 'keeping' | 'kept' | undefined;
  /** Why the last change was not made. */
  declare refused: ExaError | string | undefined;

  readonly #head = new HeadController(this, () => this.address?.dataset);
  readonly #row = new AnswerController(this, () => this.#question());
  readonly #previous = new AnswerController(this, () => this.#neighbour('previous'));
  readonly #next = new AnswerController(this, () => this.#neighbour('next'));

  constructor() {
    super();
    this.datasets = [];
    updateWhenLocaleChanges(this);
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (this.state.editing === null) this.#close();
      else void this.changeState({ editing: null });
      event.stopPropagation();
    });
  }

  protected override initialState(): RecordState {
    return { editing: null };
  }

  #question(): Question | undefined {
    const head = this.#head.head;
    return head && this.address ? recordQuestion(head.id, this.address.row, sheetColumns(head)) : undefined;
  }

  #neighbour(direction: 'previous' | 'next'): Question | undefined {
    const { address } = this;
    const head = this.#head.head;
    if (!address || !head) return undefined;
    // As the grid has them: where the newest come first, the next one is older.
    const older = firstOrder(head).length > 0 ? 'next' : 'previous';
    const side = direction === older ? 'previous' : 'next';
    return neighbourQuestion(address.dataset, address.row, side, this.group?.where(address.dataset));
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('address')) this.renderRoot.querySelector<HTMLElement>('.close')?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('address') && changed.get('address') !== undefined) {
      this.refused = undefined;
      void this.changeState({ editing: null });
    }
  }

  /** The sheet stands in every phase: the error card and the skeleton appear inside it. */
  protected override render(): unknown {
    return html`<div class="sheet" role="dialog" aria-modal="false" aria-labelledby="title">
      <header>
        <h2 id="title">${this.#title()}</h2>
        ${this.#step('previous', msg('Previous record'), this.#previous)}
        ${this.#step('next', msg('Next record'), this.#next)}
        <button class="button quiet icon-only close" aria-label=${msg('Close')} title=${msg('Close')} @click=${this.#close}>
          ${icon('x')}
        </button>
      </header>
      <div class="body" tabindex="0" role="group" aria-label=${msg('Fields and related records')}>${super.render()}</div>
    </div>`;
  }

  #step(direction: 'previous' | 'next', label: string, neighbour: AnswerController): unknown {
    const table = neighbour.answer;
    const row =
      table && table.rows > 0 && neighbour.phase !== 'loading'
        ? Number(table.value(rowColumn, 0))
        : undefined;
    return html`<button
      class="button quiet icon-only"
      aria-label=${label}
      title=${label}
      ?disabled=${row === undefined}
      @click=${() => row !== undefined && this.address && changeWorkspace(this, { record: { ...this.address, row } })}
    >
      ${icon(direction === 'previous' ? 'chevron-up' : 'chevron-down')}
    </button>`;
  }

  #title(): string {
    const head = this.#head.head;
    const table = this.#row.answer;
    if (!head) return msg('Record');
    const label = head.profile.label || head.name;
    const { id, name, order } = head.profile.roles;
    const naming = [name, id, order, head.profile.keys[0]].find(
      (ref) => ref !== undefined && table?.has(ref),
    );
    if (naming === undefined || !table || table.rows === 0) return label;
    return `${label} · ${formatsFor(this).cell(cellLiteral(table, naming, 0), table.type(naming), { plain: true })}`;
  }

  #close(): void {
    changeWorkspace(this, { record: undefined });
  }

  protected override view(): unknown {
    const head = this.#head.head;
    const table = this.#row.table;
    const { address } = this;
    if (!head || !table || !address) return nothing;
    if (table.rows === 0) {
      const time = formatsFor(this).moment(Date.parse(this.#row.coverage?.asOf ?? head.asOf));
      const label = head.profile.label || head.name;
      return html`<p class="gone">${icon('info')}${msg(str`This record of ${label} was removed; as of ${time} it is no longer there.`)}</p>`;
    }
    return html`
      ${this.#outcome()}${this.#ownDocument(head)}
      <dl>${sheetColumns(head).map((ref) => this.#field(head, ref))}</dl>
      ${head.profile.links.map((link) => {
        const value = table.has(link.column) ? cellLiteral(table, link.column, 0) : null;
        return value === null
          ? nothing
          : html`<exa-related
              .title=${link.label}
              .source=${link.dataset}
              .column=${link.key}
              .value=${value}
              .limit=${1}
              .datasets=${this.datasets}
            ></exa-related>`;
      })}
      ${linkedFrom(head.id, this.datasets).map(({ dataset, column, key }) => {
        const value = table.has(key) ? cellLiteral(table, key, 0) : null;
        return value === null
          ? nothing
          : html`<exa-related
              .title=${dataset.profile.label || dataset.name}
              .source=${dataset.id}
              .column=${column}
              .value=${value}
              .datasets=${this.datasets}
            ></exa-related>`;
      })}
    `;
  }

  /** The way to the row's own document, in the system it comes from; the page may take `exa-open` for itself. */
  #ownDocument(head: Head): unknown {
    const table = this.#row.table;
    const { document } = head.profile;
    if (document === undefined || !table || !this.address) return nothing;
    const ids = new Map(head.columns.map(({ id, name }) => [name, id]));
    const address = documentLink(document, (column) => {
      const ref = table.has(column) ? column : (ids.get(column) ?? column);
      return table.has(ref) ? cellLiteral(table, ref, 0) : undefined;
    });
    if (address === undefined) return nothing;
    const { dataset, row } = this.address;
    return html`<p>
      <a
        href=${address}
        target="_blank"
        rel="noopener"
        @click=${(event: Event) => {
          if (!openRow(this, { dataset, row, document: address })) event.preventDefault();
        }}
        >${msg('Open in ERP')}</a
      >
    </p>`;
  }

  #outcome(): unknown {
    if (this.refused !== undefined)
      return html`<p class="note bad" role="alert">
        ${icon('alert')}${typeof this.refused === 'string' ? this.refused : this.refused.message}
      </p>`;
    if (this.sending === undefined) return nothing;
    return html`<p class="note" role="status">
      ${icon('clock')}${this.sending === 'kept' ? msg('Kept here, not yet stored.') : msg('Saving…')}
    </p>`;
  }

  #field(head: Head, ref: string): unknown {
    const table = this.#row.table!;
    const column = head.columns.find(({ id }) => id === ref);
    const { keys, zone, roles, currency } = head.profile;
    const name = columnLabel(ref, head, this.datasets);
    const money = ref === roles.amount || ref === roles.price;
    const label = money && currency !== undefined ? `${name} (${currency})` : name;
    const plain = keys.includes(ref) || [roles.id, roles.order, roles.client].includes(ref);
    if (column && this.state.editing === ref) return this.#editor(head, column, label);
    const value = table.has(ref) ? cellLiteral(table, ref, 0) : null;
    const text = table.has(ref) ? formatsFor(this).cell(value, table.type(ref), { zone, plain }) : '—';
    return html`<div class="field">
      <dt>${label}</dt>
      <dd>
        <span>${text}</span>
        ${
          column && keys.length > 0 && !keys.includes(ref)
            ? html`<button
                class="button quiet icon-only edit"
                aria-label=${msg(str`Change ${label}`)}
                title=${msg('Change')}
                @click=${() => this.#edit(ref)}
              >
                ${icon('edit')}
              </button>`
            : nothing
        }
      </dd>
    </div>`;
  }

  async #edit(ref: string): Promise<void> {
    this.refused = undefined;
    await this.changeState({ editing: ref });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('.editor input')?.select();
  }

  #editor(head: Head, column: ColumnInfo, label: string): unknown {
    const value = cellLiteral(this.#row.table!, column.id, 0);
    return fieldEditor({
      label,
      value: value === null ? '' : String(value),
      save: (typed) => void this.#save(head, column, typed, label),
      cancel: () => void this.changeState({ editing: null }),
    });
  }

  async #save(head: Head, column: ColumnInfo, typed: string, label: string): Promise<void> {
    const read = typedLiteral(typed, column.type.kind);
    if ('wrong' in read) {
      this.refused = wrongWords(read.wrong, typed, label);
      return;
    }
    this.refused = undefined;
    await this.changeState({ editing: null });
    await this.#write(head, column, read.value);
  }

  async #write(head: Head, column: ColumnInfo, value: Literal): Promise<void> {
    const table = this.#row.answer;
    const row = table && editedRow(head, table, column.id, value);
    if (!row || !this.client) return;
    try {
      const { kept, stored } = this.client.write({ kind: 'upsert', dataset: head.id, rows: [row] });
      this.sending = 'keeping';
      stored.catch(() => undefined);
      await kept;
      this.sending = 'kept';
      await stored;
    } catch (error) {
      this.refused = toExaError(error);
    }
    this.sending = undefined;
  }
}

defineGadget('exa-record', RecordSheet);
