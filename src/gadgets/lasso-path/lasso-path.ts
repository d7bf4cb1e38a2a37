import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { LassoPathPicture } from '../../protocol/fit-picture.ts';
import { significant } from '../fit/axis.ts';
import { type Fact, FitGadget, type FitState } from '../fit/fit-gadget.ts';
import { defineGadget } from '../gadget.ts';
import { coefText, pathFigure } from './lasso-path.figure.ts';

/**
 * Which terms a penalised regression keeps as its penalty weakens, and the penalty that predicts best by
 * cross-validation.
 */
export class LassoPathGadget extends FitGadget<'lasso-path'> {
  constructor() {
    super('lasso-path');
  }

  protected override initialState(): FitState {
    return { table: false };
  }

  protected override name(): string {
    const target = this.fit.request?.target;
    return target === undefined ? msg('Lasso path') : msg(str`What drives ${this.columnName(target)}`);
  }

  protected override summary(picture: LassoPathPicture): string {
    const kept = picture.chosen.filter((value) => value !== 0).length;
    return msg(
      str`${this.methodName()}: at the penalty ${significant(picture.alpha, 3)}, ${kept} of ${picture.terms.length} terms are kept; R² ${significant(picture.r2, 3)}.`,
    );
  }

  /** Terms after one-hot encoding name the column and the value; those that are a column get its label. */
  #terms(picture: LassoPathPicture): readonly string[] {
    const labels = new Map(
      picture.features.flatMap((feature) => {
        const { label } = this.named(feature);
        return [[feature.label, label] as const, [feature.column, label] as const];
      }),
    );
    return picture.terms.map((term) => labels.get(term) ?? term);
  }

  protected override chart(picture: LassoPathPicture): unknown {
    const terms = this.#terms(picture);
    const { formats, hover } = this;
    const width = this.clientWidth;
    const height = this.renderRoot.querySelector('.chart')?.clientHeight ?? 340;
    const { alphas, cv } = picture;
    const best = cv ? significant(alphas[cv.best]!, 2) : '';
    const figure = this.figureOf(
      'chart',
      [picture, formats, width, height, hover, this.head.head],
      (scheme) =>
        pathFigure({
          picture,
          terms,
          scheme,
          formats,
          width,
          height,
          hover,
          words: {
            best: msg(str`best: λ = ${best}`),
            oneSe: width < 560 ? msg('within 1 SE') : msg('simplest within 1 SE'),
            penalty: msg('penalty λ (strong to weak)'),
            coefficient: width < 420 ? msg('coefficient') : msg('standardised coefficient'),
            error: width < 420 ? msg('error') : msg('squared error'),
          },
        }),
    );
    return html`
      <div class=${this.fit.isOld ? 'chart tall old' : 'chart tall'} @pointermove=${(event: PointerEvent) => this.#point(event, picture)} @pointerleave=${() => {
        this.hover = undefined;
      }}>
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
      </div>
      <div class="readout" role="status">${
        hover === undefined
          ? msg('Point at a line to name its term.')
          : html`<b>${terms[hover]}</b> · ${msg(str`at the best penalty ${coefText(picture.chosen[hover] ?? 0, formats)}`)} · ${this.#entry(picture, hover)}`
      }</div>
    `;
  }

  #entry(picture: LassoPathPicture, term: number): string {
    const at = picture.coefs[term]!.findIndex((value) => value !== 0);
    return at < 0 ? msg('never kept') : msg(str`kept from λ = ${significant(picture.alphas[at]!, 2)} on`);
  }

  #point(event: PointerEvent, picture: LassoPathPicture): void {
    const { area } = this;
    if (!area) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const px = event.clientX - box.left - area.left;
    const log = area.x[0] + (px / area.width) * (area.x[1] - area.x[0]);
    const y = area.y[1] - ((event.clientY - box.top - area.top) / area.height) * (area.y[1] - area.y[0]);
    const at = nearestIndex(picture.alphas, log);
    const reach = ((area.y[1] - area.y[0]) / area.height) * 16;
    let best: number | undefined;
    let least = reach;
    picture.coefs.forEach((path, j) => {
      const distance = Math.abs((path[at] ?? 0) - y);
      if (distance < least) {
        least = distance;
        best = j;
      }
    });
    if (best !== this.hover) this.hover = best;
  }

  protected override facts(picture: LassoPathPicture): readonly Fact[] {
    const { formats } = this;
    const kept = picture.chosen.filter((value) => value !== 0).length;
    return [
      ['λ', formats.number(significant(picture.alpha, 4))],
      [msg('Terms kept'), msg(str`${kept} of ${picture.terms.length}`)],
      ['R²', formats.number(significant(picture.r2, 4))],
      ...(picture.cv ? ([[msg('Folds'), String(picture.cv.folds)]] as const) : []),
    ];
  }

  protected override tableOf(picture: LassoPathPicture): unknown {
    const terms = this.#terms(picture);
    const order = Array.from(picture.chosen.keys()).sort(
      (one, other) => Math.abs(picture.chosen[other]!) - Math.abs(picture.chosen[one]!) || one - other,
    );
    return html`<table>
      <caption>${msg(str`Coefficients at λ = ${significant(picture.alpha, 4)}`)}</caption>
      <thead>
        <tr>
          <th scope="col">${msg('Term')}</th>
          <th scope="col" class="amount">${msg('Coefficient')}</th>
          <th scope="col" class="amount">${msg('Kept from λ')}</th>
        </tr>
      </thead>
      <tbody>
        ${order.map((j) => {
          const at = picture.coefs[j]!.findIndex((value) => value !== 0);
          return html`<tr>
            <th scope="row">${terms[j]}</th>
            <td>${coefText(picture.chosen[j]!, this.formats)}</td>
            <td>${at < 0 ? '—' : this.formats.number(significant(picture.alphas[at]!, 3))}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }
}

function nearestIndex(alphas: Float64Array, log: number): number {
  let best = 0;
  for (let k = 1; k < alphas.length; k++)
    if (Math.abs(Math.log10(alphas[k]!) - log) < Math.abs(Math.log10(alphas[best]!) - log)) best = k;
  return best;
}

defineGadget('exa-lasso-path', LassoPathGadget);
