import { msg } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { type AggregateQuestion, type Filter, type TimeUnit, timeUnits } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { cardStyles } from '../card.styles.ts';
import { chartStyles } from '../chart.styles.ts';
import { drill } from '../drill.ts';
import { BinBrush } from '../filter-group/bin-brush.ts';
import { allOf } from '../filter-group/where.ts';
import { FollowController } from '../follow-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import {
  askedOf,
  compactMeasure,
  firstMeasure,
  isAdditive,
  type MeasureProperty,
  measureId,
  measureOf,
} from '../measure.ts';
import type { BinRange } from '../plot/brush-layer.ts';
import '../plot/brush-layer.ts';
import '../plot/plot.ts';
import type { PlotArea } from '../plot/figure.ts';
import { KeptFigure, type MakeFigure } from '../plot/kept-figure.ts';
import type { PlotElement } from '../plot/plot.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { WidthController } from '../width-controller.ts';
import { binStarts, type Series, seriesOf } from './series.ts';
import { cubeBins, extentQuestion, grainFor, literalOf, trendQuestion } from './trend.query.ts';
import { trendStyles } from './trend.styles.ts';
import { TrendBefore } from './trend-before.ts';
import { trendHeader } from './trend-header.ts';
import { shapeOf, trendPicture } from './trend-picture.ts';
import {
  binsFilter,
  boundedSpan,
  checkDated,
  extentSpan,
  isOffered,
  kindOf,
  type Span,
  selectedBins,
} from './trend-span.ts';
import { exactText, lateNote, seriesTable, summaryOf, unitWord } from './trend-words.ts';

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/** What people chose: the calendar unit, and chart or table. */
export interface TrendState {
  readonly unit: TimeUnit | 'auto';
  readonly table: boolean;
}

/**
 * A measure over calendar time. Brushing a period filters the other gadgets of the group (its id in it: `id`, else
 * `trend.DATASET.COLUMN`). Attributes: `dataset` (property `source`), `measure`, `column` (default: the date role), `by` (the
 * id under which it filters, where several share one), `grain` (a host's unit of time), `compact` (one of several: no menus).
 */
export class TrendGadget extends Gadget<TrendState> {
  static override styles: CSSResultGroup = [gadgetStyles, cardStyles, chartStyles, trendStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    measure: { type: String },
    column: { type: String },
    label: { type: String },
    by: { type: String },
    grain: { type: String },
    compact: { type: Boolean, reflect: true },
    area: { state: true },
    hover: { state: true },
  };

  declare source: string | undefined;
  /** Left out: the table's first. */
  declare measure: MeasureProperty | undefined;
  declare column: string | undefined;
  declare label: string | undefined;
  declare by: string | undefined;
  declare grain: TimeUnit | undefined;
  declare compact: boolean;
  declare area: PlotArea | undefined;
  declare hover: number | undefined;

  readonly #width = new WidthController(this);
  readonly #head = new HeadController(this, () => this.source);
  readonly #extent = new AnswerController(this, () => this.#extentQuestion());
  readonly #now = new AnswerController(this, () => this.#question([this.#groupId]));
  readonly #total = new AnswerController(this, () => this.#totalQuestion());
  readonly #before = new TrendBefore(this, () => {
    const [unit, column, { source }] = [this.#unit(), this.#column, this];
    if (!source || !column || !unit || !this.#boundedPeriod()) return undefined;
    const [id, zone] = [this.#groupId, this.#zoneTable];
    return { id, dataset: source, column, unit, zone, ask: (where) => this.#trend(where) };
  });
  readonly #brush = new BinBrush(this, () => {
    const [edges, unit, column, kind] = [this.#starts(), this.#unit(), this.#column, this.#kind];
    const [from, to] = [edges[0], edges[edges.length - 1]];
    if (!this.source || !unit || !column || from === undefined || to === undefined) return undefined;
    return {
      id: this.#groupId,
      dataset: this.source,
      column,
      edges,
      cube: cubeBins(from, to, unit),
      scale: kind === 'date' ? 86_400_000 : 1,
      literal: (at) => literalOf(at, kind),
    };
  });
  readonly #figure = new KeptFigure();

  constructor() {
    super();
    this.compact = false;
    new FollowController(
      this,
      this.#now,
      () => this.#groupId,
      (excluded) => this.#question([this.#groupId, ...excluded]),
    );
  }

  get #asked(): MeasureProperty | undefined {
    return this.measure ?? firstMeasure(this.#head.head);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    checkDated(this.#head.head, this.#column);
  }

  protected override initialState(): TrendState {
    return { unit: 'auto', table: false };
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    return this.renderRoot.querySelector<PlotElement>('exa-plot')?.image(format);
  }

  get #groupId(): string {
    return this.by || this.id || `trend.${this.source}.${this.#column}`;
  }

