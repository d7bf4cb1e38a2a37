import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ModelSelectionPicture } from '../../protocol/fit-picture.ts';
import { significant } from '../fit/axis.ts';
import { type Fact, FitGadget, type FitState } from '../fit/fit-gadget.ts';
import { defineGadget } from '../gadget.ts';
import {
  gridFigure,
  learningFigure,
  lineFigure,
  selectionGrid,
  valueText,
} from './model-selection.figure.ts';

/** Parameters tried on folds: the grid of scores as a heat map, and how the best choice learns from more rows. */
export class ModelSelectionGadget extends FitGadget<'model-selection'> {
  constructor() {
    super('model-selection');
  }

  protected override initialState(): FitState {
    return { table: false };
  }

  protected override name(): string {
    const method = this.methodName();
    return method === '' ? msg('Model selection') : msg(str`Choosing ${method}`);
  }

  protected override summary(picture: ModelSelectionPicture): string {
    return msg(
      str`Of ${picture.choices.length} choices ${this.#choice(picture, picture.best)} is best: ${scoreWord(picture)} ${significant(picture.mean[picture.best] ?? 0, 3)}.`,
    );
  }

  #choice(picture: ModelSelectionPicture, at: number): string {
    return picture.params
      .map((name, p) => `${name} = ${valueText(picture.choices[at]?.[p] ?? '')}`)
      .join(', ');
  }

  protected override chart(picture: ModelSelectionPicture): unknown {
    const { formats } = this;
    const width = this.clientWidth;
    const words = {
      score: scoreWord(picture),
      rows: msg('rows learnt from'),
      train: msg('learnt from'),
      test: msg('kept apart'),
    };
    const grid = selectionGrid(picture);
    const key = [picture, formats, width];
    const scores = this.figureOf('scores', key, (scheme) => {
      const chart = { picture, scheme, formats, width, words };
      return grid ? gridFigure(grid, chart) : lineFigure(chart);
    });
    const learning = this.figureOf('learning', key, (scheme) =>
      learningFigure({ picture, scheme, formats, width, words }),
    );
    return html`
      <p class="meta">${msg(str`Mean ${scoreWord(picture)} over ${picture.splits.length} folds; the best is framed`)}</p>
      <div class=${this.fit.isOld ? 'chart old' : 'chart'} style="min-height:220px">
        <exa-plot .figure=${scores}></exa-plot>
      </div>
      ${
        picture.curve
          ? html`<p class="meta">${msg('The best choice as it learns from more rows')}</p>
              <div class="chart second" style="height:190px"><exa-plot .figure=${learning}></exa-plot></div>`
          : nothing
      }
    `;
  }

  protected override facts(picture: ModelSelectionPicture): readonly Fact[] {
    const { formats } = this;
    const [mean, sd] = [picture.mean[picture.best] ?? 0, picture.sd[picture.best] ?? 0];
    return [
      [msg('Best'), html`<code>${this.#choice(picture, picture.best)}</code>`],
      [scoreWord(picture), `${formats.number(significant(mean, 4))} ± ${formats.number(significant(sd, 2))}`],
      [msg('Choices'), msg(str`${picture.choices.length} on ${picture.splits.length} folds`)],
    ];
  }

  protected override tableOf(picture: ModelSelectionPicture): unknown {
    const order = Array.from(picture.mean.keys()).sort(
      (one, other) => picture.mean[other]! - picture.mean[one]! || one - other,
    );
    const { formats } = this;
    return html`<table>
      <caption>${msg('Choices, best first')}</caption>
      <thead>
        <tr>
          ${picture.params.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col" class="amount">${scoreWord(picture)}</th>
          <th scope="col" class="amount">±</th>
        </tr>
      </thead>
      <tbody>
        ${order.map(
          (c) => html`<tr>
            ${picture.params.map((_, p) => html`<th scope="row">${valueText(picture.choices[c]![p]!)}</th>`)}
            <td>${formats.number(significant(picture.mean[c]!, 4))}</td>
            <td>${formats.number(significant(picture.sd[c]!, 2))}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

function scoreWord({ scoring }: ModelSelectionPicture): string {
  return scoring === 'accuracy' ? msg('accuracy') : 'R²';
}

defineGadget('exa-model-selection', ModelSelectionGadget);
