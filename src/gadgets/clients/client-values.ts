import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ColumnRef, Question } from '../../protocol/query.ts';
import { goTo } from '../../protocol/workspace.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { cellLiteral } from '../record/record.query.ts';
import { changeWorkspace } from '../workspace-event.ts';
import {
  type ClientColumns,
  type ClientOrder,
  clientName,
  clientTotalsQuestion,
  clientValuesQuestion,
  listedClients,
  totalsColumns,
} from './clients.query.ts';

/** Names in the answer of {@link clientValuesQuestion}. */
const groupedColumns: ClientColumns = {
  client: 'g0',
  name: 'g1',
  orders: 'x_orders',
  amount: 'x_amount',
  last: 'x_last',
};

/** What the list is ordered by. */
export interface ClientValuesState {
  readonly order: ClientOrder;
}

/**
 * The clients worth most, with how often and when last they ordered.
 * @prop source Orders @prop column Their client column @prop clients @prop totals
 */
export class ClientValues extends Gadget<ClientValuesState> {
  static override styles = [
    gadgetStyles,
    css`
      .top {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-bottom: 8px;
      }
      .scroll {
        max-height: 480px;
        overflow: auto;
        margin: 0 -12px -12px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        height: var(--exa-row);
        padding: 0 12px;
        text-align: start;
        white-space: nowrap;
        font-weight: 400;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--exa-surface);
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
        border-bottom: 1px solid var(--exa-border);
      }
      thead button {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 28px;
        padding: 0;
        border: 0;
        background: none;
        cursor: pointer;
      }
      thead .icon {
        width: 14px;
        height: 14px;
      }
      tbody tr + tr > * {
        border-top: 1px solid var(--exa-border);
      }
      tbody tr:hover {
        background: var(--exa-hover);
      }
      tbody button {
        min-height: 28px;
        padding: 0;
        border: 0;
        background: none;
        color: var(--exa-accent-text);
        cursor: pointer;
      }
      tbody button:hover {
        text-decoration: underline;
      }
      .end {
        text-align: end;
      }
      @media (max-width: 719px) {
        th,
        td {
          padding: 0 6px;
        }
        :is(th, td):first-child {
          padding-inline-start: 12px;
        }
        :is(th, td):last-child {
          padding-inline-end: 12px;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    source: { attribute: false },
    column: { attribute: false },
    clients: { attribute: false },
    totals: { attribute: false },
  };

  declare source: string | undefined;
  declare column: ColumnRef | undefined;
  /** The table of the clients themselves, when there is one: its filters do not reach orders. */
  declare clients: DatasetSummary | undefined;
  /** Totals per client that the store keeps: then nothing is grouped. */
  declare totals: DatasetSummary | undefined;

  readonly #head = new HeadController(this, () => this.source);
  readonly #answer = new AnswerController(this, () => this.#question());

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): ClientValuesState {
    return { order: 'x_amount' };
  }

  #question(): Question | undefined {
    const head = this.#head.head;
    if (!head || this.column === undefined) return undefined;
    const { totals, clients } = this;
    if (totals) {
      const where = clients && this.group?.where(clients.id);
      return clientTotalsQuestion(totals, totalsColumns(totals, clients), this.state.order, clients, where);
    }
    return clientValuesQuestion(
      head.id,
      this.column,
      head.profile,
      this.state.order,
      this.group?.where(head.id),
      clientName(head.profile, this.column, this.clients),
    );
  }

  protected override view(): unknown {
    const head = this.#head.head;
    const table = this.#answer.table;
    const { column } = this;
    const columns = this.totals ? totalsColumns(this.totals, this.clients) : groupedColumns;
    if (!head || !table || column === undefined || !table.has(columns.client)) return nothing;
    const has = (name: string | undefined): name is string => name !== undefined && table.has(name);
    const { client, name, orders, amount, last: latest } = columns;
    const formats = formatsFor(this);
    const { currency, zone } = head.profile;
    const label = columnLabel(column, head);
    const listed = String(listedClients);
    const temporal = has(latest) ? table.numbers(latest) : undefined;
    const dayScale = has(latest) && table.type(latest).kind === 'date' ? 86_400_000 : 1;
    return html`
      <div class="top">
        <h2>${msg('Lifetime value and last order')}</h2>
        ${table.rows === listedClients ? html`<span class="meta">${msg(str`The first ${listed}`)}</span>` : nothing}
      </div>
      <div class="scroll" role="region" tabindex="0" aria-label=${msg('Lifetime value and last order')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${label}</th>
              ${
                has(amount)
                  ? this.#heading(
                      'x_amount',
                      currency === undefined ? msg('Amount') : `${msg('Amount')} (${currency})`,
                    )
                  : nothing
              }
              ${this.#heading('x_orders', msg('Orders'))}
              ${temporal ? this.#heading('x_last', msg('Last order')) : nothing}
            </tr>
          </thead>
          <tbody>
            ${Array.from({ length: table.rows }, (_, row) => {
              const value = cellLiteral(table, client, row);
              const plain = formats.cell(value, table.type(client), { plain: true });
              const last = temporal?.[row];
              return html`<tr>
                <th scope="row">
                  <button @click=${() => this.#open(head.id, column, value)}>
                    ${has(name) ? (table.value(name, row) ?? String(value)) : plain}
                  </button>
                  ${has(name) ? html`<span class="meta">${plain}</span>` : nothing}
                </th>
                ${
                  has(amount)
                    ? html`<td class="end">${formats.number(table.exact(amount, row), 2)}</td>`
                    : nothing
                }
                <td class="end">${formats.number(table.value(orders, row))}</td>
                ${
                  temporal
                    ? html`<td class="end">
                        ${last === undefined || Number.isNaN(last) ? '—' : formats.date(last * dayScale, dayScale > 1 ? 'UTC' : zone)}
                      </td>`
                    : nothing
                }
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    `;
  }

  #heading(order: ClientOrder, label: string): unknown {
    const sorted = this.state.order === order;
    return html`<th scope="col" class="end" aria-sort=${sorted ? 'descending' : 'none'}>
      <button @click=${() => void this.changeState({ order })}>${label}${sorted ? icon('arrow-down') : nothing}</button>
    </th>`;
  }

  #open(dataset: string, column: ColumnRef, value: ReturnType<typeof cellLiteral>): void {
    changeWorkspace(this, {
      ...goTo('orders', dataset),
      filters: { [columnFilterId(column)]: { dataset, filter: { op: 'in', column, values: [value] } } },
      period: undefined,
      record: undefined,
    });
  }
}

defineGadget('exa-client-values', ClientValues);
