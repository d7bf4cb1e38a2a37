import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, svg } from 'lit';
import type { ZoneTable } from '../../protocol/head.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { askedOf, isAdditive, type MeasureProperty, measureOf } from '../measure.ts';
import { binStarts, seriesOf } from '../trend/series.ts';
import { extentQuestion, grainFor, trendQuestion } from '../trend/trend.query.ts';
import { boundedSpan, extentSpan, kindOf, type Span } from '../trend/trend-span.ts';
import { sparkPath } from './spark-path.ts';

/** Points of a line, at most. */
const maxPoints = 60;

const utc: ZoneTable = { from: [-8.64e15], offsetMs: [0] };

/**
 * The course of a measure over the period shown, as small as a word; where rows have no date or it cannot be had,
 * nothing. Says the span instead of a comparison where there is none (`spanned`), and that alone (`bare`).
 * @prop source Data set @prop measure @prop spanned @prop bare
 */
export class Sparkline extends Gadget<Record<string, never>> {
  static override styles: CSSResultGroup = [
    gadgetStyles,
    css`
      .span {
        min-height: 20px;
        line-height: 20px;
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
        text-wrap: balance;
      }
      /* In a card as narrow as half a phone a period takes two lines: its first day, its last. */
      @container (width < 190px) {
        .span {
          min-height: 34px;
          line-height: 17px;
        }
      }
      .box {
        height: 28px;
        margin-top: 4px;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .line {
        fill: none;
        stroke: var(--exa-series-1);
        stroke-width: 1.5;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      .area {
        fill: var(--exa-series-1);
        opacity: 0.1;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    source: { attribute: false },
    measure: { attribute: false },
    spanned: { type: Boolean },
    bare: { type: Boolean },
  };

  declare source: string | undefined;
  declare measure: MeasureProperty | undefined;
  declare spanned: boolean;
  declare bare: boolean;

  readonly #head = new HeadController(this, () => this.source);
  readonly #extent = new AnswerController(this, () => this.#extentQuestion());
  readonly #course = new AnswerController(this, () => this.#question());

  constructor() {
    super();
    this.spanned = false;
    this.bare = false;
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  get #column(): string | undefined {
    return this.#head.head?.profile.roles.date;
  }

  get #kind(): 'date' | 'timestamp' {
    return kindOf(this.#head.head, this.#column);
  }

  get #zone(): string {
    return this.#kind === 'date' ? 'UTC' : (this.#head.head?.profile.zone ?? 'UTC');
  }

  #bounded(): Span | undefined {
    return boundedSpan(this.group?.period, this.source, this.#column);
  }

  #extentQuestion(): AggregateQuestion | undefined {
    const [column, { group, source }] = [this.#column, this];
    if (!source || column === undefined || this.#bounded()) return undefined;
    return extentQuestion(source, column, group?.where(source, Object.keys(group.filters)));
  }

  #span(): Span | undefined {
    return this.#bounded() ?? extentSpan(this.#extent.answer);
  }

  #question(): AggregateQuestion | undefined {
    const [span, column, { measure, source }] = [this.#span(), this.#column, this];
    if (this.bare || !source || !measure || column === undefined || !span || !this.#isCheap())
      return undefined;
    return trendQuestion({
      dataset: source,
      column,
      measure: askedOf(measure),
      unit: grainFor(span.to - span.from, this.#kind, maxPoints),
      zone: this.#zone,
      where: this.group?.where(source),
    });
  }

  /** Distinct values and quantiles of every point would keep millions of values for a picture as small as a word. */
  #isCheap(): boolean {
    const measure = measureOf(this.#head.head, this.measure);
    return measure !== undefined && !/\b(distinct|median|quantile)\s*\(/i.test(measure.formula);
  }

  /** Drawn in every phase, without the frame of one: the figure beside it says what is wrong. */
  protected override render(): unknown {
    const head = this.#head.head;
    if (!head || this.#column === undefined) return nothing;
    return this.view();
  }

  protected override view(): unknown {
    const span = this.#span();
    const words = span && formatsFor(this).period(span.from, span.to, this.#zone);
    return html`${this.spanned ? html`<p class="span"><bdi>${words ?? nothing}</bdi></p>` : nothing}
      ${this.bare ? nothing : html`<div class="box" aria-hidden="true">${this.#picture(span)}</div>`}`;
  }

  #picture(span: Span | undefined): unknown {
    const measure = measureOf(this.#head.head, this.measure);
    const table = this.#course.answer;
    const question = this.#course.question;
    if (!span || !measure || !table?.has(measure.id) || question?.kind !== 'aggregate') return nothing;
    const [key] = question.groupBy;
    if (key?.by !== 'time') return nothing;
    const zone = this.#head.head?.zones[this.#zone] ?? utc;
    const starts = binStarts(span.from, span.to, key.unit, zone);
    const { values } = seriesOf(table, measure.id, starts, isAdditive(measure) ? 0 : null, zone);
    const { line, area } = sparkPath(values);
    return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none">
      ${svg`<path class="area" d=${area}></path><path class="line" d=${line}></path>`}
    </svg>`;
  }
}

defineGadget('exa-sparkline', Sparkline);
