import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { type ColumnRef, type Question, type TimeUnit, timeUnits } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { coverageWords } from '../coverage-words.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import { formatsFor } from '../format.ts';
import { defineGadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { leavesNothing, noRows } from '../no-rows.ts';
import { countQuestion } from '../orders/orders.query.ts';
import '../popover-panel.ts';
import { measuresOf } from '../subject.ts';
import { unitWord } from '../trend/trend-words.ts';
import { measureWords, TableView, viewStyles } from '../view-base.ts';
import { exploreStyles } from './explore.styles.ts';
import {
  type Aggregation,
  aggregatedBy,
  aggregations,
  dimensionColumns,
  numberColumns,
  simpleOf,
} from './explore-choices.ts';
import { tableMeasures } from './table-measures.ts';

/** What people chose; empty: the table's own. */
export interface ExploreState {
  /** Id of the measure looked at. */
  readonly measure: string;
  /** How it becomes one number; empty: as it is defined. */
  readonly aggregation: Aggregation | '';
  /** Ids of the measures with a figure and a trend of their own. */
  readonly trends: readonly string[];
  readonly dimensions: readonly ColumnRef[];
  /** The column whose distribution is shown. */
  readonly number: ColumnRef;
  readonly grain: TimeUnit | '';
}

/** Figures, and trends under the large one, a view shows until people choose. */
const usualFigures = 4;
const usualTrends = 2;
/** Values a leaderboard shows. */
const boardRows = 6;
/** All trends filter as one. */
const trendFilter = 'trend';

/**
 * Any table as its profile has it: figures, a trend a measure, a leaderboard a dimension, the distribution of a number
 * and the rows; measure, aggregation, grain and dimensions are menus; all cross-filter.
 * @prop subject The table @prop datasets @prop workspace
 */
export class ExploreView extends TableView<ExploreState> {
  static override styles = [...TableView.styles, viewStyles, exploreStyles];

  readonly #head = new HeadController(this, () => this.subject?.dataset.id);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #count = new AnswerController(this, () => this.#countQuestion());

  protected override initialState(): ExploreState {
    return { measure: '', aggregation: '', trends: [], dimensions: [], number: '', grain: '' };
  }

  #countQuestion(): Question | undefined {
    const dataset = this.subject?.dataset.id;
    return dataset === undefined ? undefined : countQuestion(dataset, this.group?.where(dataset));
  }

  protected override view(): unknown {
    if (!this.subject)
      return html`<div class="cell empty">
        <h2>${msg('No table to explore')}</h2>
        <p>${msg('Drop a file on this page, or open the demo from Home.')}</p>
        <a class="button" href="#/home">${msg('Open Home')}</a>
      </div>`;
    const head = this.#head.head;
    if (this.#head.error)
      return html`<exa-error-card .error=${this.#head.error} @exa-retry=${() => this.retry()}></exa-error-card>`;
    if (leavesNothing(this.#count)) return noRows(this.group, head, this.#linked.heads, formatsFor(this));
    const tags = ['exa-figure', 'exa-trend', 'exa-bars', 'exa-distribution', 'exa-grid'];
    const isHere = this.loader.has(...tags);
    if (this.loader.error) return this.whenLoaded(tags, () => nothing);
    return isHere && head && this.#linked.settled ? this.#picture(head) : exploreSkeleton;
  }

  #measure(measures: readonly Measure[]): Measure {
    const chosen = measures.find(({ id }) => id === this.state.measure) ?? measures[0]!;
    const { aggregation } = this.state;
    return aggregation === '' ? chosen : aggregatedBy(chosen, aggregation, labelBy);
  }

  #picture(head: Head): unknown {
    const { profile } = head;
    const measures = tableMeasures(head, this.#linked.heads);
    const measure = this.#measure(measures);
    const chosen = measures.filter(({ id }) => this.state.trends.includes(id));
    const known = measuresOf(profile, measureWords()).length;
    const usual = measures.slice(0, Math.min(usualFigures, known > 1 ? known : usualFigures));
    const shown = chosen.length > 0 ? chosen : usual;
    const dimensions = dimensionColumns(head, this.#linked.heads);
    const dated = profile.roles.date !== undefined;
    const numbers = numberColumns(head, this.#linked.heads);
    const coverage = coverageWords(this.#count.coverage, formatsFor(this));
    const left = dated || numbers.length > 0;
    const columns = this.#boards();
    return html`<div class="columns">
      ${this.#menus(measures, measure, shown, dimensions.all, columns, dated)}
      ${coverage === undefined ? nothing : html`<p class="whole coverage" role="status">${icon('info')}${coverage}</p>`}
      <div class="figures ${dated ? 'dated' : ''}">${shown
        .slice(0, 4)
        .map(
          (one) =>
            html`<exa-figure class="cell" spanned id="figure-${one.id}" dataset=${head.id} .measure=${one}></exa-figure>`,
        )}</div>
      ${
        left
          ? html`<div class="side ${columns.length > 0 ? 'wide' : 'whole'}">
              ${dated ? this.#trends(head, measure, shown) : nothing}
              ${numbers.length > 0 ? this.#distribution(head, numbers) : nothing}
            </div>`
          : nothing
      }
      ${
        columns.length > 0
          ? html`<div class="boards ${left ? 'narrow' : 'whole'}">${columns.map((column) => this.#board(head, column, measure))}</div>`
          : nothing
      }
      <exa-grid class="cell whole grid" id="grid" dataset=${head.id} .state=${this.kept('grid')}></exa-grid>
    </div>`;
  }

  #trends(head: Head, measure: Measure, shown: readonly Measure[]): unknown {
    const grain = this.state.grain || undefined;
    const others = shown.filter(({ id }) => id !== measure.id && id !== this.state.measure);
    const small = this.state.trends.length > 0 ? others : others.slice(0, usualTrends);
    return html`<exa-trend
        class="cell"
        id="trend"
        by=${trendFilter}
        dataset=${head.id}
        .measure=${measure}
        .grain=${grain}
        .state=${this.kept('trend')}
      ></exa-trend>
      ${small.map(
        (one) => html`<exa-trend
          class="cell"
          compact
          id="trend-${one.id}"
          by=${trendFilter}
          dataset=${head.id}
          .measure=${one}
          .grain=${grain}
          .state=${this.kept(`trend-${one.id}`)}
        ></exa-trend>`,
      )}`;
  }

  #distribution(head: Head, numbers: readonly ColumnRef[]): unknown {
    const column = numbers.find((ref) => ref === this.state.number) ?? numbers[0]!;
    const label = (ref: ColumnRef): string => columnLabel(ref, head, this.#linked.heads);
    const name = label(column);
    return html`<exa-distribution
      class="cell"
      id=${columnFilterId(column)}
      dataset=${head.id}
      column=${column}
      .label=${msg(str`Distribution of ${name}`)}
      .state=${this.kept(columnFilterId(column))}
    >
      ${
        numbers.length > 1
          ? html`<select
              slot="menu"
              aria-label=${msg('Number')}
              @change=${(event: Event) => void this.changeState({ number: (event.target as HTMLSelectElement).value })}
            >
              ${numbers.map((ref) => html`<option value=${ref} ?selected=${ref === column}>${label(ref)}</option>`)}
            </select>`
          : nothing
      }
    </exa-distribution>`;
  }

  #board(head: Head, column: ColumnRef, measure: Measure): unknown {
    return html`<exa-bars
      class="cell"
      id=${columnFilterId(column)}
      dataset=${head.id}
      column=${column}
      rows=${boardRows}
      .label=${columnLabel(column, head, this.#linked.heads)}
      .measure=${measure}
      .state=${this.kept(columnFilterId(column))}
    ></exa-bars>`;
  }

  #menus(
    measures: readonly Measure[],
    measure: Measure,
    shown: readonly Measure[],
    dimensions: readonly ColumnRef[],
    boards: readonly ColumnRef[],
    dated: boolean,
  ): unknown {
    const base = measures.find(({ id }) => id === this.state.measure) ?? measures[0]!;
    const simple = simpleOf(base.formula);
    const by = simpleOf(measure.formula)?.by;
    const head = this.#head.head!;
    const value = (event: Event): string => (event.target as HTMLSelectElement).value;
    return html`<div class="menus" role="group" aria-label=${msg('What is shown')}>
      <label
        >${msg('Measure')}
        <select @change=${(event: Event) => void this.changeState({ measure: value(event), aggregation: '' })}>
          ${measures.map(({ id, label }) => html`<option value=${id} ?selected=${id === base.id}>${label}</option>`)}
        </select>
      </label>
      ${
        simple
          ? html`<label
              >${msg('as')}
              <select
                @change=${(event: Event) => {
                  const chosen = aggregations.find((one) => one === value(event));
                  void this.changeState({ aggregation: chosen === simple.by ? '' : (chosen ?? '') });
                }}
              >
                ${aggregations.map((one) => html`<option value=${one} ?selected=${one === by}>${aggregationWord(one)}</option>`)}
              </select>
            </label>`
          : nothing
      }
      ${
        dated
          ? html`<label
              >${msg('by')}
              <select
                aria-label=${msg('Grain')}
                @change=${(event: Event) => {
                  const chosen = timeUnits.find((unit) => unit === value(event));
                  void this.changeState({ grain: chosen ?? '' });
                }}
              >
                <option value="" ?selected=${this.state.grain === ''}>${msg('Grain that fits')}</option>
                ${timeUnits.map((unit) => html`<option value=${unit} ?selected=${unit === this.state.grain}>${unitWord(unit)}</option>`)}
              </select>
            </label>`
          : nothing
      }
      ${this.#choices(
        dated ? msg('Figures and trends') : msg('Figures'),
        measures.map(({ id, label }) => ({ id, label })),
        shown.map(({ id }) => id),
        (trends) => void this.changeState({ trends }),
      )}
      ${
        dimensions.length > 0
          ? this.#choices(
              msg('Dimensions'),
              dimensions.map((ref) => ({ id: ref, label: columnLabel(ref, head, this.#linked.heads) })),
              boards,
              (chosen) => void this.changeState({ dimensions: chosen }),
            )
          : nothing
      }
      <span class="makes">
        <button class="button quiet" @click=${() => void this.#make('measure')}>${icon('plus')}${msg('New measure…')}</button>
        <button class="button quiet" @click=${() => void this.#make('column')}>${icon('plus')}${msg('New column…')}</button>
      </span>
    </div>`;
  }

  /** Opens the formula editor; what was made is looked at. */
  async #make(kind: 'measure' | 'column'): Promise<void> {
    const dataset = this.subject?.dataset.id;
    if (dataset === undefined) return;
    const { openFormula } = await import('../formula/open-formula.ts');
    const made = await openFormula(this, { dataset, kind });
    if (!made) return;
    if (made.kind === 'measure') await this.changeState({ measure: made.id, aggregation: '' });
    else await this.changeState({ dimensions: [...this.#boards(), made.id] });
  }

  /** The dimensions shown. */
  #boards(): readonly ColumnRef[] {
    const head = this.#head.head;
    if (!head) return [];
    const dimensions = dimensionColumns(head, this.#linked.heads);
    const chosen = this.state.dimensions.filter((ref) => dimensions.all.includes(ref));
    return chosen.length > 0 ? chosen : dimensions.usual;
  }

  /** A panel of check boxes; the last one stays. */
  #choices(
    label: string,
    all: readonly { readonly id: string; readonly label: string }[],
    chosen: readonly string[],
    choose: (ids: readonly string[]) => void,
  ): unknown {
    const turn = (id: string, event: Event): void => {
      const isOn = (event.target as HTMLInputElement).checked;
      choose(isOn ? [...chosen, id] : chosen.filter((one) => one !== id));
    };
    return html`<exa-popover-panel label=${label}>
      <button slot="trigger" class="button quiet">${label}<span class="meta">${String(chosen.length)}</span>${icon('chevron-down')}</button>
      <div class="choices" role="group" aria-label=${label}>
        ${all.map(
          (one) => html`<label
            ><input
              type="checkbox"
              .checked=${chosen.includes(one.id)}
              ?disabled=${chosen.length === 1 && chosen[0] === one.id}
              @change=${(event: Event) => turn(one.id, event)}
            />${one.label}</label
          >`,
        )}
      </div>
    </exa-popover-panel>`;
  }
}

/** The picture to come, in its places. */
const exploreSkeleton = html`<div class="columns" aria-hidden="true">
  <div class="figures">${[0, 1, 2, 3].map(() => html`<div class="cell"><div class="skeleton"></div></div>`)}</div>
  <div class="side wide">
    <div class="cell"><div class="skeleton tall"></div></div>
    <div class="cell"><div class="skeleton tall"></div></div>
  </div>
  <div class="boards narrow">${[0, 1, 2, 3].map(() => html`<div class="cell"><div class="skeleton tall"></div></div>`)}</div>
</div>`;

/** A way to aggregate in words. */
function aggregationWord(by: Aggregation): string {
  return {
    sum: msg('Sum'),
    mean: msg('Average'),
    median: msg('Median'),
    min: msg('Minimum'),
    max: msg('Maximum'),
    stddev: msg('Standard deviation'),
    distinct: msg('Distinct values'),
    count: msg('Number of values'),
  }[by];
}

function labelBy({ label }: Measure, by: Aggregation): string {
  const way = aggregationWord(by);
  return `${label} · ${way}`;
}

defineGadget('exa-explore', ExploreView);
