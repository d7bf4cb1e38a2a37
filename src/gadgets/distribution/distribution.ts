import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { AnswerTable } from '../../arrow/answer-table.ts';
import { type ColumnType, isNumeric } from '../../protocol/column.ts';
import type { AggregateQuestion, Filter } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { cardStyles } from '../card.styles.ts';
import { chartStyles } from '../chart.styles.ts';
import { columnLabel } from '../column-label.ts';
import { drill } from '../drill.ts';
import { BinBrush } from '../filter-group/bin-brush.ts';
import { allOf } from '../filter-group/where.ts';
import { FollowController } from '../follow-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import type { Phase } from '../phase.ts';
import type { BinRange } from '../plot/brush-layer.ts';
import '../plot/brush-layer.ts';
import type { PlotArea } from '../plot/figure.ts';
import { KeptFigure, type MakeFigure } from '../plot/kept-figure.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { typeOfColumn } from '../subject.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { WidthController } from '../width-controller.ts';
import { type Bins, edgeOf } from './bins.ts';
import { distributionFigure, distributionTicks } from './distribution.figure.ts';
import {
  binsQuestion,
  countsOf,
  extentQuestion,
  numberLiteral,
  rangeOf,
  rowsMeasure,
  selectedBins,
  tailQuestion,
} from './distribution.query.ts';
import { distributionStyles } from './distribution.styles.ts';
import { type BinWords, binsTable, binText, rowsText, summaryOf } from './distribution-words.ts';
import { beginWindow, binsOf, looked, lookOf, type Window } from './window.ts';

/** Chart or table. */
export interface DistributionState {
  readonly table: boolean;
}

/**
 * How many rows have which value of a number. A few far values do not press it into one bar: they are counted apart,
 * below and above, and can be chosen. Brushing a range filters the other gadgets of the group (its id in it: `id`, else
 * `distribution.DATASET.COLUMN`). Attributes: `dataset` (property `source`), `column`, `label`. Slot `menu`: in the header.
 */
export class DistributionGadget extends Gadget<DistributionState> {
  static override styles: CSSResultGroup = [gadgetStyles, cardStyles, chartStyles, distributionStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    column: { type: String },
    label: { type: String },
    area: { state: true },
    hover: { state: true },
  };

  declare source: string | undefined;
  declare column: string | undefined;
  declare label: string | undefined;
  declare area: PlotArea | undefined;
  declare hover: number | undefined;

  readonly #width = new WidthController(this);
  readonly #head = new HeadController(this, () => this.source);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #extent = new AnswerController(this, () => this.#extentQuestion());
  readonly #look = new AnswerController(this, () => this.#lookQuestion());
  readonly #now = new AnswerController(this, () => this.#question([this.#groupId]));
  readonly #total = new AnswerController(this, () => this.#totalQuestion());
  readonly #below = new AnswerController(this, () => this.#tailQuestion('below'));
  readonly #above = new AnswerController(this, () => this.#tailQuestion('above'));
  readonly #brush = new BinBrush(this, () => this.#brushed());
  #window: Window | undefined;
  /** The bins of the last answer. */
  #drawn: Bins | undefined;
  readonly #figure = new KeptFigure();

  constructor() {
    super();
    new FollowController(
      this,
      this.#now,
      () => this.#groupId,
      (excluded) => this.#question([this.#groupId, ...excluded]),
    );
  }

  protected override initialState(): DistributionState {
    return { table: false };
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    return this.renderRoot.querySelector<PlotElement>('exa-plot')?.image(format);
  }

