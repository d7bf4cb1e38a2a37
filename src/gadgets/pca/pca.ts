import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PcaPicture } from '../../protocol/fit-picture.ts';
import { significant } from '../fit/axis.ts';
import { mostNamedRows } from '../fit/brush-filter.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { defineGadget } from '../gadget.ts';
import { biplotFigure, screeFigure } from './pca.figure.ts';

export interface PcaState extends FitState {
  /** Components of the axes, from 0. */
  readonly shown: readonly [number, number];
}

/** Principal components: scores with loadings, and how much each component explains. */
export class PcaGadget extends PointsGadget<'pca', PcaState> {
  constructor() {
    super('pca');
  }

  protected override initialState(): PcaState {
    return { table: false, shown: [0, 1] };
  }

  protected override name(): string {
    return this.tableName ? msg(str`Principal components of ${this.tableName}`) : msg('Principal components');
  }

  protected override summary(picture: PcaPicture): string {
    const two = (picture.ratio[0] ?? 0) + (picture.ratio[1] ?? 0);
    return msg(
      str`The first two of ${picture.ratio.length} components explain ${this.formats.percent(two, { digits: 0 })} of the variance.`,
    );
  }

  #shown(picture: PcaPicture): readonly [number, number] {
    const last = picture.scores.length - 1;
    const [a, b] = this.state.shown;
    return [Math.min(a, last), Math.min(b, Math.max(last, 0))];
  }

  protected override controls(picture: PcaPicture): unknown {
    const count = picture.scores.length;
    if (count < 3) return nothing;
    const shown = this.#shown(picture);
    const choose = (place: 0 | 1) => (event: Event) => {
      const component = Number((event.target as HTMLSelectElement).value);
      const next: [number, number] = [...shown];
      next[place] = component;
      void this.changeState({ shown: next });
    };
    return ([0, 1] as const).map(
      (place) => html`<select
        aria-label=${place === 0 ? msg('Component across') : msg('Component up')}
        @change=${choose(place)}
      >
        ${Array.from(
          { length: count },
          (_, k) => html`<option value=${k} ?selected=${k === shown[place]}>${componentWord(k)}</option>`,
        )}
      </select>`,
    );
  }

  protected override chart(picture: PcaPicture): unknown {
    const { formats, hover } = this;
    const width = this.clientWidth;
    const shown = this.#shown(picture);
    const chart = { picture, terms: this.#terms(picture), shown, formats, width, componentWord };
    const key = [picture, formats, width, shown.join(), this.head.head];
    const scores = this.figureOf('scores', key, (scheme) => biplotFigure({ ...chart, scheme }));
    const scree = this.figureOf('scree', key, (scheme) => screeFigure({ ...chart, scheme }));
    const xs = picture.scores[shown[0]] ?? new Float64Array();
    const ys = picture.scores[shown[1]] ?? new Float64Array(xs.length);
    return html`
      <div class=${this.fit.isOld ? 'chart old' : 'chart'}>
        <exa-plot .figure=${scores} @exa-drawn=${this.drawn}></exa-plot>
        ${this.rowsBrush(xs, ys, picture.points.rows)}
      </div>
      <div class="readout">${
        hover === undefined
          ? this.group
            ? msg(str`Draw a rectangle to see its rows beside (at most ${mostNamedRows}).`)
            : nothing
          : this.pointWords(picture.features, picture.points, hover)
      }</div>
      <p class="meta">${msg('Variance explained by each component, and by all up to it')}</p>
      <div class="chart second"><exa-plot .figure=${scree}></exa-plot></div>
    `;
  }

  #terms(picture: PcaPicture): readonly string[] {
    const labels = new Map(
      picture.features.map((feature) => [feature.label, this.named(feature).label] as const),
    );
    return picture.terms.map((term) => labels.get(term) ?? term);
  }

  protected override facts(picture: PcaPicture): readonly Fact[] {
    const { formats } = this;
    let sum = 0;
    const enough = Array.from(picture.ratio).findIndex((share) => {
      sum += share;
      return sum >= 0.9;
    });
    return [
      [msg('Components'), String(picture.ratio.length)],
      [
        msg('First two explain'),
        formats.percent((picture.ratio[0] ?? 0) + (picture.ratio[1] ?? 0), { digits: 1 }),
      ],
      ...(enough < 0 ? [] : ([[msg('90 % takes'), String(enough + 1)]] as const)),
    ];
  }

  protected override tableOf(picture: PcaPicture): unknown {
    const components = picture.loadings.slice(0, 8);
    const { formats } = this;
    return html`<table>
      <caption>${msg('Loadings: how much each term weighs in a component')}</caption>
      <thead>
        <tr>
          <th scope="col">${msg('Term')}</th>
          ${components.map((_, k) => html`<th scope="col" class="amount">${componentWord(k)}</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">${msg('Variance explained')}</th>
          ${components.map((_, k) => html`<td>${formats.percent(picture.ratio[k] ?? 0, { digits: 1 })}</td>`)}
        </tr>
        ${this.#terms(picture).map(
          (term, j) => html`<tr>
            <th scope="row">${term}</th>
            ${components.map((loading) => html`<td>${formats.number(significant(loading[j] ?? 0, 3))}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

function componentWord(component: number): string {
  return msg(str`Component ${component + 1}`);
}

defineGadget('exa-pca', PcaGadget);