  get #column(): string | undefined {
    return this.column || this.#head.head?.profile.roles.date;
  }

  get #kind(): 'date' | 'timestamp' {
    return kindOf(this.#head.head, this.#column);
  }

  get #zone(): string {
    return this.#kind === 'date' ? 'UTC' : (this.#head.head?.profile.zone ?? 'UTC');
  }

  /** Only the period, none of the gadgets' filters: what the ghost and the axis are about. */
  get #periodWhere(): Filter | undefined {
    const { group, source } = this;
    return source && group ? group.where(source, Object.keys(group.filters)) : undefined;
  }

  #extentQuestion(): AggregateQuestion | undefined {
    const column = this.#column;
    if (!this.source || !column || this.#boundedPeriod()) return undefined;
    return extentQuestion(this.source, column, this.#periodWhere);
  }

  #boundedPeriod(): Span | undefined {
    return boundedSpan(this.group?.period, this.source, this.#column);
  }

  /** The span shown. */
  #span(): Span | undefined {
    return this.#boundedPeriod() ?? extentSpan(this.#extent.answer);
  }

  #unit(): TimeUnit | undefined {
    const span = this.#span();
    if (!span) return undefined;
    if (this.state.unit !== 'auto') return this.state.unit;
    const { grain } = this;
    return grain && isOffered(span, grain, this.#kind) ? grain : grainFor(span.to - span.from, this.#kind);
  }

  #question(excluded: readonly string[]): AggregateQuestion | undefined {
    return this.#trend(this.source ? this.group?.where(this.source, excluded) : undefined);
  }

  #totalQuestion(): AggregateQuestion | undefined {
    const total = this.#trend(this.#periodWhere);
    const now = this.#question([this.#groupId]);
    return JSON.stringify(total) === JSON.stringify(now) ? undefined : total;
  }

  #trend(where: Filter | undefined): AggregateQuestion | undefined {
    const [unit, column] = [this.#unit(), this.#column];
    if (!this.source || !this.#asked || !column || !unit) return undefined;
    return trendQuestion({
      dataset: this.source,
      column,
      measure: askedOf(this.#asked),
      unit,
      zone: this.#zone,
      where,
    });
  }

  get #zoneTable(): ZoneTable {
    return this.#head.head?.zones[this.#zone] ?? utc;
  }

  #starts(): readonly number[] {
    const [span, unit] = [this.#span(), this.#unit()];
    return span && unit ? binStarts(span.from, span.to, unit, this.#zoneTable) : [];
  }

  override takeAway(): TakeAway | undefined {
    const what = this.#question([this.#groupId]);
    const measure = measureOf(this.#head.head, this.#asked);
    const unit = this.#unit();
    if (!what || !measure || !unit) return undefined;
    const columns = [
      { id: 'g0', name: unitWord(unit) },
      { id: measure.id, name: measure.label },
    ];
    return { title: this.#name(), data: { what, columns } };
  }

  protected override hasPicture(): boolean {
    return this.#now.answer !== undefined || this.#isEmpty();
  }

  /** No row has an instant: there is no span to ask about. */
  #isEmpty(): boolean {
    const { answer, phase } = this.#extent;
    return answer !== undefined && phase !== 'loading' && this.#span() === undefined;
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header><h3>${this.#name()}</h3></header><div class="skeleton"></div>`;
  }

  #name(): string {
    const measure = this.#asked ?? '';
    return this.label ?? measureOf(this.#head.head, measure)?.label ?? measureId(measure);
  }

  protected override view(): unknown {
    const measure = measureOf(this.#head.head, this.#asked);
    const table = this.#now.answer;
    const starts = this.#starts();
    if (this.#isEmpty())
      return html`${this.#header(undefined, starts, measure)}<p class="empty">${msg('Nothing in this period')}</p>`;
    if (!table || !measure || !table.has(measure.id)) return this.#header(undefined, starts, measure);
    const empty = isAdditive(measure) ? 0 : null;
    const series = seriesOf(table, measure.id, starts, empty, this.#zoneTable);
    if (table.rows === 0)
      return html`${this.#header(series, starts, measure)}<p class="empty">${msg('Nothing in this period')}</p>`;
    const ghost = this.#total.question && this.#total.answer;
    const total = ghost ? seriesOf(ghost, measure.id, starts, empty, this.#zoneTable) : undefined;
    const slice = this.#now.sliced && this.#now.table;
    const before = this.#before.series(measure);
    return html`
      ${this.#header(series, starts, measure, before)}
      ${lateNote(this.#brush)}
      ${before ? html`<p class="legend"><span class="dash" aria-hidden="true"></span>${this.#before.words}</p>` : nothing}
      <p class="hidden-text">${summaryOf(this.#name(), series, (value, bin) => `${this.#compact(value, measure)} (${this.#binText(starts[bin])})`)}</p>
      ${
        this.state.table
          ? seriesTable(
              this.#name(),
              series,
              (start) => this.#binText(start),
              (value) => this.#exact(value, measure),
              before && { series: before, name: this.#before.words },
            )
          : html`<div class=${slice ? 'chart slicing' : 'chart'}>
              <exa-plot .figure=${this.#figureOf(series, total, before, measure)} @exa-drawn=${this.#drawn}></exa-plot>
              <exa-brush-layer
                role="group"
                aria-label=${this.#name()}
                .area=${this.area}
                .bins=${series.values.length}
                .shape=${shapeOf(series, measure)}
                .range=${this.#brush.moving === undefined ? selectedBins(this.group?.filters[this.#groupId]?.filter, starts) : (this.#brush.moving ?? undefined)}
                .slice=${slice ? seriesOf(slice, measure.id, starts, empty, this.#zoneTable).values : undefined}
                .binText=${(bin: number) => this.#binText(starts[bin])}
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
    `;
  }

  /** The rows of some bins; of none: those shown, the selected ones where some are. */
  #drill(bins: BinRange | undefined): void {
    const [{ source: dataset, group }, column, starts] = [this, this.#column, this.#starts()];
    if (!dataset || !column) return;
    const measure = measureOf(this.#head.head, this.#asked);
    const mark = bins && binsFilter(column, this.#kind, starts, bins);
    const where = allOf([group?.where(dataset, bins ? [this.#groupId] : []), mark]);
    const texts = bins ? [this.#binText(starts[bins.start]), this.#binText(starts[bins.end - 1])] : [];
    const title = [this.#name(), [...new Set(texts)].join(' – ')].filter(Boolean).join(', ');
    drill(this, { dataset, where, title, measure });
  }

  #header(
    series: Series | undefined,
    starts: readonly number[],
    measure: Measure | undefined,
    before?: Series,
  ): unknown {
    const { hover } = this;
    const value = hover === undefined ? undefined : series?.values[hover];
    const then = hover === undefined || !measure ? undefined : before?.values[hover];
    const compared =
      then === undefined || then === null || !measure
        ? ''
        : ` (${this.#before.words}: ${this.#exact(then, measure)})`;
    const [unit, span] = [this.#unit(), this.#span()];
    return trendHeader({
      name: this.#name(),
      readout:
        value === undefined || !measure || hover === undefined
          ? ''
          : `${this.#binText(starts[hover])} · ${this.#exact(value, measure)}${compared}`,
      unit,
      units: this.compact
        ? []
        : timeUnits.filter((one) => one === unit || (span && isOffered(span, one, this.#kind))),
      table: this.state.table,
      choose: (chosen) => void this.changeState({ unit: chosen }),
      turn: () => void this.changeState({ table: !this.state.table }),
      menu: cardMenu(this, [{ label: msg('Show the rows'), run: () => this.#drill(undefined) }]),
    });
  }

  #compact(value: number, measure: Measure): string {
    return compactMeasure(formatsFor(this), measure, value, this.#head.head?.profile.currency);
  }

  #exact(value: number | null, measure: Measure): string {
    return exactText(formatsFor(this), measure, value, this.#head.head?.profile.currency);
  }

  #figureOf(
    series: Series,
    ghost: Series | undefined,
    before: Series | undefined,
    measure: Measure,
  ): MakeFigure {
    const [formats, width, starts] = [formatsFor(this), this.#width.px, series.starts.join()];
    const answers = [this.#now.answer, ghost && this.#total.answer, before && this.#before.answer];
    return this.#figure.of([...answers, formats, measure, width, starts], () =>
      trendPicture({
        series,
        ghost,
        before,
        measure,
        currency: this.#head.head?.profile.currency,
        formats,
        unit: this.#unit() ?? 'month',
        width,
        frozen: this.#brush.moving === undefined && !this.#now.sliced ? undefined : this.area?.y,
        zone: this.#zone,
        zoneTable: this.#zoneTable,
      }),
    );
  }

  #binText(start: number | undefined): string {
    return start === undefined ? '' : formatsFor(this).bin(start, this.#unit() ?? 'day', this.#zone);
  }

  readonly #drawn = (event: CustomEvent<PlotArea>): void => {
    if (JSON.stringify(event.detail) !== JSON.stringify(this.area)) this.area = event.detail;
  };
}

defineGadget('exa-trend', TrendGadget);