  get #groupId(): string {
    return this.id || `distribution.${this.source}.${this.column}`;
  }

  get #type(): ColumnType | undefined {
    const head = this.#head.head;
    return head && this.column ? typeOfColumn(this.column, head, this.#linked.heads) : undefined;
  }

  /** The column is there, and has no numbers. */
  get #isUnfit(): boolean {
    return this.#type !== undefined && !isNumeric(this.#type);
  }

  get #bins(): Bins | undefined {
    return this.#window?.isFound ? binsOf(this.#window) : undefined;
  }

  #where(excluded: readonly string[]): Filter | undefined {
    return this.source ? this.group?.where(this.source, excluded) : undefined;
  }

  /** Only the period, none of the gadgets' filters: what the bins and the ghost are about. */
  get #periodWhere(): Filter | undefined {
    return this.#where(Object.keys(this.group?.filters ?? {}));
  }

  #extentQuestion(): AggregateQuestion | undefined {
    const { source, column } = this;
    if (!source || !column || this.#isUnfit) return undefined;
    return extentQuestion(source, column, this.#periodWhere);
  }

  #lookQuestion(): AggregateQuestion | undefined {
    const window = this.#window;
    return window && !window.isFound ? this.#binned(lookOf(window), this.#periodWhere) : undefined;
  }

  #question(excluded: readonly string[]): AggregateQuestion | undefined {
    return this.#bins && this.#binned(this.#bins, this.#where(excluded));
  }

  #totalQuestion(): AggregateQuestion | undefined {
    const total = this.#bins && this.#binned(this.#bins, this.#periodWhere);
    return JSON.stringify(total) === JSON.stringify(this.#question([this.#groupId])) ? undefined : total;
  }

  #binned(bins: Bins, where: Filter | undefined): AggregateQuestion | undefined {
    const [type, { source: dataset, column }] = [this.#type, this];
    return dataset && column && type ? binsQuestion({ dataset, column, type, bins, where }) : undefined;
  }

  /** Rows outside the bins, where the column has any. */
  #tail(side: 'below' | 'above'): Filter | undefined {
    const [bins, window, type, { column }] = [this.#bins, this.#extentNow(), this.#type, this];
    if (!bins || !window || !type || !column) return undefined;
    if (side === 'below')
      return window.low < edgeOf(bins, 0) ? rangeOf(column, type, undefined, bins.from) : undefined;
    const end = edgeOf(bins, bins.count);
    return window.high >= end ? rangeOf(column, type, end) : undefined;
  }

  #tailQuestion(side: 'below' | 'above'): AggregateQuestion | undefined {
    const tail = this.#tail(side);
    return this.source && tail ? tailQuestion(this.source, this.#where([this.#groupId]), tail) : undefined;
  }

  #brushed(): ReturnType<ConstructorParameters<typeof BinBrush>[1]> {
    const [bins, type, { source, column }] = [this.#bins, this.#type, this];
    if (!source || !column || !bins || !type) return undefined;
    return {
      id: this.#groupId,
      dataset: source,
      column,
      edges: edgesOf(bins),
      cube: { to: edgeOf(bins, bins.count), bins: bins.count },
      scale: 1,
      literal: (at) => numberLiteral(at, type),
    };
  }

  /** Least, greatest and number of the values of the period; undefined until known, and when there are none. */
  #extentNow(): { readonly low: number; readonly high: number; readonly known: number } | undefined {
    const { answer, phase } = this.#extent;
    if (!answer || answer.rows === 0 || phase === 'loading') return undefined;
    const [low, high, known] = ['low', 'high', 'known'].map((name) => answer.numbers(name)[0] ?? Number.NaN);
    return Number.isFinite(low) && Number.isFinite(high)
      ? { low: low!, high: high!, known: known! }
      : undefined;
  }

  override takeAway(): TakeAway | undefined {
    const what = this.#question([this.#groupId]);
    if (!what) return undefined;
    const columns = [
      { id: 'g0', name: this.#name() },
      { id: rowsMeasure.id, name: msg('Rows') },
    ];
    return { title: this.#name(), data: { what, columns } };
  }

  /** The rows of some bins; of none: those shown, the selected ones where some are. */
  #drill(range: BinRange | undefined): void {
    const [{ source: dataset, column, group }, bins, type] = [this, this.#bins, this.#type];
    if (!dataset || !column || !type || !bins) return;
    const mark = range && rangeOf(column, type, edgeOf(bins, range.start), edgeOf(bins, range.end));
    const where = allOf([group?.where(dataset, range ? [this.#groupId] : []), mark]);
    const title = range ? `${this.#name()}, ${this.#rangeText(bins, range)}` : this.#name();
    drill(this, { dataset, where, title });
  }

  #rangeText(bins: Bins, { start, end }: BinRange): string {
    if (end - start === 1) return this.#binText(bins, start);
    return `${this.#value(edgeOf(bins, start))} – ${this.#value(edgeOf(bins, end))}`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const extent = this.#extentNow();
    if (extent) {
      const { low, high, known } = extent;
      const key = JSON.stringify([this.#extentQuestion(), low, high]);
      const whole = this.#type?.kind === 'int32' || this.#type?.kind === 'int64';
      if (this.#window?.key !== key) this.#window = beginWindow(key, low, high, known, whole);
    }
    const { answer, phase, question } = this.#look;
    const window = this.#window;
    if (window && !window.isFound && answer && (phase === 'ready' || phase === 'stale')) {
      const asked = this.#lookQuestion();
      if (JSON.stringify(question) === JSON.stringify(asked))
        this.#window = looked(window, countsOf(answer, lookOf(window)));
    }
    if (this.#now.phase === 'ready' || this.#now.phase === 'stale') this.#drawn = this.#bins ?? this.#drawn;
  }

  protected override hasPicture(): boolean {
    return (this.#now.answer !== undefined && this.#drawn !== undefined) || this.#isEmpty() || this.#isUnfit;
  }

  protected override ownPhase(phase: Phase): Phase {
    return this.#isUnfit && phase === 'loading' ? 'ready' : phase;
  }

  /** No row has a number here. */
  #isEmpty(): boolean {
    const { answer, phase } = this.#extent;
    return answer !== undefined && phase !== 'loading' && this.#extentNow() === undefined;
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header><h3>${this.#name()}</h3><slot name="menu"></slot></header><div class="skeleton"></div>`;
  }

  #name(): string {
    const head = this.#head.head;
    const column = this.column ?? '';
    return this.label ?? (head ? columnLabel(column, head, this.#linked.heads) : column);
  }

  protected override view(): unknown {
    const answer = this.#now.answer;
    const bins = this.#drawn;
    if (this.#isUnfit)
      return html`${this.#header(undefined)}<p class="empty">${msg('This column has no numbers: choose one that has')}</p>`;
    if (this.#isEmpty() || !answer || !bins)
      return html`${this.#header(undefined)}<p class="empty">${this.#isEmpty() ? msg('No values in this period') : nothing}</p>`;
    const counts = countsOf(answer, bins);
    const ghost = this.#total.question && this.#total.answer ? countsOf(this.#total.answer, bins) : undefined;
    const slice = this.#now.sliced && this.#now.table ? countsOf(this.#now.table, bins) : undefined;
    const filter = this.group?.filters[this.#groupId]?.filter;
    const range =
      this.#brush.moving === undefined ? selectedBins(filter, bins) : (this.#brush.moving ?? undefined);
    return html`
      ${this.#header(bins, slice ?? counts)}
      <p class="hidden-text">${summaryOf(this.#words, this.#name(), bins, counts)}</p>
      ${
        this.state.table
          ? binsTable(this.#words, this.#name(), bins, counts)
          : html`<div class=${slice ? 'chart slicing' : 'chart'}>
              <exa-plot .figure=${this.#figureOf(bins, counts, ghost)} @exa-drawn=${this.#onDrawn}></exa-plot>
              <exa-brush-layer
                role="group"
                about="number"
                aria-label=${this.#name()}
                .area=${this.area}
                .bins=${bins.count}
                .range=${range}
                .slice=${slice}
                .binText=${(bin: number) => this.#binText(bins, bin)}
                @pointerenter=${this.#brush.prepare}
                @pointerleave=${this.#brush.release}
                @exa-range=${this.#brush.ranged}
                @exa-pick=${(event: CustomEvent<BinRange>) => this.#drill(event.detail)}
                @exa-hover=${(event: CustomEvent<number | undefined>) => {
                  this.hover = event.detail;
                }}
              ></exa-brush-layer>
            </div>`
      }
      ${this.#tails(bins, filter)}
    `;
  }

  #header(bins: Bins | undefined, counts: readonly number[] = []): unknown {
    const { hover } = this;
    const readout =
      bins && hover !== undefined && hover < counts.length
        ? `${this.#binText(bins, hover)} · ${this.#rows(counts[hover] ?? 0)}`
        : '';
    return html`<header>
      <h3>${this.#name()}</h3>
      <span class="readout">${readout}</span>
      <slot name="menu"></slot>
      <button class="button quiet small" aria-pressed=${this.state.table} @click=${() => void this.changeState({ table: !this.state.table })}>
        ${icon('table')}<span class="hidden-text">${msg('Show as a table')}</span>
      </button>
      ${cardMenu(this, [{ label: msg('Show the rows'), run: () => this.#drill(undefined) }])}
    </header>`;
  }

  /** How many rows lie outside the bins, as buttons that choose them. */
  #tails(bins: Bins, filter: Filter | undefined): unknown {
    const button = (side: 'below' | 'above', answer: AnswerTable | undefined, edge: number): unknown => {
      const tail = this.#tail(side);
      if (!tail || !answer || answer.rows === 0) return nothing;
      const isChosen = JSON.stringify(filter) === JSON.stringify(tail);
      const [value, rows] = [this.#value(edge), this.#rows(answer.numbers('rows')[0] ?? 0)];
      return html`<button
        class="button small ${side}"
        aria-pressed=${isChosen}
        @click=${() => this.group?.set(this.#groupId, isChosen ? undefined : { dataset: this.source ?? '', filter: tail })}
      >
        ${side === 'below' ? msg(str`Below ${value}: ${rows}`) : msg(str`From ${value} on: ${rows}`)}
      </button>`;
    };
    const [low, high] = [edgeOf(bins, 0), edgeOf(bins, bins.count)];
    const below = button('below', this.#below.answer, low);
    const above = button('above', this.#above.answer, high);
    return below === nothing && above === nothing ? nothing : html`<div class="tails">${below}${above}</div>`;
  }

  get #words(): BinWords {
    return { formats: formatsFor(this), whole: this.#window?.whole === true };
  }

  #rows(count: number): string {
    return rowsText(formatsFor(this), count);
  }

  #value(value: number): string {
    return formatsFor(this).number(value);
  }

  #binText(bins: Bins, bin: number): string {
    return binText(this.#words, bins, bin);
  }

  #figureOf(bins: Bins, counts: readonly number[], ghost: readonly number[] | undefined): MakeFigure {
    const formats = formatsFor(this);
    const width = this.#width.px;
    const parts = [this.#now.answer, ghost && this.#total.answer, formats, width, JSON.stringify(bins)];
    return this.#figure.of(parts, () => {
      const frozen = this.#brush.moving === undefined && !this.#now.sliced ? undefined : this.area?.y;
      const room = Math.max(2, Math.floor((width - 60) / 72));
      // A bin of one whole number is named in its middle, others at their edges.
      const named = this.#window?.whole === true && bins.width === 1;
      const xTicks = distributionTicks(bins, room, named).map(({ at, value }) => ({
        at,
        text: formats.compact(value),
      }));
      const yTick = (value: number): string => formats.compact(value);
      return (scheme) => distributionFigure({ counts, ghost, frozen, scheme, xTicks, yTick });
    });
  }

  readonly #onDrawn = (event: CustomEvent<PlotArea>): void => {
    if (JSON.stringify(event.detail) !== JSON.stringify(this.area)) this.area = event.detail;
  };
}

function edgesOf(bins: Bins): readonly number[] {
  return Array.from({ length: bins.count + 1 }, (_, i) => edgeOf(bins, i));
}

defineGadget('exa-distribution', DistributionGadget);
