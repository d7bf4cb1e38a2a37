import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { DrawnPoints, RegressionPicture } from '../../protocol/fit-picture.ts';
import { weightsFigure } from '../classifier/classifier.figure.ts';
import { significant } from '../fit/axis.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { tabList } from '../fit/tab-list.ts';
import { defineGadget } from '../gadget.ts';
import { curveFigure, predictedFigure } from './regression.figure.ts';

export const regressionTabs = ['predicted', 'curve', 'weights'] as const;
export type RegressionTab = (typeof regressionTabs)[number];

export interface RegressionState extends FitState {
  readonly tab: RegressionTab;
}

/** A regression: what it says against what is, along a feature, and what it weighs. */
export class RegressionGadget extends PointsGadget<'regression', RegressionState> {
  constructor() {
    super('regression');
  }

  protected override initialState(): RegressionState {
    return { table: false, tab: 'predicted' };
  }

  protected override name(): string {
    const target = this.fit.request?.target;
    return target === undefined ? msg('Regression') : msg(str`Estimate of ${this.columnName(target)}`);
  }

  protected override summary(picture: RegressionPicture): string {
    return msg(
      str`${this.methodName()}: R² ${significant(picture.r2, 3)}, mean error ${this.formats.number(significant(picture.mae, 3))}, over ${this.formats.number(picture.judged)} rows.`,
    );
  }

  protected override chart(picture: RegressionPicture): unknown {
    const weights = picture.coefficients ?? picture.importances;
    const tabs = (
      [
        { id: 'predicted', label: msg('Told against true'), has: true },
        { id: 'curve', label: msg('Along a feature'), has: picture.curve !== undefined },
        {
          id: 'weights',
          label: picture.coefficients ? msg('Coefficients') : msg('Weights'),
          has: weights !== undefined,
        },
      ] as const
    ).filter(({ has }) => has);
    const tab = tabs.some(({ id }) => id === this.state.tab) ? this.state.tab : 'predicted';
    return html`
      ${tabList({
        label: msg('Pictures of the regression'),
        tabs,
        chosen: tab,
        choose: (id) => void this.changeState({ tab: id }),
      })}
      <div role="tabpanel" aria-label=${tabs.find(({ id }) => id === tab)?.label ?? ''} style="display:flex;flex:1;flex-direction:column;min-width:0" tabindex=${tab === 'weights' ? 0 : nothing}>
        ${this.#panel(picture, tab)}
      </div>
    `;
  }

  #panel(picture: RegressionPicture, tab: RegressionTab): unknown {
    const { formats, hover } = this;
    const width = this.clientWidth;
    const weights = picture.coefficients ?? picture.importances;
    if (tab === 'weights' && weights) {
      const title = picture.coefficients ? msg('coefficient') : msg('weight');
      const labels = new Map(
        picture.features.map((feature) => [feature.label, this.named(feature).label] as const),
      );
      const named = { terms: weights.terms.map((term) => labels.get(term) ?? term), values: weights.values };
      const figure = this.figureOf(tab, [picture, formats, this.head.head], (scheme) =>
        weightsFigure(named, { scheme, formats, title }),
      );
      return html`<div class="chart"><exa-plot .figure=${figure}></exa-plot></div>`;
    }
    const first = picture.features[picture.axes[0]]!;
    const x = this.named(first);
    const target = this.named(picture.target);
    const words = {
      actual: msg(str`${target.label}, as it is`),
      predicted: msg(str`${target.label}, as told`),
    };
    const figure = this.figureOf(tab, [picture, formats, width, tab, this.head.head], (scheme) => {
      const chart = { picture, x, target, scheme, formats, width, words };
      return tab === 'curve' ? curveFigure(chart) : predictedFigure(chart);
    });
    const xs = picture.points.columns[picture.axes[0]] ?? new Float64Array();
    const points: DrawnPoints = {
      rows: picture.points.rows,
      columns: tab === 'curve' ? [xs, picture.actual] : [picture.actual, picture.predicted],
    };
    return html`<div class=${this.fit.isOld ? 'chart old' : 'chart'}>
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
        ${tab === 'curve' ? this.featureBrush([first, picture.target], [0, 1], points) : this.rowsBrush(picture.actual, picture.predicted, picture.points.rows)}
      </div>
      <div class="readout">${
        hover === undefined
          ? nothing
          : html`${msg('is')} <b>${formats.number(significant(picture.actual[hover] ?? 0))}</b>, ${msg('told')} <b>${formats.number(significant(picture.predicted[hover] ?? 0))}</b> · ${this.pointWords(picture.features, picture.points, hover)}`
      }</div>`;
  }

  protected override facts(picture: RegressionPicture): readonly Fact[] {
    const { formats } = this;
    return [
      ['R²', formats.number(significant(picture.r2, 4))],
      [msg('Mean error'), formats.number(significant(picture.mae, 4))],
      [msg('Root mean square'), formats.number(significant(picture.rmse, 4))],
      ...(picture.alpha === undefined
        ? []
        : ([['α', formats.number(significant(picture.alpha, 4))]] as const)),
      [
        picture.heldOut ? msg('Judged by rows kept apart') : msg('Judged by what it learnt from'),
        formats.number(picture.judged),
      ],
    ];
  }

  protected override tableOf(picture: RegressionPicture): unknown {
    const weights = picture.coefficients ?? picture.importances;
    const { formats } = this;
    if (!weights)
      return html`<table>
        <caption>${msg('Rows judged')}</caption>
        <thead><tr><th scope="col">${msg('Row')}</th><th scope="col" class="amount">${msg('Is')}</th><th scope="col" class="amount">${msg('Told')}</th></tr></thead>
        <tbody>
          ${Array.from(picture.points.rows)
            .slice(0, 50)
            .map(
              (row, i) => html`<tr>
                <th scope="row">${this.rowLink(row)}</th>
                <td>${formats.number(significant(picture.actual[i]!))}</td>
                <td>${formats.number(significant(picture.predicted[i]!))}</td>
              </tr>`,
            )}
        </tbody>
      </table>`;
    const order = weights.terms
      .map((_, j) => j)
      .sort((one, other) => Math.abs(weights.values[other]!) - Math.abs(weights.values[one]!));
    return html`<table>
      <caption>${picture.coefficients ? msg('Coefficients') : msg('Weights')}</caption>
      <thead><tr><th scope="col">${msg('Term')}</th><th scope="col" class="amount">${msg('Value')}</th></tr></thead>
      <tbody>
        ${order.map((j) => html`<tr><th scope="row">${weights.terms[j]}</th><td>${formats.number(significant(weights.values[j]!, 5))}</td></tr>`)}
        ${picture.intercept === undefined ? nothing : html`<tr><th scope="row">${msg('Constant')}</th><td>${formats.number(significant(picture.intercept, 5))}</td></tr>`}
      </tbody>
    </table>`;
  }
}

defineGadget('exa-regression', RegressionGadget);
