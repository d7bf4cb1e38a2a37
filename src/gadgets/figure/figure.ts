import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Measure } from '../../protocol/profile.ts';
import { AnswerController } from '../answer-controller.ts';
import { drill } from '../drill.ts';
import { FirstAnswer, isAwaited, tellDrawn } from '../first-answer.ts';
import { FollowController } from '../follow-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import {
  askedOf,
  compactMeasure,
  exactMeasure,
  firstMeasure,
  type MeasureProperty,
  measureId,
  measureOf,
} from '../measure.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { changeOf, figureQuestion } from './figure.query.ts';
import { figureStyles } from './figure.styles.ts';

/** Nothing to keep: a figure has no state of its own. */
export type FigureState = Record<string, never>;

/**
 * One number (a measure of a data set) against the period before.
 * Attributes: `dataset` (property `source`), `measure` (its id; as a property also a Measure of one's own), `label` (default: the measure's),
 * `sparkline` (its course over the period, where rows have a date), `spanned` (that period in words where nothing is compared;
 * with a sparkline always), `foremost` (among what people look at first).
 */
export class FigureGadget extends Gadget<FigureState> {
  static override styles: CSSResultGroup = [gadgetStyles, figureStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getValue'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    measure: { type: String },
    label: { type: String },
    sparkline: { type: Boolean },
    spanned: { type: Boolean },
    foremost: { type: Boolean },
    copied: { state: true },
  };

  declare source: string | undefined;
  /** Left out: the table's first. */
  declare measure: MeasureProperty | undefined;
  declare label: string | undefined;
  declare sparkline: boolean;
  declare spanned: boolean;
  declare foremost: boolean;
  declare copied: boolean;

