import { msg, str } from '@lit/localize';
import { html, nothing, svg } from 'lit';
import type { OutliersPicture } from '../../protocol/fit-picture.ts';
import { featureText, significant } from '../fit/axis.ts';
import { rowsFilter } from '../fit/brush-filter.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { legendSymbol } from '../fit/series-style.ts';
import { defineGadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { outliersFigure } from './outliers.figure.ts';

/**
 * Rows that differ from the rest, with the boundary that tells them apart: one-class SVM, elliptic envelope or
 * isolation forest. Brushing filters by the features' ranges; a row opens its record.
 */
export class OutliersGadget extends PointsGadget<'outliers'> {
  constructor() {
    super('outliers');
  }

  protected override initialState(): FitState {
    return { table: false };
  }

  protected override name(): string {
    return this.tableName ? msg(str`Outliers of ${this.tableName}`) : msg('Outliers');
  }

  protected override summary(picture: OutliersPicture): string {
    const count = this.formats.number(picture.outliers);
    const judged = this.formats.number(picture.judged);
    return msg(str`${this.methodName()}: ${count} of ${judged} rows are outliers.`);
  }

  protected override chart(picture: OutliersPicture): unknown {
    const [x, y] = picture.axes.map((axis) => this.named(picture.features[axis]!));
    if (!x || !y) return nothing;
    const { formats } = this;
    const width = this.clientWidth;
    const figure = this.figureOf('chart', [picture, formats, width, this.head.head], (scheme) =>
      outliersFigure({ picture, x, y, scheme, formats, width }),
    );
    const { hover } = this;
    return html`
      <div class=${this.fit.isOld ? 'chart old' : 'chart'}>
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
        ${this.featureBrush(picture.features, picture.axes, picture.points)}
      </div>
      <div class="readout">${
        hover === undefined
          ? this.#legend()
          : html`${this.pointWords(picture.features, picture.points, hover)} · ${msg('score')} ${formats.number(significant(picture.scores[hover] ?? Number.NaN, 4))}`
      }</div>
    `;
  }

  #legend(): unknown {
    const mark = (symbol: string, color: string, text: string): unknown =>
      html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${legendSymbol(symbol)} fill=${color} />`}</svg>${text}</li>`;
    return html`<ul class="legend">
      ${mark('circle', 'var(--exa-series-1)', msg('inside'))} ${mark('diamond', 'var(--exa-series-2)', msg('outliers'))}
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 7h14" stroke="var(--exa-series-2)" stroke-width="2" />`}</svg>${msg('boundary, decision 0')}</li>
    </ul>`;
  }

  protected override facts(picture: OutliersPicture): readonly Fact[] {
    const { formats } = this;
    const { extremes } = picture;
    const share = picture.judged > 0 ? picture.outliers / picture.judged : 0;
    const dataset = this.fit.request?.dataset;
    const filter = rowsFilter(Array.from(extremes.rows));
    return [
      [
        msg('Outliers'),
        msg(
          str`${formats.number(picture.outliers)} of ${formats.number(picture.judged)} (${formats.percent(share, { digits: 1 })})`,
        ),
      ],
      [
        msg('Farthest out'),
        html`${Array.from(extremes.rows)
          .slice(0, 3)
          .map((row, i) => html`${i > 0 ? ', ' : ''}${this.rowLink(row)}`)}`,
      ],
      ...(this.group && dataset !== undefined && filter
        ? ([
            [
              '',
              html`<button class="link" @click=${() => this.group?.set(this.rowsId, { dataset, filter })}>
                ${icon('filter')}${msg(str`Show the ${extremes.rows.length} farthest`)}
              </button>`,
            ],
          ] as const)
        : []),
    ];
  }

  protected override tableOf(picture: OutliersPicture): unknown {
    const { extremes } = picture;
    const features = picture.features.map((feature) => this.named(feature));
    return html`<table>
      <caption>${msg('The rows farthest out')}</caption>
      <thead>
        <tr>
          <th scope="col">${msg('Row')}</th>
          <th scope="col" class="amount">${msg('Score')}</th>
          ${features.map((feature) => html`<th scope="col" class="amount">${feature.label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from(extremes.rows).map(
          (row, i) => html`<tr>
            <th scope="row">${this.rowLink(row)}</th>
            <td>${this.formats.number(significant(extremes.scores[i]!, 4))}</td>
            ${features.map((feature, j) => html`<td>${featureText(feature, extremes.columns[j]![i]!, this.formats)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

defineGadget('exa-outliers', OutliersGadget);
