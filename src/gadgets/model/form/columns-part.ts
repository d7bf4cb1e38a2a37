import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { estimators } from '../../../protocol/estimators.ts';
import type { ColumnRef } from '../../../protocol/query.ts';
import { columnLabel } from '../../column-label.ts';
import { icon } from '../../icons.ts';
import { columnsWithCalculated, linkedColumns } from '../../subject.ts';
import { withFeature, withOrdinal, withTarget } from '../change-request.ts';
import { typeWord } from '../words.ts';
import type { ModelForm } from './model-form.ts';

/** What is predicted and learnt from, each column with what was noticed of it; which two are drawn. */
export function columnsPart(form: ModelForm): unknown {
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
