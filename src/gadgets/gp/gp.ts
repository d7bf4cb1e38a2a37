import { msg, str } from '@lit/localize';
import { html, nothing, svg } from 'lit';
import type { GpPicture } from '../../protocol/fit-picture.ts';
import { featureText, significant } from '../fit/axis.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { legendSymbol } from '../fit/series-style.ts';
import { defineGadget } from '../gadget.ts';
import { band95, gpFigure } from './gp.figure.ts';

export interface GpState extends FitState {
  /** Functions drawn from the posterior are shown. */
  readonly samples: boolean;
}

/** A Gaussian process's prediction with its 95 % interval and the observations. */
export class GpGadget extends PointsGadget<'gp', GpState> {
  constructor() {
    super('gp');
  }

  protected override initialState(): GpState {
    return { table: false, samples: false };
  }

  protected override name(): string {
    const target = this.fit.request?.target;
    return target === undefined ? msg('Prediction') : msg(str`Prediction of ${this.columnName(target)}`);
  }

  protected override summary(picture: GpPicture): string {
    const { x, mean, sd } = picture;
    const last = mean.length - 1;
    const feature = this.named(picture.features[picture.axes[0]]!);
    const half = significant(band95 * (sd[last] ?? 0), 3);
    return msg(
      str`At ${feature.label} ${featureText(feature, x[last] ?? 0, this.formats)} the prediction is ${this.formats.number(significant(mean[last] ?? 0, 4))}, give or take ${half}.`,
    );
  }

  protected override controls(picture: GpPicture): unknown {
    if (picture.samples.length === 0) return nothing;
    return html`<button
      class="button quiet toggle"
      aria-pressed=${this.state.samples}
      @click=${() => void this.changeState({ samples: !this.state.samples })}
    >
      ${msg('Samples')}
    </button>`;
  }

  protected override chart(picture: GpPicture): unknown {
    const x = this.named(picture.features[picture.axes[0]]!);
    const target = this.named(picture.target);
    const { formats } = this;
    const { samples } = this.state;
    const width = this.clientWidth;
    const figure = this.figureOf('chart', [picture, formats, width, samples, this.head.head], (scheme) =>
      gpFigure({ picture, x, target, scheme, formats, width, samples }),
    );
    const xs = picture.points.columns[picture.axes[0]] ?? new Float64Array();
    const { hover } = this;
    return html`
      <div class=${this.fit.isOld ? 'chart old' : 'chart'}>
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
        ${this.#brush(picture, xs)}
      </div>
      <div class="readout">${
        hover === undefined
          ? this.#legend(picture)
          : html`${x.label} ${featureText(x, xs[hover] ?? 0, formats)} · ${msg('observed')} ${formats.number(significant(picture.observed[hover] ?? 0))} · ${this.#said(picture, xs[hover] ?? 0)}`
      }</div>
    `;
  }

  #said(picture: GpPicture, at: number): string {
    const { x, mean, sd } = picture;
    let near = 0;
    for (let i = 1; i < x.length; i++) if (Math.abs(x[i]! - at) < Math.abs(x[near]! - at)) near = i;
    const value = this.formats.number(significant(mean[near] ?? 0, 4));
    const half = this.formats.number(significant(band95 * (sd[near] ?? 0), 3));
    return msg(str`predicted ${value} ± ${half}`);
  }

  #brush(picture: GpPicture, xs: Float64Array): unknown {
    const x = picture.features[picture.axes[0]]!;
    // The target is an axis too: brushing both ranges is exact.
    return this.featureBrush([x, picture.target], [0, 1], {
      rows: picture.points.rows,
      columns: [xs, picture.observed],
    });
  }

  #legend(picture: GpPicture): unknown {
    return html`<ul class="legend">
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 7h14" stroke="var(--exa-series-1)" stroke-width="2.25" />`}</svg>${msg('prediction')}</li>
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 2h14v10H0z" fill="var(--exa-series-1)" opacity="0.22" />`}</svg>${msg('95 % interval')}</li>
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${legendSymbol('circle')} fill="var(--exa-series-2)" />`}</svg>${msg('observations')}</li>
      ${
        this.state.samples && picture.samples.length > 0
          ? html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 9c4-9 8 6 14-4" fill="none" stroke="var(--exa-series-1)" opacity="0.6" />`}</svg>${msg(str`${picture.samples.length} functions drawn from the posterior`)}</li>`
          : nothing
      }
    </ul>`;
  }

  protected override facts(picture: GpPicture): readonly Fact[] {
    const { formats } = this;
    return [
      [msg('Kernel'), html`<code>${picture.kernel}</code>`],
      [msg('Log marginal likelihood'), formats.number(significant(picture.logMarginalLikelihood))],
      ...picture.hyperparameters
        .filter(({ atBound }) => atBound)
        .map(
          ({ name, value }): Fact => [
            msg('At its bound'),
            html`<code>${name} = ${significant(value, 3)}</code>`,
          ],
        ),
    ];
  }

  protected override tableOf(picture: GpPicture): unknown {
    const x = this.named(picture.features[picture.axes[0]]!);
    const { formats } = this;
    const every = Math.max(1, Math.floor(picture.x.length / 50));
    const shown = Array.from(picture.x.keys()).filter((i) => i % every === 0 || i === picture.x.length - 1);
    return html`<table>
      <caption>${msg(str`Prediction of ${this.named(picture.target).label}`)}</caption>
      <thead>
        <tr>
          <th scope="col">${x.label}</th>
          <th scope="col" class="amount">${msg('Prediction')}</th>
          <th scope="col" class="amount">${msg('95 % from')}</th>
          <th scope="col" class="amount">${msg('to')}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((i) => {
          const [mean, half] = [picture.mean[i]!, band95 * picture.sd[i]!];
          const cell = (value: number): string => formats.number(significant(value, 5));
          return html`<tr>
            <th scope="row">${featureText(x, picture.x[i]!, formats)}</th>
            <td>${cell(mean)}</td>
            <td>${cell(mean - half)}</td>
            <td>${cell(mean + half)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }
}

defineGadget('exa-gp', GpGadget);
