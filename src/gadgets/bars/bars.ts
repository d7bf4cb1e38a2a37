import { msg } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Literal } from '../../protocol/column.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { AggregateQuestion, Filter } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { columnLabel } from '../column-label.ts';
import { drill } from '../drill.ts';
import { allOf } from '../filter-group/where.ts';
import { FollowController } from '../follow-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { askedOf, firstMeasure, isAdditive, type MeasureProperty, measureOf } from '../measure.ts';
import { typeOfColumn } from '../subject.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { barOf, valueText } from './bar.ts';
import { amountsFor, type BarRow, barRows, longestOf } from './bar-rows.ts';
import { barsQuestion, choiceOf, restOf, toggled, valuesQuestion } from './bars.query.ts';
import { barsStyles } from './bars.styles.ts';

/** How many values are shown, and the filter when no group is there to hold it. */
export interface BarsState {
  readonly limit: number;
  readonly filter: Filter | null;
}

/** Most groups asked of a brush's slice: the shown values must be among them. */
const sliceLimit = 1000;

/**
 * The values of a column that have the most of a measure. A click includes a value, with Alt, Ctrl, ⌘ or Shift (or
 * the minus key) excludes it; both filter the other gadgets of the group (its id in it: `id`, else
 * `bars.DATASET.COLUMN`). Attributes: `dataset` (property `source`), `measure`, `column`, `label`, `rows` (default 8).
 */
