import { msg, str } from '@lit/localize';
import { type CSSResultGroup, html, nothing, type PropertyDeclarations } from 'lit';
import { cardStyles } from '../card.styles.ts';
import { chartStyles } from '../chart.styles.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import type { Phase } from '../phase.ts';
import type { PlotArea } from '../plot/figure.ts';
import { KeptFigure, type MakeFigure } from '../plot/kept-figure.ts';
import '../plot/plot.ts';
import type { PlotElement } from '../plot/plot.ts';
import { graphFigure, seriesStyle } from './graph.figure.ts';
import { graphStyles } from './graph.styles.ts';
import { type Graph, labelsOf, parseGraph } from './graph.value.ts';

/** What is drawn, in ERP5's words (see {@link parseGraph}), and chart or table. */
export interface GraphState {
  readonly value: object | null;
  readonly table: boolean;
}

/** `exa-select`: a mark was chosen. */
export type GraphSelectEvent = CustomEvent<{ readonly label: string; readonly series: string }>;

/** Most marks that can be pressed: more are too thin to meet. */
const mostMarks = 120;

/**
 * Draws values given by a host, as ERP5's forms give them (`state.value`): bars, lines or points. A pressed mark is told
 * by `exa-select` (bubbles, composed, cancelable).
 */
export class GraphGadget extends Gadget<GraphState> {
  static override styles: CSSResultGroup = [gadgetStyles, cardStyles, chartStyles, graphStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getImage'];
  static override properties: PropertyDeclarations = { area: { state: true } };

  declare area: PlotArea | undefined;

  #read: { readonly value: object; readonly graph: Graph } | undefined;
  readonly #figure = new KeptFigure();

  protected override initialState(): GraphState {
    return { value: null, table: false };
  }

  /** The picture as a data URL: `png` (default) or `svg`. */
  async getImage(format: 'png' | 'svg' = 'png'): Promise<string | undefined> {
    return this.renderRoot.querySelector<PlotElement>('exa-plot')?.image(format);
  }

  protected override ownPhase(_: Phase): Phase {
    return this.state.value === null ? 'idle' : 'ready';
  }

  protected override onStateChange(changed: Partial<GraphState>): void {
    if (!('value' in changed)) return;
    const { value } = this.state;
    this.#read = undefined;
    // What failed was another value.
    this.retry();
    if (value !== null) this.#read = { value, graph: parseGraph(value) };
  }

  protected override hasPicture(): boolean {
    return this.#read !== undefined;
  }

  protected override view(): unknown {
    const graph = this.#read?.graph;
    if (!graph) return nothing;
    const labels = labelsOf(graph);
    const name = this.#name(graph);
    return html`
      <header>
        <h3>${name}</h3>
        <button
          class="button quiet small"
          aria-pressed=${this.state.table}
          @click=${() => void this.changeState({ table: !this.state.table })}
        >
          ${icon('table')}<span class="hidden-text">${msg('Show as a table')}</span>
        </button>
      </header>
      ${labels.length === 0 ? html`<p class="empty">${msg('Nothing to draw')}</p>` : this.#filled(graph, labels)}
    `;
  }

  #filled(graph: Graph, labels: readonly string[]): unknown {
    const name = this.#name(graph);
    return html`
      <p class="hidden-text">${this.#summary(graph)}</p>
      ${
        this.state.table
          ? this.#table(graph, labels)
          : html`${this.#legend(graph)}
          <div class="chart" role="group" aria-label=${name}>
            <exa-plot .figure=${this.#figureOf(graph)} @exa-drawn=${this.#onDrawn}></exa-plot>
            ${this.#marks(graph, labels)}
          </div>`
      }
    `;
  }

  #name({ title, series }: Graph): string {
    return title || series[0]?.title || msg('Graph');
  }

  #legend({ series }: Graph): unknown {
    if (series.length < 2) return nothing;
    return html`<ul class="legend">
      ${series.map(({ title }, at) => {
        const [light, dark] = [seriesStyle(at, 'light').color, seriesStyle(at, 'dark').color];
        return html`<li style="border-color:light-dark(${light}, ${dark})">${title}</li>`;
      })}
    </ul>`;
  }

  /** Buttons over the marks: one a label, side by side where bars are. */
  #marks({ series }: Graph, labels: readonly string[]): unknown {
    const { area } = this;
    if (!area || labels.length * series.length > mostMarks) return nothing;
    const slot = area.width / labels.length;
    const wide = (slot * 0.85) / series.length;
    return series.flatMap((one, k) =>
      one.labels.map((label, i) => {
        const left = area.left + labels.indexOf(label) * slot + slot * 0.075 + k * wide;
        const box = `left:${left}px;top:${area.top}px;width:${wide}px;height:${area.height}px`;
        return html`<button
          class="mark"
          style=${box}
          aria-label=${this.#markWords(label, one.title, one.values[i] ?? null)}
          title=${this.#markWords(label, one.title, one.values[i] ?? null)}
          @click=${() => this.#select(label, one.title)}
        ></button>`;
      }),
    );
  }

  #markWords(label: string, series: string, value: number | null): string {
    return `${[label, series].filter((part) => part !== '').join(', ')}: ${formatsFor(this).number(value)}`;
  }

  #select(label: string, series: string): void {
    this.dispatchEvent(
      new CustomEvent('exa-select', {
        bubbles: true,
        composed: true,
        cancelable: true,
        detail: { label, series },
      }) satisfies GraphSelectEvent,
    );
  }

  #summary(graph: Graph): string {
    const [name, formats] = [this.#name(graph), formatsFor(this)];
    const tops = graph.series.flatMap(({ title, labels, values }) => {
      const most = values.reduce<number>(
        (best, value, at) => ((value ?? 0) > (values[best] ?? 0) ? at : best),
        0,
      );
      return labels.length === 0
        ? []
        : [`${title || name}: ${labels[most]} (${formats.number(values[most])})`];
    });
    const most = formats.list(tops);
    return msg(str`${name}. Most: ${most}.`);
  }

  #table({ series, xTitle }: Graph, labels: readonly string[]): unknown {
    const formats = formatsFor(this);
    const values = series.map((one) => new Map(one.labels.map((label, at) => [label, one.values[at]])));
    return html`<div class="table" tabindex="0" role="region" aria-label=${xTitle || msg('Values')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${xTitle || msg('Label')}</th>
            ${series.map(({ title }) => html`<th scope="col" class="amount">${title || msg('Value')}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${labels.map(
            (label) => html`<tr>
              <th scope="row">${label}</th>
              ${values.map((one) => html`<td>${formats.number(one.get(label))}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #figureOf(graph: Graph): MakeFigure {
    const [formats, width] = [formatsFor(this), this.clientWidth];
    const yTick = (value: number): string => formats.compact(value);
    return this.#figure.of(
      [graph, formats, width],
      () => (scheme) => graphFigure({ graph, scheme, width, yTick }),
    );
  }

  readonly #onDrawn = (event: CustomEvent<PlotArea>): void => {
    if (JSON.stringify(event.detail) !== JSON.stringify(this.area)) this.area = event.detail;
  };
}

defineGadget('exa-graph', GraphGadget);
