import { msg } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ColumnType } from '../../protocol/column.ts';
import { type EstimatorName, type FitKind, isEstimator } from '../../protocol/estimators.ts';
import type { FitRequest, FitResult } from '../../protocol/fit.ts';
import type { DrawnFeature, PictureOf } from '../../protocol/fit-picture.ts';
import type { ColumnRef, RowsQuestion } from '../../protocol/query.ts';
import { cardStyles } from '../card.styles.ts';
import { columnLabel } from '../column-label.ts';
import { isEmptyTable } from '../empty-table.ts';
import { allOf } from '../filter-group/where.ts';
import { type Formats, formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { methodOf, methodsOf } from '../model/methods/methods.ts';
import { typeOfColumn } from '../subject.ts';
import '../plot/plot.ts';
import type { PlotArea } from '../plot/figure.ts';
import { KeptFigure, type MakeFigure } from '../plot/kept-figure.ts';
import type { PlotElement } from '../plot/plot.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { attributeRequest } from './attribute-request.ts';
import { fitStyles } from './fit.styles.ts';
import { FitController } from './fit-controller.ts';
import { fitStrip } from './fit-strip.ts';
import { lastChange } from './last-change.ts';

/** What people chose: the method, chart or table. */
export interface FitState {
  readonly method?: EstimatorName;
  readonly table: boolean;
}

/** A fact under a picture. */
export type Fact = readonly [label: string, value: unknown];

/** Bubbling, composed: another method was chosen in a gadget whose request its host keeps. */
export type MethodEvent = CustomEvent<{ readonly method: EstimatorName }>;

/** Bubbling, composed: a gadget has a result. */
export type FittedEvent = CustomEvent<{ readonly result: FitResult; readonly request: FitRequest }>;

/**
 * What the gadgets of fitted models share: the request, the fit with its progress, the chart or its table, the facts
 * under it, brushing. Attributes: `dataset` (property `source`), `columns` (references or names, by commas; default:
 * the table's telling numbers), `target`, `method`; or the property `request`, which says all.
 */
export abstract class FitGadget<K extends FitKind, S extends FitState = FitState> extends Gadget<S> {
  static override styles: CSSResultGroup = [gadgetStyles, cardStyles, fitStyles];
  static override readonly methods: readonly string[] = [
    ...Gadget.methods,
    'getImage',
    'getModel',
    'pause',
    'resume',
    'cancel',
  ];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    columns: { type: String },
    target: { type: String },
    method: { type: String },
    label: { type: String },
    request: { attribute: false },
    area: { state: true },
    hover: { state: true },
  };

  declare source: string | undefined;
  declare columns: string | undefined;
  declare target: string | undefined;
  declare method: string | undefined;
  declare label: string | undefined;
  declare request: FitRequest | undefined;
  declare area: PlotArea | undefined;
  declare hover: number | undefined;

  /** What is drawn. */
  protected readonly kind: K;
  protected readonly head: HeadController;
  protected readonly linked: LinkedHeads;
  protected readonly fit: FitController<K>;
  readonly #figures = new Map<string, KeptFigure>();
  #told: FitResult | undefined;

  constructor(kind: K) {
    super();
    this.kind = kind;
    this.head = new HeadController(this, () => this.request?.dataset ?? this.source);
    this.linked = new LinkedHeads(this, () => this.head.head);
    this.fit = new FitController(this, kind, () => this.#wanted());
  }

  protected abstract name(): string;

  /** The picture, below the header. */
  protected abstract chart(picture: PictureOf<K>): unknown;

  /** The table behind it. */
  protected abstract tableOf(picture: PictureOf<K>): unknown;

  /** One sentence for people who do not see it. */
  protected abstract summary(picture: PictureOf<K>): string;

  protected facts(_picture: PictureOf<K>): readonly Fact[] {
    return [];
  }

  /** Further controls of the header. */
  protected controls(_picture: PictureOf<K>): unknown {
    return nothing;
  }

  /** Lets a subclass ask for more than the host's request says (functions drawn, axes). */
  protected refine(request: FitRequest): FitRequest {
    return request;
  }

  get formats(): Formats {
    return formatsFor(this);
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    return this.renderRoot.querySelector<PlotElement>('exa-plot')?.image(format);
  }

  /** The fitted model as JSON; undefined before the first result. */
  async getModel(): Promise<FitResult['model'] | undefined> {
    return this.fit.result?.model;
  }

  pause(): void {
    this.fit.pause();
  }

  resume(): void {
    this.fit.resume();
  }

  cancel(): void {
    this.fit.cancel();
  }

  /** The gadget's id in the filter group. */
  protected get groupId(): string {
    return this.id || `${this.kind}.${this.request?.dataset ?? this.source}`;
  }

  /** The id under which it names single rows, beside a brush. */
  protected get rowsId(): string {
    return `${this.groupId}.rows`;
  }

  get #isEmpty(): boolean {
    const head = this.head.head;
    return head !== undefined && isEmptyTable(head);
  }

  #wanted(): FitRequest | undefined {
    const head = this.head.head;
    if (this.#isEmpty) return undefined;
    const base =
      this.request ??
      (head &&
        attributeRequest(head, this.kind, {
          columns: this.columns,
          target: this.target,
          method: this.state.method ?? this.method,
        }));
    if (!base || base.features.length === 0) return undefined;
    const where = this.group?.where(base.dataset, [this.groupId, this.rowsId]);
    const filter = allOf([base.filter, where]);
    return this.refine({ ...base, ...(filter ? { filter } : {}) });
  }

  protected override hasPicture(): boolean {
    return this.fit.result !== undefined || !this.fit.canFit || this.#lacks() !== undefined;
  }

  /** Why there is nothing to fit, once the table is known. */
  #lacks(): string | undefined {
    const head = this.head.head;
    if (this.client && !this.fit.canFit) return msg('This page does not fit models.');
    if (this.fit.isCancelled && !this.fit.result) return msg('Stopped before there was a picture.');
    if (!head || this.fit.phase !== 'idle') return undefined;
    if (this.#isEmpty) return msg('Nothing to fit yet: this table has no rows.');
    return msg('No column of numbers to learn from. Choose other columns or another table.');
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    const isSaid = this.#lacks() !== undefined || (phase === 'idle' && this.fit.result !== undefined);
    return isSaid && phase !== 'failed' ? 'ready' : phase;
  }

  protected override heading(): unknown {
    return html`<h3>${this.label ?? this.name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header>${this.heading()}</header>${this.#strip()}<div class="skeleton"></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { result, request } = this.fit;
    if (!result || !request || result === this.#told || this.fit.isOld) return;
    this.#told = result;
    this.dispatchEvent(
      new CustomEvent('exa-fitted', {
        bubbles: true,
        composed: true,
        detail: { result, request },
      }) satisfies FittedEvent,
    );
  }

  protected override view(): unknown {
    const result = this.#isEmpty ? undefined : this.fit.result;
    const lacks = this.#lacks();
    if (!result)
      return html`<header>${this.heading()}</header>
        <div class="empty"><p>${lacks ?? ''}</p>
          ${this.fit.isCancelled ? html`<button class="button" @click=${() => this.fit.again()}>${msg('Fit again')}</button>` : nothing}</div>`;
    const { picture } = result;
    return html`
      ${this.#header(picture)} ${this.#strip()}
      <p class="hidden-text">${this.summary(picture)}</p>
      ${
        this.state.table
          ? html`<div class="table" tabindex="0" role="region" aria-label=${this.label ?? this.name()}>
              ${this.tableOf(picture)}
            </div>`
          : this.chart(picture)
      }
      ${this.#factsOf(picture)} ${this.#notes(result)}
    `;
  }

  #header(picture: PictureOf<K>): unknown {
    const methods = methodsOf(this.kind);
    const method = this.fit.request?.estimator.method;
    const choose = (event: Event): void => {
      const name = (event.target as HTMLSelectElement).value;
      if (isEstimator(name)) this.#choose(name);
    };
    return html`<header>
      <h3>${this.label ?? this.name()}</h3>
      ${
        methods.length > 1
          ? html`<select aria-label=${msg('Method')} @change=${choose}>
              ${methods.map(
                (one) =>
                  html`<option value=${one.method} ?selected=${one.method === method}>${one.label()}</option>`,
              )}
            </select>`
          : nothing
      }
      ${this.controls(picture)}
      <button
        class="button quiet toggle"
        aria-pressed=${this.state.table}
        @click=${() => void this.changeState({ table: !this.state.table } as Partial<S>)}
      >
        ${icon('table')}<span class="hidden-text">${msg('Show as a table')}</span>
      </button>
      ${cardMenu(this)}
    </header>`;
  }

  #choose(method: EstimatorName): void {
    if (this.request) {
      this.dispatchEvent(
        new CustomEvent('exa-method', {
          bubbles: true,
          composed: true,
          detail: { method },
        }) satisfies MethodEvent,
      );
      return;
    }
    void this.changeState({ method } as Partial<S>);
  }

  #strip(): unknown {
    const head = this.head.head;
    return fitStrip({ fit: this.fit, formats: this.formats, changed: head && lastChange(head) });
  }

  #factsOf(picture: PictureOf<K>): unknown {
    const facts = this.facts(picture);
    return facts.length === 0
      ? nothing
      : html`<dl class="facts">
          ${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
        </dl>`;
  }

  #notes({ warnings }: Pick<FitResult, 'warnings'>): unknown {
    if (warnings.length === 0 || this.request) return nothing;
    return html`<ul class="notes">
      ${warnings.map((warning) => html`<li>${icon('alert')}<span>${warning.message}</span></li>`)}
    </ul>`;
  }

  /** What the table calls a column. */
  protected columnName(ref: ColumnRef): string {
    const head = this.head.head;
    return head ? columnLabel(ref, head, this.linked.heads) : ref;
  }

  /** A feature under the name the table gives its column. */
  protected named(feature: DrawnFeature): DrawnFeature {
    return { ...feature, label: this.columnName(feature.column) };
  }

  protected columnType(ref: ColumnRef): ColumnType | undefined {
    const head = this.head.head;
    return head && typeOfColumn(ref, head, this.linked.heads);
  }

  /** The table in words. */
  protected get tableName(): string {
    const head = this.head.head;
    return head ? head.profile.label || head.name : '';
  }

  /** A figure kept as long as what it is made of stands. */
  protected figureOf(name: string, key: readonly unknown[], make: MakeFigure): MakeFigure {
    const kept = this.#figures.get(name) ?? new KeptFigure();
    this.#figures.set(name, kept);
    return kept.of(key, () => make);
  }

  protected readonly drawn = (event: CustomEvent<PlotArea>): void => {
    if (JSON.stringify(event.detail) !== JSON.stringify(this.area)) this.area = event.detail;
  };

  /** The rows it is fitted to, and its picture. */
  override takeAway(): TakeAway | undefined {
    const request = this.fit.request;
    if (!request || !this.fit.result) return undefined;
    const columns = [...request.features, ...(request.target === undefined ? [] : [request.target])];
    const what: RowsQuestion = {
      kind: 'rows',
      dataset: request.dataset,
      ...(request.filter ? { where: request.filter } : {}),
      order: [],
      columns,
      offset: 0,
      limit: 1,
    };
    const named = columns.map((id) => ({ id, name: this.columnName(id) }));
    return { title: this.label ?? this.name(), data: { what, columns: named } };
  }

  protected methodName(): string {
    const method = this.fit.request?.estimator.method;
    return method ? methodOf(method).label() : '';
  }
}
