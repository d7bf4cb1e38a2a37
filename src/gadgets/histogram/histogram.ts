import { msg, str } from '@lit/localize';
import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations } from 'lit';
import type { Histogram, HistogramQuestion } from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { arrayTakeAway, numberColumn } from '../exact/array-take-away.ts';
import { shortNumber } from '../exact/element-text.ts';
import { type Extent, elementsIn, wholeExtent } from '../exact/extent.ts';
import { aboutText, groupDigits } from '../exact/index-text.ts';
import { indexRangeOf, valueFilter, valueRangeOf } from '../exact/range-filter.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import type { Figure, PlotArea } from '../plot/figure.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { arrayCardStyles } from '../series/series.styles.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import type { Scheme } from '../theme/palette.ts';
import '../plot/brush-layer.ts';
import type { BinRange, RangeEvent } from '../plot/brush-layer.ts';
import { histogramFigure } from './histogram.figure.ts';

/** Chart or table. */
export interface HistogramState {
  readonly table: boolean;
}

const bins = 48;

/**
 * How the values of a part of an array are spread. Attributes: `array`, `column` (of the last axis; left out: all),
 * `label`. Properties: `range` (along the first axis; the range other gadgets chose goes first), `at` (indices along the
 * others). Brushing values filters the other gadgets on this array.
 */
export class HistogramGadget extends Gadget<HistogramState> {
  static override styles: CSSResultGroup = [
    gadgetStyles,
    arrayCardStyles,
    css`
      :host {
        min-height: 220px;
      }
      header h3 {
        flex: 1;
      }
      /* A line of its own: beside the name it has room for half a number. */
      .readout {
        order: 1;
        flex-basis: 100%;
        text-align: start;
      }
      .skeleton {
        flex: 1;
        min-height: 160px;
      }
      exa-plot {
        height: auto;
      }
    `,
  ];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage'];
  static override properties: PropertyDeclarations = {
    array: { type: String },
    column: { type: String },
    label: { type: String },
    range: { attribute: false },
    columns: { attribute: false },
    area: { state: true },
    hover: { state: true },
    moving: { state: true },
  };

  declare array: string | undefined;
  declare column: string | undefined;
  declare label: string | undefined;
  declare range: Extent | undefined;
  /** Part of the second axis, where there is one and no `column`. */
  declare columns: Extent | undefined;
  declare area: PlotArea | undefined;
  declare hover: number | undefined;
  declare moving: BinRange | undefined;

