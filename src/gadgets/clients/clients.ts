import { msg } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import { defineGadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { dimensionsOf, measuresOf } from '../subject.ts';
import { measureWords, TableView, viewStyles } from '../view-base.ts';
import './client-values.ts';
import { lifetimeMeasures, ordersOf, totalsOf } from './clients.query.ts';

/** Leaderboards shown at most, and values in each. */
const maxBars = 3;
const maxRows = 5;

/**
 * Clients: how many, what they are worth, when they last ordered. From the clients table and the orders that name it;
 * or, where no table plays clients, from orders grouped by their client column.
 * @prop subject @prop datasets @prop workspace
 */
export class ClientsView extends TableView {
  static override styles = [
    ...TableView.styles,
    viewStyles,
    css`
      .grid {
        min-height: 420px;
      }
      .chooser {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      exa-client-values {
        grid-column: 1 / -1;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...TableView.properties,
    chosen: { state: true },
    refused: { state: true },
  };

  /** The table chosen to play clients. */
  declare chosen: string | undefined;
  declare refused: ExaError | undefined;

  readonly #chosenHead = new HeadController(this, () => this.chosen);

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override view(): unknown {
    const { subject } = this;
    if (!subject) return this.#chooser();
    return this.whenLoaded(['exa-figure', 'exa-bars', 'exa-trend', 'exa-grid'], () =>
      subject.by === 'own' ? this.#own(subject.dataset) : this.#derived(subject.dataset),
    );
  }

  #own(clients: DatasetSummary): unknown {
    const orders = ordersOf(clients, this.datasets);
    const measures = measuresOf(clients.profile, { ...measureWords(), rows: msg('Clients') }).slice(0, 4);
    return html`<div class="columns">
      ${this.#figures(clients, measures)} ${this.#bars(clients, measures[0]!)}
      ${
        orders
          ? html`<exa-client-values
              class="cell"
              id="values"
              .source=${orders.dataset.id}
              .column=${orders.column}
              .clients=${clients}
              .totals=${totalsOf(orders.dataset.id, orders.column, this.datasets)}
            ></exa-client-values>`
          : nothing
      }
      <exa-grid class="cell whole grid" id="grid" dataset=${clients.id} .state=${this.kept('grid')}></exa-grid>
    </div>`;
  }

  #derived(orders: DatasetSummary): unknown {
    const column = orders.profile.roles.client!;
    const measures = lifetimeMeasures(orders.profile, {
      clients: msg('Clients'),
      value: msg('Lifetime value'),
      orders: msg('Orders per client'),
      amount: msg('Amount'),
    });
    return html`<div class="columns">
      ${this.#figures(orders, measures)}
      ${
        orders.profile.roles.date === undefined
          ? nothing
          : html`<exa-trend
              class="cell wide"
              id="trend"
              dataset=${orders.id}
              .measure=${measures[0]!}
              .state=${this.kept('trend')}
            ></exa-trend>`
      }
      ${this.#bars(orders, measures[0]!, orders.profile.roles.date === undefined ? 'whole' : 'narrow', 1)}
      <exa-client-values class="cell" id="values" .source=${orders.id} .column=${column}></exa-client-values>
    </div>`;
  }

  #figures(dataset: DatasetSummary, measures: readonly Measure[]): unknown {
    return html`<div class="figures">${measures.map(
      (measure) =>
        html`<exa-figure
          class="cell" sparkline
          id="figure-${measure.id}"
          dataset=${dataset.id}
          .measure=${measure}
        ></exa-figure>`,
    )}</div>`;
  }

  #bars(dataset: DatasetSummary, measure: Measure, span = 'row', limit = maxBars): unknown {
    const columns = dimensionsOf(dataset.profile, limit);
    return columns.length === 0
      ? nothing
      : html`<div class=${span}>${columns.map(
          (column) =>
            html`<exa-bars
          class="cell"
          id=${columnFilterId(column)}
          dataset=${dataset.id}
          column=${column}
          rows=${maxRows}
          .measure=${measure}
          .state=${this.kept(columnFilterId(column))}
        ></exa-bars>`,
        )}</div>`;
  }

  #chooser(): unknown {
    const head: Head | undefined = this.#chosenHead.head;
    if (head && this.chosen !== undefined) queueMicrotask(() => void this.#choose(head));
    return html`<div class="cell empty">
      <h2>${msg('No table plays clients.')}</h2>
      ${
        this.datasets.length === 0
          ? html`<p>${msg('Home says how to bring one in.')}</p>`
          : html`<p>${msg('Choose one.')}</p>
              <div class="chooser">
                ${this.datasets.map(
                  (dataset) =>
                    html`<button
                      class="button"
                      ?disabled=${this.chosen !== undefined}
                      @click=${() => {
                        this.refused = undefined;
                        this.chosen = dataset.id;
                      }}
                    >
                      ${dataset.profile.label || dataset.name}
                    </button>`,
                )}
              </div>`
      }
      ${this.chosen === undefined ? nothing : html`<p class="meta" role="status">${msg('Kept here, not yet stored.')}</p>`}
      ${this.refused ? html`<exa-error-card .error=${this.refused} @exa-retry=${() => this.#dismiss()}></exa-error-card>` : nothing}
    </div>`;
  }

  #dismiss(): void {
    this.refused = undefined;
  }

  async #choose(head: Head): Promise<void> {
    if (this.chosen !== head.id || !this.client) return;
    await this.job('choose', async () => {
      try {
        await this.client?.write({
          kind: 'profile',
          dataset: head.id,
          profile: { ...head.profile, part: 'clients' },
        }).stored;
      } catch (error) {
        this.refused = toExaError(error);
      }
      this.chosen = undefined;
    });
  }
}

defineGadget('exa-clients', ClientsView);
