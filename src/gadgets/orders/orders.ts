import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Measure } from '../../protocol/profile.ts';
import type { Question } from '../../protocol/query.ts';
import { AfterFirst } from '../after-first.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { coverageWords } from '../coverage-words.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import { FirstAnswer } from '../first-answer.ts';
import { formatsFor } from '../format.ts';
import { defineGadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { leavesNothing, noRows } from '../no-rows.ts';
import { dimensionsOf, measuresOf } from '../subject.ts';
import { measureWords, TableView, viewStyles } from '../view-base.ts';
import { countQuestion } from './orders.query.ts';
import { ordersStyles } from './orders.styles.ts';

/** Figures, bars a view shows at most. */
const maxFigures = 4;
const maxBars = 5;
/** What stands below the figures. */
const belowTags = ['exa-trend', 'exa-bars', 'exa-grid'];
/** Of them, beside the trend; the others stand below it. */
const barsBeside = 2;
/** Values a leaderboard shows beside the trend, and below it. */
const rowsBeside = 7;
const rowsBelow = 5;

/**
 * Orders at a glance: figures against the period before, a trend, leaderboards by dimension and the rows; all
 * cross-filter. Everything is named by the table's profile.
 * @prop subject The table @prop datasets @prop workspace
 */
export class OrdersView extends TableView {
  static override styles = [...TableView.styles, viewStyles, ordersStyles];

  readonly #head = new HeadController(this, () => this.subject?.dataset.id);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #count = new AnswerController(this, () => this.#countQuestion());
  readonly #first = new FirstAnswer(this);
  readonly #rest = new AfterFirst(this, () => this.#first.isPainted && this.#count.phase !== 'loading');

  protected override initialState(): Record<string, never> {
    return {};
  }

  #countQuestion(): Question | undefined {
    const dataset = this.subject?.dataset.id;
    return dataset === undefined ? undefined : countQuestion(dataset, this.group?.where(dataset));
  }

  protected override view(): unknown {
    if (!this.subject)
      return html`<div class="cell empty">
        <h2>${msg('No table plays orders')}</h2>
        <p>${msg('Import a table of orders, or choose in Data sets which one holds them.')}</p>
        <a class="button" href="#/datasets">${msg('Open Data sets')}</a>
      </div>`;
    if (leavesNothing(this.#count))
      return noRows(this.group, this.#head.head, this.#linked.heads, formatsFor(this));
    return this.whenLoaded(['exa-figure'], () => this.#picture());
  }

  #picture(): unknown {
    const { dataset } = this.subject!;
    const { profile } = dataset;
    const measures = measuresOf(profile, measureWords()).slice(0, maxFigures);
    const coverage = coverageWords(this.#count.coverage, formatsFor(this));
    return html`<div class="columns">
      ${coverage === undefined ? '' : html`<p class="whole coverage" role="status">${icon('info')}${coverage}</p>`}
      <div class="figures">${measures.map(
        (measure) => html`<exa-figure
          class="cell" sparkline foremost
          id="figure-${measure.id}"
          dataset=${dataset.id}
          .measure=${measure}
        ></exa-figure>`,
      )}</div>
      ${this.whenLoaded(belowTags, () => (this.#rest.isTime ? this.#below() : html`<div class="whole skeleton"></div>`))}
    </div>`;
  }

  /** What stands below the figures. */
  #below(): unknown {
    const { dataset } = this.subject!;
    const { profile } = dataset;
    const first = measuresOf(profile, measureWords())[0]!;
    const dimensions = dimensionsOf(profile, maxBars);
    const dated = profile.roles.date !== undefined;
    const beside = dated ? dimensions.slice(0, barsBeside) : [];
    const below = dimensions.slice(beside.length);
    return html`${
      dated
        ? html`<exa-trend
              class="cell ${dimensions.length > 0 ? 'wide' : 'whole'}"
              id="trend"
              dataset=${dataset.id}
              .measure=${first}
              .state=${this.kept('trend')}
            ></exa-trend>`
        : ''
    }
      ${beside.length > 0 ? html`<div class="bars narrow">${beside.map((column) => this.#bars(column, first, rowsBeside))}</div>` : ''}
      ${below.length > 0 ? html`<div class="row">${below.map((column) => this.#bars(column, first, rowsBelow))}</div>` : ''}
      <exa-grid
        class="cell whole grid"
        id="grid"
        dataset=${dataset.id}
        .state=${this.kept('grid')}
      ></exa-grid>`;
  }

  #bars(column: string, measure: Measure, rows: number): unknown {
    const head = this.#head.head;
    const label = head ? columnLabel(column, head, this.#linked.heads) : undefined;
    return html`<exa-bars
      class="cell"
      id=${columnFilterId(column)}
      dataset=${this.subject!.dataset.id}
      column=${column}
      rows=${rows}
      .label=${label}
      .measure=${measure}
      .state=${this.kept(columnFilterId(column))}
    ></exa-bars>`;
  }
}

defineGadget('exa-orders', OrdersView);
