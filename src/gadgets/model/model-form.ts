import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { type EstimatorName, estimators, type FitKind, isEstimator } from '../../protocol/estimators.ts';
import type { FitRequest, FitWarning } from '../../protocol/fit.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { columnLabel } from '../column-label.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { columnsWithCalculated, linkedColumns } from '../subject.ts';
import {
  canSearch,
  printGrid,
  readGrid,
  withFeature,
  withMethod,
  withOrdinal,
  withParam,
  withSearch,
  withTarget,
} from './change-request.ts';
import { isRead, methodOf, methodsOf, paramValue } from './methods/methods.ts';
import type { ParamGroup } from './methods/param.ts';
import { paramField } from './param-field.ts';
import { choicesOf, type Fill, fills, type Scaler, scalers, stepsOf } from './steps.ts';
import { groupWord, kindWord, stepWord, typeWord } from './words.ts';

/** What the form is about. */
export interface ModelForm {
  readonly request: FitRequest;
  readonly head: Head;
  /** Heads of the tables that table links to, as far as they are known. */
  readonly linked: readonly Head[];
  readonly datasets: readonly DatasetSummary[];
  readonly formats: Formats;
  /** Of the last result or failure, to stand beside the columns they name. */
  readonly warnings: readonly Pick<FitWarning, 'message' | 'feature'>[];
  /** Texts typed into parameters that cannot be used. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly change: (request: FitRequest) => void;
  readonly refuse: (param: string, text: string) => void;
  readonly choose: (dataset: string) => void;
}

const kinds: readonly FitKind[] = [
  'outliers',
  'clusters',
  'pca',
  'classifier',
  'lasso-path',
  'regression',
  'gp',
];
const groups: readonly ParamGroup[] = ['main', 'kernel', 'search', 'more'];

/** Data, columns, preprocessing, method and parameters of a fit; warnings stand beside what they are about. */
export function modelForm(form: ModelForm): unknown {
  return html`
    ${methodPart(form)} ${columnsPart(form)} ${stepsPart(form)} ${paramsPart(form)} ${searchPart(form)}
    ${seedPart(form)}
  `;
}

function methodPart({ request, head, datasets, formats, change, choose }: ModelForm): unknown {
  const { method } = request.estimator;
  return html`<fieldset>
    <legend>${msg('What and of what')}</legend>
    <label>
      <span>${msg('Data set')}</span>
      <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${datasets.map(
          (one) => html`<option value=${one.id} ?selected=${one.id === head.id}>
            ${one.profile.label || one.name} (${formats.compact(one.rows)})
          </option>`,
        )}
      </select>
    </label>
    <label>
      <span>${msg('Method')}</span>
      <select
        @change=${(event: Event) => {
          const name = (event.target as HTMLSelectElement).value;
          if (isEstimator(name)) change(withMethod(request, name, head));
        }}
      >
        ${kinds.map(
          (kind) => html`<optgroup label=${kindWord(kind)}>
            ${methodsOf(kind).map(
              (one) =>
                html`<option value=${one.method} ?selected=${one.method === method}>${one.label()}</option>`,
            )}
          </optgroup>`,
        )}
      </select>
    </label>
    <p class="hint">${readingWords(method, formats)}</p>
  </fieldset>`;
}

function readingWords(method: EstimatorName, formats: Formats): string {
  const info = estimators[method];
  if (info.reading === 'streamed') return msg('Reads every row, page by page: data of any size.');
  const rows = formats.number('usualRows' in info ? info.usualRows : 0);
  return msg(str`Holds its rows in memory: of more than ${rows} a sample, as it says.`);
}

function columnsPart(form: ModelForm): unknown {
  const { request, head, linked, change } = form;
  const info = estimators[request.estimator.method];
  const label = (ref: ColumnRef): string => columnLabel(ref, head, linked);
  const columns = [...columnsWithCalculated(head), ...linkedColumns(head, linked)];
  const targets = columns.filter(({ type }) =>
    info.target === 'number' ? type.kind !== 'text' && type.kind !== 'bool' : true,
  );
  return html`<fieldset>
    <legend>${msg('Columns')}</legend>
    ${
      info.target === 'none'
        ? nothing
        : html`<label>
              <span>${info.target === 'class' ? msg('Classes to tell apart') : msg('Number to predict')}</span>
              <select @change=${(event: Event) => change(withTarget(request, (event.target as HTMLSelectElement).value))}>
                ${request.target === undefined ? html`<option value="" selected>—</option>` : nothing}
                ${targets.map(({ id }) => html`<option value=${id} ?selected=${id === request.target}>${label(id)}</option>`)}
              </select>
            </label>
            ${warningsOf(form, request.target)}
            ${
              info.target === 'number'
                ? html`<p class="hint">${msg('A text is no number: to predict one, tell classes apart.')}</p>`
                : nothing
            }`
    }
    <p class="label" id="learnt">${msg('Learnt from')}</p>
    <ul class="choices" aria-labelledby="learnt">
      ${columns
        .filter(({ id }) => id !== request.target || info.target === 'none')
        .map(({ id, type }) => {
          const isOn = request.features.includes(id);
          return html`<li>
            <label class="check">
              <input
                type="checkbox"
                .checked=${isOn}
                @change=${(event: Event) => change(withFeature(request, id, (event.target as HTMLInputElement).checked))}
              />
              <span>${label(id)} <span class="meta">${request.ordinal?.includes(id) ? nothing : typeWord(type)}</span></span>
            </label>
            ${isOn && (type.kind === 'text' || type.kind === 'bool') ? encodingOf(form, id, label(id)) : nothing}
            ${isOn ? warningsOf(form, id) : nothing}
          </li>`;
        })}
    </ul>
    ${axesPart(form)}
  </fieldset>`;
}

/** How a category is read: spread over columns, or as its place. */
function encodingOf({ request, change }: ModelForm, column: ColumnRef, name: string): unknown {
  const isOrdinal = request.ordinal?.includes(column) ?? false;
  return html`<select
    class="encoding"
    aria-label=${msg(str`How ${name} is read`)}
    @change=${(event: Event) => change(withOrdinal(request, column, (event.target as HTMLSelectElement).value === 'place'))}
  >
    <option value="spread" ?selected=${!isOrdinal}>${msg('0 and 1 a value')}</option>
    <option value="place" ?selected=${isOrdinal}>${msg('Its place in order')}</option>
  </select>`;
}

/** What is said of a column, with a way to take it out. */
function warningsOf({ warnings, request, change }: ModelForm, column: ColumnRef | undefined): unknown {
  const own = warnings.filter(({ feature }) => feature !== undefined && feature === column);
  return own.map(
    ({ message }) => html`<p class="warning">
      ${icon('alert')}<span>${message}</span>
      ${
        column !== undefined && request.features.includes(column) && request.features.length > 1
          ? html`<button class="button quiet" @click=${() => change(withFeature(request, column, false))}>
              ${msg('Remove')}
            </button>`
          : nothing
      }
    </p>`,
  );
}

function axesPart({ request, head, linked, change }: ModelForm): unknown {
  const { kind } = estimators[request.estimator.method];
  const { features } = request;
  if (features.length < 3 || kind === 'pca' || kind === 'lasso-path' || kind === 'gp') return nothing;
  const axes = request.axes ?? [features[0]!, features[1]!];
  const select = (place: 0 | 1, name: string): unknown =>
    html`<label>
      <span>${name}</span>
      <select
        @change=${(event: Event) => {
          const next: [ColumnRef, ColumnRef] = [axes[0], axes[1]];
          next[place] = (event.target as HTMLSelectElement).value;
          change({ ...request, axes: next });
        }}
      >
        ${features.map((ref) => html`<option value=${ref} ?selected=${ref === axes[place]}>${columnLabel(ref, head, linked)}</option>`)}
      </select>
    </label>`;
  return html`<div class="pair">${select(0, msg('Drawn across'))} ${select(1, msg('Drawn up'))}</div>`;
}

function stepsPart({ request, change }: ModelForm): unknown {
  const choices = choicesOf(request.steps);
  const set = (part: Partial<ReturnType<typeof choicesOf>>): void =>
    change({ ...request, steps: stepsOf({ ...choices, ...part }) });
  const value = (event: Event): string => (event.target as HTMLSelectElement).value;
  const fillWords: Record<Fill, string> = {
    mean: msg('Fill with the mean'),
    median: msg('Fill with the median'),
    most_frequent: msg('Fill with the most frequent'),
  };
  const needs = methodOf(request.estimator.method).scaled && choices.scaler === undefined;
  return html`<fieldset>
    <legend>${msg('Preprocessing')}</legend>
    <label>
      <span>${msg('Missing values')}</span>
      <select @change=${(event: Event) => set({ fill: fills.find((one) => one === value(event)) })}>
        <option value="" ?selected=${choices.fill === undefined}>${msg('Leave their rows out')}</option>
        ${fills.map((one) => html`<option value=${one} ?selected=${one === choices.fill}>${fillWords[one]}</option>`)}
      </select>
    </label>
    <label>
      <span>${msg('Scale')}</span>
      <select @change=${(event: Event) => set({ scaler: scalers.find((one: Scaler) => one === value(event)) })}>
        <option value="" ?selected=${choices.scaler === undefined}>${msg('As it is')}</option>
        ${scalers.map((one) => html`<option value=${one} ?selected=${one === choices.scaler}>${stepWord(one)}</option>`)}
      </select>
    </label>
    ${
      needs
        ? html`<p class="warning">
            ${icon('alert')}<span>${msg('This method compares columns: without a scale the widest one decides.')}</span>
          </p>`
        : nothing
    }
    <label>
      <span>${stepWord('PolynomialFeatures')}</span>
      <select @change=${(event: Event) => set({ degree: Number(value(event)) })}>
        ${[1, 2, 3].map(
          (degree) => html`<option value=${degree} ?selected=${degree === choices.degree}>
            ${degree === 1 ? msg('None') : msg(str`Up to degree ${degree}`)}
          </option>`,
        )}
      </select>
    </label>
    <p class="hint">${msg('Texts become a column of 0 and 1 a value, or its place in order.')}</p>
  </fieldset>`;
}

function paramsPart({ request, wrong, change, refuse }: ModelForm): unknown {
  const method = methodOf(request.estimator.method);
  const values = request.estimator.params ?? {};
  const shown = method.params.filter((param) => isRead(param, method, values));
  return groups.map((group) => {
    const own = shown.filter((param) => param.group === group);
    if (own.length === 0) return nothing;
    const fields = own.map((param) =>
      paramField({
        param,
        value: paramValue(param, values),
        wrong: wrong[param.name],
        change: (value) => change(withParam(request, param.name, value)),
        refuse: (text) => refuse(param.name, text),
      }),
    );
    return group === 'main' || group === 'kernel'
      ? html`<fieldset><legend>${groupWord(group)}</legend>${fields}</fieldset>`
      : html`<details class="group"><summary>${groupWord(group)}</summary>${fields}</details>`;
  });
}

function searchPart({ request, change }: ModelForm): unknown {
  const { method } = request.estimator;
  if (!canSearch(method)) return nothing;
  const { search } = request;
  const folds = search?.folds ?? 5;
  return html`<fieldset>
    <legend>${msg('Choose by trying')}</legend>
    <label class="check">
      <input
        type="checkbox"
        .checked=${search !== undefined}
        @change=${(event: Event) => change(withSearch(request, (event.target as HTMLInputElement).checked))}
      />
      <span>${msg('Try a grid of parameters on folds')}</span>
    </label>
    ${
      search
        ? html`${Object.entries(search.grid).map(
            ([name, values]) => html`<label>
                <span><code>${name}</code></span>
                <input
                  type="text"
                  spellcheck="false"
                  .value=${printGrid(values)}
                  @change=${(event: Event) => {
                    const tried = readGrid((event.target as HTMLInputElement).value);
                    change({ ...request, search: { ...search, grid: { ...search.grid, [name]: tried } } });
                  }}
                />
              </label>`,
          )}
            <div class="pair">
              <label>
                <span>${msg('Folds')}</span>
                <select
                  @change=${(event: Event) =>
                    change({
                      ...request,
                      search: { ...search, folds: Number((event.target as HTMLSelectElement).value) },
                    })}
                >
                  ${[3, 5, 10].map((count) => html`<option value=${count} ?selected=${count === folds}>${count}</option>`)}
                </select>
              </label>
              <label>
                <span>${msg('Split')}</span>
                <select
                  @change=${(event: Event) => {
                    const split = (event.target as HTMLSelectElement).value === 'time' ? 'time' : 'k-fold';
                    change({ ...request, search: { ...search, split } });
                  }}
                >
                  <option value="k-fold" ?selected=${search.split !== 'time'}>${msg('Folds')}</option>
                  <option value="time" ?selected=${search.split === 'time'}>${msg('Earlier tell later')}</option>
                </select>
              </label>
            </div>`
        : nothing
    }
  </fieldset>`;
}

function seedPart({ request, change }: ModelForm): unknown {
  return html`<fieldset>
    <legend>${msg('Again the same')}</legend>
    <label>
      <span>${msg('Seed')}</span>
      <input
        type="number"
        min="0"
        max="4294967295"
        step="1"
        .value=${String(request.seed ?? 0)}
        @change=${(event: Event) => {
          const seed = Number((event.target as HTMLInputElement).value);
          if (Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32) change({ ...request, seed });
        }}
      />
    </label>
    <p class="hint">${msg('Data version, seed and parameters are in the address: whoever opens it fits the same.')}</p>
  </fieldset>`;
}
