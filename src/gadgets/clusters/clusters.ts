import { msg, str } from '@lit/localize';
import { html, nothing, svg } from 'lit';
import type { ClustersPicture } from '../../protocol/fit-picture.ts';
import { featureText, significant } from '../fit/axis.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { legendSymbol, seriesStyle } from '../fit/series-style.ts';
import { defineGadget } from '../gadget.ts';
import { schemeOf } from '../theme/palette.ts';
import { clusterLabels, clustersFigure } from './clusters.figure.ts';

/** Rows gathered in clusters: k-means, mini-batch k-means, spectral clustering or mean shift. */
export class ClustersGadget extends PointsGadget<'clusters'> {
  constructor() {
    super('clusters');
  }

  protected override initialState(): FitState {
    return { table: false };
  }

  protected override name(): string {
    return this.tableName ? msg(str`Clusters of ${this.tableName}`) : msg('Clusters');
  }

  protected override summary(picture: ClustersPicture): string {
    const sizes = this.formats.list(picture.counts.map((count) => this.formats.number(count)));
    return msg(str`${this.methodName()}: ${picture.counts.length} clusters of ${sizes} rows.`);
  }

  protected override chart(picture: ClustersPicture): unknown {
    const [x, y] = picture.axes.map((axis) => this.named(picture.features[axis]!));
    if (!x || !y) return nothing;
    const { formats, hover } = this;
    const width = this.clientWidth;
    const figure = this.figureOf('chart', [picture, formats, width, this.head.head], (scheme) =>
      clustersFigure({ picture, x, y, scheme, formats, width }),
    );
    return html`
      <div class=${this.fit.isOld ? 'chart old' : 'chart'}>
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
        ${this.featureBrush(picture.features, picture.axes, picture.points)}
      </div>
      ${this.#legend(picture)}
      <div class="readout">${
        hover === undefined
          ? nothing
          : html`${clusterName(picture.labels[hover] ?? -1)} · ${this.pointWords(picture.features, picture.points, hover)}`
      }</div>
    `;
  }

  #legend(picture: ClustersPicture): unknown {
    const scheme = schemeOf(this);
    const total = picture.counts.reduce((sum, count) => sum + count, 0);
    return html`<ul class="legend">
      ${clusterLabels(picture).map((label) => {
        const { color, symbol } = seriesStyle(label, scheme);
        const count = picture.counts[label];
        return html`<li>
          <svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${legendSymbol(symbol)} fill=${color} />`}</svg>
          <span>${clusterName(label)}${
            count === undefined
              ? nothing
              : html` <span class="meta">${this.formats.compact(count)} · ${this.formats.percent(total ? count / total : 0, { digits: 0 })}</span>`
          }</span>
        </li>`;
      })}
    </ul>`;
  }

  protected override facts(picture: ClustersPicture): readonly Fact[] {
    const { formats } = this;
    return [
      [msg('Clusters'), String(picture.counts.length)],
      ...(picture.inertia === undefined
        ? []
        : ([[msg('Inertia'), formats.number(significant(picture.inertia))]] as const)),
      ...(picture.silhouette === undefined
        ? []
        : ([[msg('Silhouette'), formats.number(significant(picture.silhouette, 3))]] as const)),
    ];
  }

  protected override tableOf(picture: ClustersPicture): unknown {
    const features = picture.features.map((feature) => this.named(feature));
    return html`<table>
      <caption>${msg('Centres and sizes')}</caption>
      <thead>
        <tr>
          <th scope="col">${msg('Cluster')}</th>
          <th scope="col" class="amount">${msg('Rows')}</th>
          ${picture.centers.length > 0 ? features.map((feature) => html`<th scope="col" class="amount">${feature.label}</th>`) : nothing}
        </tr>
      </thead>
      <tbody>
        ${picture.counts.map(
          (count, k) => html`<tr>
            <th scope="row">${clusterName(k)}</th>
            <td>${this.formats.number(count)}</td>
            ${
              picture.centers[k]
                ? features.map(
                    (feature, j) =>
                      html`<td>${featureText(feature, picture.centers[k]![j] ?? Number.NaN, this.formats)}</td>`,
                  )
                : nothing
            }
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

function clusterName(label: number): string {
  return label < 0 ? msg('No cluster') : msg(str`Cluster ${label + 1}`);
}

defineGadget('exa-clusters', ClustersGadget);
