import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { Literal } from '../../protocol/column.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { Question } from '../../protocol/query.ts';
import { goTo } from '../../protocol/workspace.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { changeWorkspace } from '../workspace-event.ts';
import { briefColumns, cellLiteral, relatedLimit, relatedQuestion, rowColumn } from './record.query.ts';

/**
 * Rows of another table that belong to a record: those that hold `value` in `column`. A row opens its own sheet.
 * @prop title @prop source Data set @prop column @prop value @prop limit @prop datasets
 */
export class Related extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      :host {
        margin-top: 20px;
      }
      .top {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-bottom: 4px;
      }
      .top .button {
        margin-inline-start: auto;
        min-height: 28px;
        padding: 0 8px;
      }
      .scroll {
        overflow-x: auto;
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        height: 32px;
        padding: 0 8px;
        text-align: start;
        white-space: nowrap;
        font-weight: 400;
        max-width: 180px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      thead th {
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
        border-bottom: 1px solid var(--exa-border);
      }
      tbody tr + tr > * {
        border-top: 1px solid var(--exa-border);
      }
      .end {
        text-align: end;
      }
      .open {
        min-height: 28px;
        width: 28px;
      }
      td:last-child {
        width: 36px;
        padding: 0 4px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    title: { attribute: false },
    source: { attribute: false },
    column: { attribute: false },
    value: { attribute: false },
    limit: { attribute: false },
    datasets: { attribute: false },
  };

  declare title: string;
  declare source: string | undefined;
  declare column: string | undefined;
  declare value: Literal | undefined;
  declare limit: number;
  declare datasets: readonly DatasetSummary[];

  readonly #head = new HeadController(this, () => this.source);
  readonly #rows = new AnswerController(this, () => this.#question());

  constructor() {
    super();
    this.title = '';
    this.limit = relatedLimit;
    this.datasets = [];
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  #question(): Question | undefined {
    const head = this.#head.head;
    if (!head || this.column === undefined || this.value === undefined) return undefined;
    return relatedQuestion(head.id, this.column, this.value, briefColumns(head), this.limit);
  }

  /** The heading stands in every phase, so that a failure says of what. */
  protected override render(): unknown {
    return html`${this.#heading()}${super.render()}`;
  }

  #heading(): unknown {
    const head = this.#head.head;
    const table = this.#rows.table;
    const total = this.#rows.coverage?.matching ?? table?.rows ?? 0;
    const formats = formatsFor(this);
    const count = formats.number(total);
    return html`
      <div class="top">
        <h3>${this.title}</h3>
        ${this.limit > 1 && table ? html`<span class="meta">${count}</span>` : nothing}
        ${
          head && table && total > table.rows
            ? html`<button class="button quiet" @click=${() => this.#showAll(head)}>${msg(str`Show all ${count}`)}</button>`
            : nothing
        }
      </div>
    `;
  }

  protected override view(): unknown {
    const head = this.#head.head;
    const table = this.#rows.table;
    if (!head || !table) return nothing;
    return table.rows === 0 ? html`<p class="meta">${msg('None.')}</p>` : this.#table(head);
  }

  #table(head: Head): unknown {
    const table = this.#rows.table!;
    const formats = formatsFor(this);
    const columns = briefColumns(head).filter((ref) => table.has(ref));
    const naming = new Set([...head.profile.keys, head.profile.roles.id]);
    const numeric = (ref: string): boolean =>
      !naming.has(ref) && !['text', 'bool', 'date', 'timestamp'].includes(table.type(ref).kind);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.title}>
      <table>
        <thead>
          <tr>
            ${columns.map(
              (ref) =>
                html`<th scope="col" class=${numeric(ref) ? 'end' : ''}>${columnLabel(ref, head, this.datasets)}</th>`,
            )}
            <th scope="col"><span class="hidden-text">${msg('Open')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: table.rows },
            (_, row) => html`<tr>
              ${columns.map((ref) => {
                const plain = head.profile.keys.includes(ref) || head.profile.roles.id === ref;
                const text = formats.cell(cellLiteral(table, ref, row), table.type(ref), {
                  zone: head.profile.zone,
                  plain,
                });
                return html`<td class=${numeric(ref) ? 'end' : ''} title=${text}>${text}</td>`;
              })}
              <td>
                <button
                  class="button quiet icon-only open"
                  aria-label=${msg(str`Open row ${String(row + 1)}`)}
                  @click=${() =>
                    changeWorkspace(this, {
                      record: { dataset: head.id, row: Number(table.value(rowColumn, row)) },
                    })}
                >
                  ${icon('chevron-right')}
                </button>
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #showAll(head: Head): void {
    const column = this.column!;
    changeWorkspace(this, {
      ...goTo(head.profile.part === 'orders' ? 'orders' : 'explore', head.id),
      filters: {
        [columnFilterId(column)]: {
          dataset: head.id,
          filter: { op: 'in', column, values: [this.value ?? null] },
        },
      },
      record: undefined,
      rows: undefined,
      period: undefined,
    });
  }
}

defineGadget('exa-related', Related);