export class BarsGadget extends Gadget<BarsState> {
  static override styles: CSSResultGroup = [gadgetStyles, barsStyles];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    measure: { type: String },
    column: { type: String },
    label: { type: String },
    rows: { type: Number },
    sought: { state: true },
  };

  declare source: string | undefined;
  /** Left out: the table's first. */
  declare measure: MeasureProperty | undefined;
  declare column: string | undefined;
  declare label: string | undefined;
  declare rows: number;
  /** Part of the values looked for among all. */
  declare sought: string;

  readonly #head = new HeadController(this, () => this.source);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #now = new AnswerController(this, () => this.#question([this.#groupId], this.#limit));
  readonly #total = new AnswerController(this, () => this.#totalQuestion());

  constructor() {
    super();
    this.rows = 8;
    this.sought = '';
    new FollowController(
      this,
      this.#now,
      () => this.#groupId,
      (excluded) => this.#question([this.#groupId, ...excluded], sliceLimit),
    );
  }

  get #asked(): MeasureProperty | undefined {
    return this.measure ?? firstMeasure(this.#head.head);
  }

  protected override initialState(): BarsState {
    return { limit: 0, filter: null };
  }

  get #limit(): number {
    return this.state.limit || this.rows;
  }

  get #groupId(): string {
    return this.id || `bars.${this.source}.${this.column}`;
  }

  get #filter(): Filter | undefined {
    return this.group ? this.group.filters[this.#groupId]?.filter : (this.state.filter ?? undefined);
  }

  #question(excluded: readonly string[], limit: number): AggregateQuestion | undefined {
    const { source: dataset, column, group } = this;
    const measure = this.#asked;
    if (!dataset || !measure || !column) return undefined;
    return barsQuestion({
      dataset,
      column,
      measure: askedOf(measure),
      where: allOf([group?.where(dataset, excluded), this.#soughtFilter()]),
      limit,
    });
  }

  /** The shown values without the gadgets' filters; nothing while nothing is filtered. */
  #totalQuestion(): AggregateQuestion | undefined {
    const { source: dataset, column, group } = this;
    const measure = this.#asked;
    const id = this.#measure()?.id;
    const answer = this.#now.answer;
    if (!dataset || !measure || !column || !group || !id || !answer?.has(id)) return undefined;
    const others = Object.keys(group.filters).filter((key) => key !== this.#groupId);
    if (!others.some((key) => group.filters[key]?.dataset === dataset)) return undefined;
    const values = barRows(answer, id).flatMap(({ value }) => (value === undefined ? [] : [value]));
    const where = group.where(dataset, Object.keys(group.filters));
    return valuesQuestion({ dataset, column, measure: askedOf(measure), where, values });
  }

  #soughtFilter(): Filter | undefined {
    const { column, sought } = this;
    return column && sought !== '' ? { op: 'contains', column, text: sought } : undefined;
  }

  /** Looks for values of a text column once more than the first ones are shown. */
  #search(): unknown {
    const head = this.#head.head;
    const isText =
      head && this.column && typeOfColumn(this.column, head, this.#linked.heads)?.kind === 'text';
    if (!isText || (this.#limit <= this.rows && this.sought === '')) return nothing;
    return html`<input
      type="search"
      class="search"
      aria-label=${msg('Find a value')}
      placeholder=${msg('Find a value')}
      autocomplete="off"
      .value=${this.sought}
      @input=${(event: Event) => {
        this.sought = (event.target as HTMLInputElement).value.trim();
      }}
    />`;
  }

  #measure(): Measure | undefined {
    return measureOf(this.#head.head, this.#asked);
  }

  #name(): string {
    const head = this.#head.head;
    return (
      this.label ??
      (head && this.column ? columnLabel(this.column, head, this.#linked.heads) : (this.column ?? ''))
    );
  }

  /** Every value, most first, not only those shown. */
  override takeAway(): TakeAway | undefined {
    const question = this.#question([this.#groupId], 0);
    const measure = this.#measure();
    if (!question || !measure) return undefined;
    const { limit: _, other: __, ...what } = question;
    const columns = [
      { id: 'g0', name: this.#name() },
      { id: measure.id, name: measure.label },
    ];
    return { title: `${measure.label} · ${this.#name()}`, data: { what, columns } };
  }

  protected override hasPicture(): boolean {
    return this.#now.answer !== undefined;
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header><h3>${this.#name()}</h3></header><div class="skeleton"></div>`;
  }

  protected override view(): unknown {
    const measure = this.#measure();
    const answer = this.#now.answer;
    if (!answer || !measure || !answer.has(measure.id)) return this.#header(undefined);
    const rows = barRows(answer, measure.id);
    const slice = this.#now.sliced ? this.#now.table : undefined;
    const shown = slice ? amountsFor(rows, slice, measure.id, isAdditive(measure)) : rows;
    // While somebody brushes, the bars move over what they were before; else over the unfiltered total.
    const total = this.#total.question && this.#total.answer;
    const totals = total ? amountsFor(rows, total, measure.id, false) : undefined;
    const ghosts = slice ? rows : totals;
    const longest = longestOf(rows, totals);
    return html`
      ${this.#header(measure)}
      ${this.#search()}
      ${rows.length === 0 ? html`<p class="meta">${msg('No values')}</p>` : nothing}
      <ul aria-label=${this.#name()}>
        ${repeat(
          rows,
          (row) => JSON.stringify(row.value),
          (row, i) =>
            barOf({
              value: row.value,
              amount: shown[i]!.amount,
              exact: shown[i]!.exact,
              ghost: row.value === undefined ? undefined : ghosts?.[i]?.amount,
              longest,
              type: answer.type(measure.id),
              measure,
              currency: this.#head.head?.profile.currency,
              choice: choiceOf(this.#filter, this.column ?? ''),
              formats: formatsFor(this),
              drill: (value) => this.#drill(value, rows),
              toggle: (value, exclude) => this.#toggle(value, exclude),
            }),
        )}
      </ul>
      ${this.#more(rows)}
    `;
  }

  #header(measure: Measure | undefined): unknown {
    return html`<header>
      <h3>${this.#name()}</h3>
      ${
        this.#filter
          ? html`<button class="button quiet small" @click=${() => this.#set(undefined)}>${icon('x')}${msg('Clear')}</button>`
          : html`<span class="meta">${measure?.label ?? ''}</span>`
      }
      ${cardMenu(this, [{ label: msg('Show the rows'), run: () => this.#drillAll() }])}
    </header>`;
  }

  #more(rows: readonly BarRow[]): unknown {
    const rest = rows.some(({ value }) => value === undefined);
    const grown = this.#limit > this.rows;
    if (!rest && !grown) return nothing;
    return html`<div class="more">
      ${rest ? html`<button class="button quiet small" @click=${() => this.changeState({ limit: this.#limit * 3 })}>${msg('More')}</button>` : nothing}
      ${grown ? html`<button class="button quiet small" @click=${() => this.#fewer()}>${msg('Fewer')}</button>` : nothing}
    </div>`;
  }

  #fewer(): void {
    this.sought = '';
    void this.changeState({ limit: 0 });
  }

  #toggle(value: Literal, exclude: boolean): void {
    const { column } = this;
    if (!column) return;
    const choice = choiceOf(this.#filter, column);
    // A plain click on an excluded value takes the exclusion back.
    const undo = choice?.excluded === true && choice.values.includes(value);
    this.#set(toggled(this.#filter, column, value, exclude || undo));
  }

  /** The rows of one bar, whatever else is chosen here; of the rest: all but those shown. */
  #drill(value: Literal | undefined, rows: readonly BarRow[]): void {
    const { source: dataset, column } = this;
    if (!dataset || !column) return;
    const shown = rows.flatMap((row) => (row.value === undefined ? [] : [row.value]));
    const mark: Filter = value === undefined ? restOf(column, shown) : { op: 'in', column, values: [value] };
    const among = value === undefined ? this.#soughtFilter() : undefined;
    const where = allOf([this.group?.where(dataset, [this.#groupId]), among, mark]);
    const title = `${this.#name()}: ${value === undefined ? msg('Other') : valueText(value)}`;
    drill(this, { dataset, where, title, measure: this.#measure() });
  }

  #drillAll(): void {
    const { source: dataset } = this;
    if (dataset)
      drill(this, {
        dataset,
        where: this.group?.where(dataset),
        title: this.#name(),
        measure: this.#measure(),
      });
  }

  #set(filter: Filter | undefined): void {
    if (this.group && this.source) this.group.set(this.#groupId, filter && { dataset: this.source, filter });
    else void this.changeState({ filter: filter ?? null });
  }
}

defineGadget('exa-bars', BarsGadget);
