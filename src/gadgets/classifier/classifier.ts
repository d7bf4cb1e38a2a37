import { msg, str } from '@lit/localize';
import { html, nothing, svg } from 'lit';
import type { ClassifierPicture } from '../../protocol/fit-picture.ts';
import { significant } from '../fit/axis.ts';
import type { Fact, FitState } from '../fit/fit-gadget.ts';
import { PointsGadget } from '../fit/points-gadget.ts';
import { legendSymbol, seriesStyle } from '../fit/series-style.ts';
import { tabList } from '../fit/tab-list.ts';
import { defineGadget } from '../gadget.ts';
import type { Figure } from '../plot/figure.ts';
import { type Scheme, schemeOf } from '../theme/palette.ts';
import { calibrationFigure, curvesFigure, regionsFigure, weightsFigure } from './classifier.figure.ts';
import { confusionTable } from './confusion-table.ts';

/** Pictures of a classifier. */
export const classifierTabs = ['regions', 'confusion', 'roc', 'pr', 'calibration', 'weights'] as const;
export type ClassifierTab = (typeof classifierTabs)[number];

export interface ClassifierState extends FitState {
  readonly tab: ClassifierTab;
}

/** A classifier: its regions, its confusions, ROC, precision and recall, calibration, what it weighs. */
export class ClassifierGadget extends PointsGadget<'classifier', ClassifierState> {
  constructor() {
    super('classifier');
  }

  protected override initialState(): ClassifierState {
    return { table: false, tab: 'regions' };
  }

  protected override name(): string {
    const target = this.fit.request?.target;
    return target === undefined ? msg('Classifier') : msg(str`Telling ${this.columnName(target)} apart`);
  }

  protected override summary(picture: ClassifierPicture): string {
    return msg(
      str`${this.methodName()}: ${this.formats.percent(picture.accuracy, { digits: 1 })} of ${this.formats.number(picture.judged)} rows told right.`,
    );
  }