  readonly #head = new ArrayHeadController(this, () => this.array);
  readonly #answer = new ArrayAnswer<HistogramQuestion, Histogram>(
    this,
    () => this.#question(),
    (client, question, observer) => client.histogram(question, observer),
  );
  #figure: { readonly of: Histogram; readonly make: (scheme: Scheme) => Figure } | undefined;

  protected override initialState(): HistogramState {
    return { table: false };
  }

  override takeAway(): TakeAway | undefined {
    const answer = this.#answer.answer;
    if (!answer) return undefined;
    const { edges, counts, coverage, exact } = answer;
    return arrayTakeAway({
      title: this.#name(),
      names: [msg('From'), msg('To'), msg('Count')],
      make: () => [
        numberColumn(counts.length, (i) => edges[i]),
        numberColumn(counts.length, (i) => edges[i + 1]),
        numberColumn(counts.length, (i) => counts[i]),
      ],
      coverage,
      approximate: exact ? [] : [msg('Count')],
    });
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    return this.renderRoot.querySelector<PlotElement>('exa-plot')?.image(format);
  }

  get #groupId(): string {
    return this.id || `histogram.${this.array}`;
  }

  #question(): HistogramQuestion | undefined {
    const { shape } = this.#head;
    if (!this.array || shape.length === 0 || shape.includes(0n)) return undefined;
    const part = (axis: number, extent: Extent | undefined) =>
      indexRangeOf(this.group, this.array, axis) ?? elementsIn(extent ?? wholeExtent(shape[axis]!));
    const ranges = shape.map((size, axis) => {
      if (axis === 0) return part(0, this.range);
      const isLast = axis === shape.length - 1;
      if (isLast && /^\d{1,20}$/.test(this.column ?? ''))
        return { start: BigInt(this.column!), end: BigInt(this.column!) + 1n };
      return isLast ? part(axis, this.columns) : { start: 0n, end: size };
    });
    return {
      array: this.array,
      start: ranges.map(({ start }) => start),
      end: ranges.map(({ end }) => end),
      bins,
    };
  }

  protected override hasPicture(): boolean {
    return (
      this.#answer.answer !== undefined || (this.#head.head !== undefined && this.#question() === undefined)
    );
  }

  #name(): string {
    return this.label ?? msg('Values in view');
  }

  protected override heading(): unknown {
    return html`<h3>${this.#name()}</h3>`;
  }

  protected override skeleton(): unknown {
    return html`<header>${this.heading()}</header><div class="skeleton"></div>`;
  }

  protected override view(): unknown {
    const answer = this.#answer.answer;
    const total = answer?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!answer || total === 0)
      return html`<header>${this.heading()}</header><p class="empty">${msg('Nothing written in view')}</p>`;
    const name = this.#name();
    return html`<header>
        <h3>${name}</h3>
        ${answer.exact ? nothing : html`<span class="badge" title=${msg('Counted from summaries: each at its mean')}>≈</span>`}
        <span class="readout" title=${answer.unwritten > 0n ? msg(str`${groupDigits(answer.unwritten)} unwritten`) : nothing}
          >${this.#readout(answer)}</span
        >
        <span class="tools">
          <button class="button quiet tool" title=${msg('Show as a table')} aria-pressed=${String(this.state.table)} @click=${() => void this.changeState({ table: !this.state.table })}>
            ${icon('table')}<span class="hidden-text">${msg('Show as a table')}</span>
          </button>
          ${cardMenu(this)}
        </span>
      </header>
      <p class="hidden-text">${this.#summary(answer, total)}</p>
      ${
        this.state.table
          ? this.#table(name, answer)
          : html`<div class="chart">
              <exa-plot .figure=${this.#figureOf(answer)} @exa-drawn=${this.#drawn}></exa-plot>
              <exa-brush-layer
                role="group"
                aria-label=${name}
                .area=${this.area}
                .bins=${answer.counts.length}
                .range=${this.moving ?? this.#selected(answer)}
                .binText=${(bin: number) => this.#binText(answer, bin)}
                @exa-range=${(event: RangeEvent) => this.#ranged(answer, event)}
                @exa-hover=${(event: CustomEvent<number | undefined>) => {
                  this.hover = event.detail;
                }}
              ></exa-brush-layer>
            </div>`
      }`;
  }

  #readout(answer: Histogram): unknown {
    const { hover } = this;
    const formats = formatsFor(this);
    if (hover !== undefined && hover < answer.counts.length)
      return html`${this.#binText(answer, hover)} · <b>${answer.exact ? '' : '≈ '}${formats.number(answer.counts[hover]!)}</b>`;
    const parts = [
      answer.nans > 0 ? msg(str`${formats.number(answer.nans)} NaN`) : '',
      answer.unwritten > 0n ? msg(str`${aboutText(answer.unwritten)} unwritten`) : '',
    ];
    return parts.filter(Boolean).join(' · ');
  }

  #binText({ edges }: Histogram, bin: number): string {
    const formats = formatsFor(this);
    return msg(str`${shortNumber(edges[bin] ?? 0, formats)} to ${shortNumber(edges[bin + 1] ?? 0, formats)}`);
  }

  #summary({ edges, counts }: Histogram, total: number): string {
    const formats = formatsFor(this);
    const most = counts.indexOf(counts.reduce((top, count) => Math.max(top, count), 0));
    const [low, high] = [edges[0] ?? 0, edges[counts.length] ?? 0];
    return msg(
      str`${formats.number(total)} values from ${shortNumber(low, formats)} to ${shortNumber(high, formats)}; most from ${shortNumber(edges[most] ?? 0, formats)} to ${shortNumber(edges[most + 1] ?? 0, formats)}.`,
    );
  }

  #table(name: string, answer: Histogram): unknown {
    const formats = formatsFor(this);
    return html`<div class="table" tabindex="0" role="region" aria-label=${name}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg('Values')}</th>
            <th scope="col">${msg('Count')}</th>
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            answer.counts,
            (count, bin) =>
              html`<tr>
                <th scope="row">${this.#binText(answer, bin)}</th>
                <td>${formats.number(count)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The bins of the range of values that is chosen, by whoever chose it. */
  #selected({ edges, counts }: Histogram): BinRange | undefined {
    const values = valueRangeOf(this.group, this.array);
    if (!values) return undefined;
    const [low, high] = [edges[0]!, edges[counts.length]!];
    const bin = (value: number): number =>
      Math.min(counts.length, Math.max(0, Math.round(((value - low) / (high - low)) * counts.length)));
    const range = { start: bin(values[0]), end: bin(values[1]) };
    return range.end > range.start ? range : undefined;
  }

  #ranged({ edges }: Histogram, { detail: { range, done } }: RangeEvent): void {
    this.moving = done ? undefined : range;
    if (!this.array) return;
    const filter = range && valueFilter(edges[range.start]!, edges[range.end]!);
    this.group?.set(this.#groupId, filter && { dataset: this.array, filter }, { live: !done });
  }

  #figureOf(answer: Histogram): (scheme: Scheme) => Figure {
    if (this.#figure?.of === answer) return this.#figure.make;
    const formats = formatsFor(this);
    const make = (scheme: Scheme): Figure =>
      histogramFigure({
        scheme,
        edges: answer.edges,
        counts: answer.counts,
        tick: (value) => shortNumber(value, formats),
        countTick: (value) => shortNumber(value, formats),
      });
    this.#figure = { of: answer, make };
    return make;
  }

  readonly #drawn = (event: CustomEvent<PlotArea>): void => {
    if (JSON.stringify(event.detail) !== JSON.stringify(this.area)) this.area = event.detail;
  };
}

defineGadget('exa-histogram', HistogramGadget);
