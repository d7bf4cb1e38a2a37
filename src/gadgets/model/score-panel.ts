import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import { estimators } from '../../protocol/estimators.ts';
import type { FittedModel, ScoreAnswer } from '../../protocol/fit.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { significant } from '../fit/axis.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { openRow } from '../open.ts';
import { modelFileName, modelTitle, parseModel, printModel } from './model-file.ts';

/** A model of a file, or kept on this device. */
interface NamedModel {
  readonly name: string;
  readonly model: FittedModel;
}

/** Rows of scores listed. */
const listed = 20;

/**
 * A fitted model as something to have: download it, keep it on this device, open one from a file, and score a table.
 * @prop model The one just fitted @prop datasets @prop label Of its table
 */
export class ModelScore extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      .ways {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px;
        margin: 8px 0;
      }
      label {
        display: grid;
        gap: 4px;
        min-width: 0;
        font-size: var(--exa-size-meta);
      }
      select {
        min-height: 32px;
        max-width: 100%;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
      }
      .file {
        position: relative;
        overflow: hidden;
      }
      .file input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: pointer;
      }
      .file:focus-within {
        outline: var(--exa-focus);
      }
      table {
        border-collapse: collapse;
        font-size: var(--exa-size-meta);
      }
      th,
      td {
        padding: 4px 12px 4px 0;
        border-bottom: 1px solid var(--exa-border);
        font-weight: 400;
        text-align: start;
      }
      .link {
        padding: 0;
        border: 0;
        background: none;
        color: var(--exa-accent-text);
        text-decoration: underline;
        cursor: pointer;
        min-height: 24px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    model: { attribute: false },
    datasets: { attribute: false },
    label: { type: String },
    chosen: { state: true },
    kept: { state: true },
    scored: { state: true },
    answer: { state: true },
    wrong: { state: true },
    busy: { state: true },
    said: { state: true },
  };

  declare model: FittedModel | undefined;
  declare datasets: readonly DatasetSummary[];
  declare label: string;
  /** A model of a file or kept here, instead of the one just fitted. */
  declare chosen: NamedModel | undefined;
  declare kept: readonly NamedModel[];
  declare scored: string | undefined;
  declare answer: ScoreAnswer | undefined;
  declare wrong: ExaError | undefined;
  declare busy: boolean;
  declare said: string;

  constructor() {
    super();
    this.datasets = [];
    this.kept = [];
    this.label = '';
    this.busy = false;
    this.said = '';
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  /** The table to score: the one chosen, else the model's own. */
  get #scored(): string | undefined {
    const own = this.datasets.find(({ id }) => id === this.model?.request.dataset);
    return this.scored ?? own?.id ?? this.datasets[0]?.id;
  }

  get #used(): FittedModel | undefined {
    return this.chosen?.model ?? this.model;
  }

  protected override view(): unknown {
    const model = this.#used;
    const { kept } = this;
    const choose = (event: Event): void => {
      const name = (event.target as HTMLSelectElement).value;
      this.chosen = kept.find((one) => one.name === name);
      this.answer = undefined;
      this.wrong = undefined;
    };
    return html`
      <h3>${msg('The fitted model')}</h3>
      <div class="ways">
        <button class="button" ?disabled=${!this.model} @click=${this.#download}>${icon('download')}${msg('Download the model')}</button>
        <button class="button" ?disabled=${!this.model} @click=${this.#keep}>${msg('Keep on this device')}</button>
        <span class="button file">${msg('Open a model’s file')}<input type="file" accept=".json,application/json" aria-label=${msg('Open a model’s file')} @change=${this.#open} /></span>
        <span class="meta" role="status">${this.said}</span>
      </div>
      <div class="ways">
        ${
          kept.length > 0 || this.chosen
            ? html`<label>
                <span>${msg('Model')}</span>
                <select @change=${choose}>
                  <option value="" ?selected=${!this.chosen}>${msg('The one above')}</option>
                  ${this.#offered(kept).map(
                    ({ name }) =>
                      html`<option value=${name} ?selected=${name === this.chosen?.name}>${name}</option>`,
                  )}
                </select>
              </label>`
            : nothing
        }
        <label>
          <span>${msg('Score a table')}</span>
          <select @change=${(event: Event) => {
            this.scored = (event.target as HTMLSelectElement).value;
          }}>
            ${this.datasets.map((one) => html`<option value=${one.id} ?selected=${one.id === this.#scored}>${one.profile.label || one.name}</option>`)}
          </select>
        </label>
        <button class="button" ?disabled=${!model || this.busy} @click=${this.#score}>${this.busy ? msg('Scoring') : msg('Score')}</button>
        ${
          this.chosen && kept.some(({ name }) => name === this.chosen?.name)
            ? html`<button class="button quiet" @click=${this.#forget}>${icon('trash')}${msg('Forget this model')}</button>`
            : nothing
        }
      </div>
      ${this.wrong ? html`<exa-error-card .error=${this.wrong} @exa-retry=${this.#score}></exa-error-card>` : nothing}
      ${this.answer && model ? this.#answered(this.answer, model) : nothing}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#read !== this.client) this.#readKept();
  }

  /** The client whose models are listed. */
  #read: Gadget['client'];

  /** What cannot be read is left out. */
  #readKept(): void {
    this.#read = this.client;
    void this.job('kept', async (signal) => {
      const kept = (await this.client?.fits?.models().catch(() => [])) ?? [];
      if (signal.aborted) return;
      this.kept = kept.flatMap(({ name, text }): NamedModel[] => {
        try {
          return [{ name, model: parseModel(text) }];
        } catch {
          return [];
        }
      });
    });
  }

  #offered(kept: readonly NamedModel[]): readonly NamedModel[] {
    const { chosen } = this;
    return chosen && !kept.some(({ name }) => name === chosen.name) ? [chosen, ...kept] : kept;
  }

  #answered(answer: ScoreAnswer, model: FittedModel): unknown {
    const formats = formatsFor(this);
    const { kind } = estimators[model.request.estimator.method];
    const order = Array.from(answer.rows.keys());
    if (kind === 'outliers') order.sort((one, other) => answer.values[one]! - answer.values[other]!);
    const say = (value: number): string => {
      if (answer.classes) return String(answer.classes[value] ?? '—');
      return kind === 'clusters' ? String(value + 1) : formats.number(significant(value, 5));
    };
    const counts =
      kind === 'outliers'
        ? [msg('inside'), msg('outliers')].map(
            (word, i) => `${formats.number(answer.counts?.[i] ?? 0)} ${word}`,
          )
        : (answer.counts ?? []).map((count, i) => `${say(i)}: ${formats.number(count)}`);
    return html`<p>
        ${msg(str`${formats.number(answer.scored)} rows scored.`)} ${counts.length > 0 ? `${counts.join(', ')}.` : ''}
        ${answer.score === undefined ? nothing : html`<b>${answer.classes ? msg('Accuracy') : 'R²'} ${formats.number(significant(answer.score, 4))}</b>`}
      </p>
      <table>
        <thead><tr><th scope="col">${msg('Row')}</th><th scope="col">${kind === 'outliers' ? msg('Score') : msg('Told')}</th></tr></thead>
        <tbody>
          ${order.slice(0, listed).map(
            (i) => html`<tr>
              <th scope="row"><button class="link" @click=${() => this.#show(answer.rows[i]!)}>${formats.number(answer.rows[i]!)}</button></th>
              <td>${say(answer.values[i]!)}</td>
            </tr>`,
          )}
        </tbody>
      </table>`;
  }

  #show(row: number): void {
    const dataset = this.#scored;
    if (dataset !== undefined) openRow(this, { dataset, row });
  }

  readonly #score = (event?: Event): void => {
    event?.stopPropagation();
    const model = this.#used;
    const dataset = this.#scored;
    const fits = this.client?.fits;
    if (!model || dataset === undefined || !fits) return;
    this.busy = true;
    this.wrong = undefined;
    this.answer = undefined;
    void this.job('score', async (signal) => {
      try {
        const answer = await fits.score({ model, dataset }, { signal });
        if (!signal.aborted) this.answer = answer;
      } catch (error) {
        if (!signal.aborted) this.wrong = toExaError(error);
      }
      if (!signal.aborted) this.busy = false;
    });
  };

  readonly #download = (): void => {
    const { model } = this;
    if (!model) return;
    const href = URL.createObjectURL(new Blob([printModel(model)], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href, download: modelFileName(model, this.label) }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  };

  readonly #keep = (): void => {
    const { model } = this;
    const fits = this.client?.fits;
    if (!model || !fits) return;
    const name = modelTitle(model, this.label);
    fits
      .keepModel({ name, text: printModel(model) })
      .then(() => {
        this.said = msg(str`Kept as “${name}”`);
        this.#readKept();
      })
      .catch((error: unknown) => {
        this.wrong = toExaError(error);
      });
  };

  readonly #forget = (): void => {
    const { chosen } = this;
    if (!chosen) return;
    this.chosen = undefined;
    void this.client?.fits
      ?.forgetModel(chosen.name)
      .then(() => {
        this.said = msg('Forgotten');
        this.#readKept();
      })
      .catch((error: unknown) => {
        this.wrong = toExaError(error);
      });
  };

  readonly #open = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    void this.job('open', async (signal) => {
      try {
        const model = parseModel(await file.text());
        if (signal.aborted) return;
        this.chosen = { name: file.name, model };
        this.wrong = undefined;
        this.said = msg(str`Opened “${file.name}”`);
      } catch (error) {
        this.wrong = toExaError(error);
      }
    });
  };
}

defineGadget('exa-model-score', ModelScore);