  #className(picture: ClassifierPicture, at: number): string {
    const value = picture.classes[at];
    return value === null || value === undefined || value === '' ? '—' : String(value);
  }

  #tabs(picture: ClassifierPicture): readonly { readonly id: ClassifierTab; readonly label: string }[] {
    const all: readonly { readonly id: ClassifierTab; readonly label: string; readonly has: boolean }[] = [
      { id: 'regions', label: msg('Regions'), has: true },
      { id: 'confusion', label: msg('Confusion'), has: true },
      { id: 'roc', label: 'ROC', has: picture.roc !== undefined },
      { id: 'pr', label: msg('Precision, recall'), has: picture.precisionRecall !== undefined },
      { id: 'calibration', label: msg('Calibration'), has: picture.calibration !== undefined },
      { id: 'weights', label: msg('Weights'), has: picture.importances !== undefined },
    ];
    return all.filter(({ has }) => has);
  }

  protected override chart(picture: ClassifierPicture): unknown {
    const tabs = this.#tabs(picture);
    const tab = tabs.some(({ id }) => id === this.state.tab) ? this.state.tab : 'regions';
    return html`
      ${tabList({
        label: msg('Pictures of the classifier'),
        tabs,
        chosen: tab,
        choose: (id) => void this.changeState({ tab: id }),
      })}
      <div
        role="tabpanel"
        tabindex=${tab === 'regions' ? nothing : 0}
        aria-label=${tabs.find(({ id }) => id === tab)?.label ?? ''}
        class="panel ${this.fit.isOld ? 'old' : ''}"
        style="display:flex;flex:1;flex-direction:column;min-width:0"
      >
        ${this.#panel(picture, tab)}
      </div>
    `;
  }

  #panel(picture: ClassifierPicture, tab: ClassifierTab): unknown {
    const { formats } = this;
    if (tab === 'confusion')
      return html`<div class="table" tabindex="0" role="region" aria-label=${msg('Confusion')}>
        ${confusionTable(picture, (at) => this.#className(picture, at), formats)}
      </div>`;
    if (tab === 'regions') return this.#regions(picture);
    const figure = this.#curve(picture, tab);
    if (!figure) return nothing;
    return html`<div class="chart"><exa-plot .figure=${figure}></exa-plot></div>
      <div class="readout">${this.#curveLegend(picture, tab)}</div>`;
  }

  #regions(picture: ClassifierPicture): unknown {
    const [x, y] = picture.axes.map((axis) => this.named(picture.features[axis]!));
    if (!x || !y) return nothing;
    const { formats, hover } = this;
    const width = this.clientWidth;
    const figure = this.figureOf('regions', [picture, formats, width, this.head.head], (scheme) =>
      regionsFigure({ picture, x, y, scheme, formats, width }),
    );
    const words =
      hover === undefined
        ? nothing
        : html`${msg('is')} <b>${this.#className(picture, picture.truth[hover] ?? 0)}</b>, ${msg('told')} <b>${this.#className(picture, picture.predicted[hover] ?? 0)}</b> · ${this.pointWords(picture.features, picture.points, hover)}`;
    return html`<div class="chart">
        <exa-plot .figure=${figure} @exa-drawn=${this.drawn}></exa-plot>
        ${this.featureBrush(picture.features, picture.axes, picture.points)}
      </div>
      ${this.#legend(picture)}
      <div class="readout">${words}</div>`;
  }

  #legend(picture: ClassifierPicture): unknown {
    const scheme = schemeOf(this);
    return html`<ul class="legend">
      ${picture.classes.slice(0, 12).map((_, k) => {
        const { color, symbol } = seriesStyle(k, scheme);
        return html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${legendSymbol(symbol)} fill=${color} />`}</svg>${this.#className(picture, k)}</li>`;
      })}
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="1.75" />`}</svg>${msg('told wrong')}</li>
    </ul>`;
  }

  #curve(picture: ClassifierPicture, tab: ClassifierTab): ((scheme: Scheme) => Figure) | undefined {
    const { formats } = this;
    const key = [picture, formats, tab];
    if (tab === 'calibration')
      return this.figureOf(tab, key, (scheme) =>
        calibrationFigure(
          { picture, scheme, formats },
          { said: msg('share said'), true: msg('share that is') },
        ),
      );
    if (tab === 'weights' && picture.importances) {
      const weights = picture.importances;
      return this.figureOf(tab, key, (scheme) =>
        weightsFigure(weights, { scheme, formats, title: msg('weight') }),
      );
    }
    const curves = tab === 'roc' ? picture.roc : picture.precisionRecall;
    if (!curves) return undefined;
    const named = curves.map((curve, k) => ({ ...curve, name: '', at: curves.length === 1 ? 0 : k }));
    const support = picture.perClass.at(-1)?.support ?? 0;
    return this.figureOf(tab, key, (scheme) =>
      curvesFigure({
        curves: named,
        scheme,
        formats,
        x: tab === 'roc' ? msg('false positive rate') : msg('recall'),
        y: tab === 'roc' ? msg('true positive rate') : msg('precision'),
        chance:
          tab === 'roc'
            ? 'diagonal'
            : curves.length === 1 && picture.judged > 0
              ? support / picture.judged
              : undefined,
      }),
    );
  }

  #curveLegend(picture: ClassifierPicture, tab: ClassifierTab): unknown {
    const curves = tab === 'roc' ? picture.roc : tab === 'pr' ? picture.precisionRecall : undefined;
    if (tab === 'weights') return msg('How much each term counts in the decision.');
    const many = curves?.length ?? picture.calibration?.length ?? 0;
    const scheme = schemeOf(this);
    return html`<ul class="legend">
      ${Array.from({ length: Math.min(many, 12) }, (_, k) => {
        const { color } = seriesStyle(k, scheme);
        const area = curves?.[k]?.area;
        const name = this.#className(picture, many === 1 ? picture.classes.length - 1 : k);
        return html`<li>
          <svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 7h14" stroke=${color} stroke-width="2" />`}</svg>
          ${name}${area === undefined ? nothing : html` <span class="meta">${tab === 'roc' ? msg('area') : msg('average precision')} ${this.formats.number(significant(area, 3))}</span>`}
        </li>`;
      })}
      <li><svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d="M0 7h14" stroke="var(--exa-other)" stroke-dasharray="2 2" />`}</svg>${tab === 'calibration' ? msg('said as it is') : msg('guessing')}</li>
    </ul>`;
  }

  protected override facts(picture: ClassifierPicture): readonly Fact[] {
    const { formats } = this;
    const area = picture.roc?.length === 1 ? picture.roc[0]!.area : undefined;
    return [
      [msg('Accuracy'), formats.percent(picture.accuracy, { digits: 1 })],
      [msg('Balanced'), formats.percent(picture.balancedAccuracy, { digits: 1 })],
      ...(area === undefined ? [] : ([['AUC', formats.number(significant(area, 3))]] as const)),
      [
        picture.heldOut ? msg('Judged by rows kept apart') : msg('Judged by what it learnt from'),
        formats.number(picture.judged),
      ],
    ];
  }

  protected override tableOf(picture: ClassifierPicture): unknown {
    const { formats } = this;
    const share = (value: number): string => formats.percent(value, { digits: 1 });
    return html`<table>
      <caption>${msg('By class')}</caption>
      <thead>
        <tr>
          <th scope="col">${msg('Class')}</th>
          <th scope="col" class="amount">${msg('Precision')}</th>
          <th scope="col" class="amount">${msg('Recall')}</th>
          <th scope="col" class="amount">F1</th>
          <th scope="col" class="amount">${msg('Rows')}</th>
        </tr>
      </thead>
      <tbody>
        ${picture.perClass.map(
          (scores, k) => html`<tr>
            <th scope="row">${this.#className(picture, k)}</th>
            <td>${share(scores.precision)}</td>
            <td>${share(scores.recall)}</td>
            <td>${share(scores.f1)}</td>
            <td>${formats.number(scores.support)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

defineGadget('exa-classifier', ClassifierGadget);