  readonly #head = new HeadController(this, () => this.source);
  readonly #now = new AnswerController(
    this,
    () => this.#question([]),
    () => this.foremost,
  );
  readonly #first = new FirstAnswer(this);
  readonly #before = new AnswerController(this, () => {
    const where = this.source ? this.group?.previousWhere(this.source, []) : undefined;
    return where && this.source && this.#asked
      ? figureQuestion(this.source, askedOf(this.#asked), where)
      : undefined;
  });

  constructor() {
    super();
    this.sparkline = false;
    this.spanned = false;
    this.foremost = false;
    this.copied = false;
    new FollowController(
      this,
      this.#now,
      () => this.id || `figure.${this.source}.${measureId(this.#asked ?? '')}`,
      (excluded) => this.#question(excluded),
    );
  }

  get #asked(): MeasureProperty | undefined {
    return this.measure ?? firstMeasure(this.#head.head);
  }

  protected override initialState(): FigureState {
    return {};
  }

  /** The exact value as text; empty when there is none. */
  async getValue(): Promise<string> {
    return this.#exact();
  }

  #question(excluded: readonly string[]): ReturnType<typeof figureQuestion> | undefined {
    if (!this.source || !this.#asked) return undefined;
    return figureQuestion(this.source, askedOf(this.#asked), this.group?.where(this.source, excluded));
  }

  #exact(): string {
    const table = this.#now.table;
    const id = measureId(this.#asked ?? '');
    return table?.has(id) && table.rows > 0 ? table.exact(id, 0) : '';
  }

  protected override hasPicture(): boolean {
    return this.#now.answer !== undefined;
  }

  protected override heading(): unknown {
    return this.#title();
  }

  protected override skeleton(): unknown {
    return html`${this.#title()}<div class="skeleton"></div>`;
  }

  #title(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  #name(): string {
    return this.label ?? measureOf(this.#head.head, this.#asked)?.label ?? measureId(this.#asked ?? '');
  }

  override takeAway(): TakeAway | undefined {
    const what = this.#question([]);
    if (!what || !this.#asked) return undefined;
    return {
      title: this.#name(),
      data: { what, columns: [{ id: measureId(this.#asked), name: this.#name() }] },
    };
  }

  #drill(measure: Measure): void {
    const { source: dataset } = this;
    if (!dataset) return;
    const title = this.#name();
    drill(this, { dataset, where: this.group?.where(dataset), title, measure });
  }

  protected override view(): unknown {
    const head = this.#head.head;
    const measure = measureOf(head, this.#asked);
    const table = this.#now.table;
    // The answer here may be of the measure before.
    if (!table || !measure || !isOf(table, measure.id)) return this.#title();
    const formats = formatsFor(this);
    const { currency } = head?.profile ?? {};
    const value = numberAt(this.#now.table, measure.id);
    const approximate = this.#now.coverage?.approximate.includes(measure.id) ? '≈ ' : '';
    const compact = approximate + compactMeasure(formats, measure, value, currency);
    const type = table.has(measure.id) ? table.type(measure.id) : undefined;
    const exact = exactMeasure(formats, measure, this.#exact() || null, currency, type);
    const name = msg(str`${exact}, copy`);
    return html`
      ${this.#title()}${this.#first.isPainted ? this.#menu(measure) : nothing}
      <button class="value" aria-label=${compact === exact ? name : `${compact}, ${name}`} @click=${this.#copy}>
        <bdi>${compact}</bdi><bdi class="exact" aria-hidden="true">${this.copied ? msg('Copied') : exact}</bdi>
      </button>
      ${this.#change(value)}
      ${this.sparkline || (this.spanned && !this.#compares) ? this.#course() : nothing}
      <span class="hidden-text" role="status">${this.copied ? msg('Copied') : nothing}</span>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (isAwaited(this) && this.renderRoot.querySelector('.value')) tellDrawn(this);
  }

  #course(): unknown {
    if (!this.#first.isPainted)
      return this.sparkline ? html`<div class="course ${this.#compares ? '' : 'spanned'}"></div>` : nothing;
    // Not one of the scripts that a first figure waits for; without it there is no line.
    import('./sparkline.ts').catch(() => {});
    return html`<exa-sparkline
      .source=${this.source}
      .measure=${this.#asked}
      ?spanned=${!this.#compares}
      ?bare=${!this.sparkline}
    ></exa-sparkline>`;
  }

  #menu(measure: Measure): unknown {
    return cardMenu(this, [{ label: msg('Show the rows'), run: () => this.#drill(measure) }]);
  }

  /** Whether a period is shown that has one before it. */
  get #compares(): boolean {
    return this.#before.phase !== 'idle';
  }

  #change(value: number | null): unknown {
    if (!this.#compares) return nothing;
    // What was before has no slice: a moving brush compares with nothing.
    if (!this.#before.answer || this.#now.sliced) return html`<p class="change"></p>`;
    const change = changeOf(value, numberAt(this.#before.answer, measureId(this.#asked ?? '')));
    if (!change) return html`<p class="change">${msg('Nothing to compare with')}</p>`;
    const word =
      change.direction === 'more' ? msg('more') : change.direction === 'less' ? msg('less') : msg('same');
    const by =
      change.ratio === undefined || change.direction === 'same'
        ? nothing
        : formatsFor(this).percent(Math.abs(change.ratio), { digits: 1 });
    const sign = { more: 'trend-up', less: 'trend-down', same: 'minus' } as const;
    return html`<p class="change">
      <span class="by">${icon(sign[change.direction])}${by} ${word}</span>
      <span>${this.group?.against === 'year' ? msg('than a year before') : msg('than the period before')}</span>
    </p>`;
  }

  #copy(): void {
    void this.job('copy', async (signal) => {
      await navigator.clipboard.writeText(this.#exact());
      this.copied = true;
      await new Promise((done) => setTimeout(done, 1500));
      if (!signal.aborted) this.copied = false;
    });
  }
}

/** Whether an answer is of a measure, or of no rows at all. */
function isOf(table: AnswerTable, measure: string): boolean {
  return table.rows === 0 || table.has(measure);
}

function numberAt(table: AnswerTable | undefined, name: string): number | null {
  const value = table?.has(name) && table.rows > 0 ? table.numbers(name)[0] : undefined;
  return value === undefined || Number.isNaN(value) ? null : value;
}

defineGadget('exa-figure', FigureGadget);
