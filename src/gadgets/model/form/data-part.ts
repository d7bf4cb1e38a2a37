import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../../protocol/array.ts';
import {
  arrayTableId,
  canBeTable,
  firstArrayTable,
  isOfArray,
  isTooLarge,
  mostArrayColumns,
  parseArrayTable,
} from '../../../protocol/array-table.ts';
import { toExaError } from '../../../protocol/errors.ts';
import { type EstimatorName, estimators, type FitKind, isEstimator } from '../../../protocol/estimators.ts';
import { shapeWords } from '../../array/shape-words.ts';
import { parseSlice, printSlice, type SlicePart } from '../../array/slice-text.ts';
import type { Formats } from '../../format.ts';
import { withMethod } from '../change-request.ts';
import { methodsOf } from '../methods/methods.ts';
import { kindWord } from '../words.ts';
import type { ModelForm } from './model-form.ts';

const kinds: readonly FitKind[] = [
  'outliers',
  'clusters',
  'pca',
  'classifier',
  'lasso-path',
  'regression',
  'gp',
];

/** The data set (a table, or an array with the part of it) and the method. */
export function dataPart(form: ModelForm): unknown {
  const { request, head, formats, change } = form;
  const { method } = request.estimator;
  return html`<fieldset>
    <legend>${msg('What and of what')}</legend>
    ${dataField(form)} ${partField(form)}
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

function dataField({ head, datasets, arrays, formats, choose }: ModelForm): unknown {
  const tables = datasets.map(
    (one) => html`<option value=${one.id} ?selected=${one.id === head.id}>
      ${one.profile.label || one.name} (${formats.compact(one.rows)})
    </option>`,
  );
  const first = (array: ArrayHead): string => firstArrayTable(array) ?? '';
  const fitting = arrays.filter(canBeTable);
  return html`<label>
    <span>${msg('Data set')}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${
        fitting.length === 0
          ? tables
          : html`<optgroup label=${msg('Tables')}>${tables}</optgroup>
              <optgroup label=${msg('Arrays')}>
                ${fitting.map(
                  (array) => html`<option
                    value=${isOfArray(head.id, array.id) ? head.id : first(array)}
                    ?selected=${isOfArray(head.id, array.id)}
                  >${array.name} (${shapeWords(array.shape)})</option>`,
                )}
              </optgroup>`
      }
    </select>
  </label>`;
}

/** Which rows and columns of an array are the data. */
function partField({ head, arrays, wrong, refuse, choose }: ModelForm): unknown {
  const array = arrays.find(({ id }) => isOfArray(head.id, id));
  if (!array) return nothing;
  const shape = array.shape.map(BigInt);
  const chosen = parseArrayTable(head.id)?.parts ?? [];
  const parts = shape.map(
    (size, axis): SlicePart => ({ ...(chosen[axis] ?? { start: 0n, end: size }), isOne: false }),
  );
  const text = wrong[partName];
  const fault = text === undefined ? undefined : partFault(text, shape);
  return html`<label>
      <span>${msg('Rows and columns of the array')}</span>
      <input
        type="text"
        spellcheck="false"
        autocomplete="off"
        aria-describedby="part-hint part-fault"
        aria-invalid=${String(fault !== undefined)}
        .value=${text ?? printSlice(parts, shape)}
        @change=${(event: Event) => {
          const typed = (event.target as HTMLInputElement).value;
          if (partFault(typed, shape) === undefined) choose(arrayTableId(array.id, parseSlice(typed, shape)));
          else refuse(partName, typed);
        }}
      />
    </label>
    <p class="hint" id="part-hint">${msg('As in NumPy: rows, then columns. Each row’s index is a column, too.')}</p>
    <p class="fault" id="part-fault" role="alert" ?hidden=${fault === undefined}>${fault}</p>`;
}

/** The name under which a part that cannot be read is refused: no parameter has it. */
const partName = '[part]';

/** Why a text is no part that can be learnt from; undefined where it is one. */
function partFault(text: string, shape: readonly bigint[]): string | undefined {
  try {
    return isTooLarge(parseSlice(text, shape))
      ? msg(str`A model takes at most 2³² rows and ${mostArrayColumns} columns of an array.`)
      : undefined;
  } catch (error) {
    return toExaError(error).message;
  }
}

function readingWords(method: EstimatorName, formats: Formats): string {
  const info = estimators[method];
  if (info.reading === 'streamed') return msg('Reads every row, page by page: data of any size.');
  const rows = formats.number('usualRows' in info ? info.usualRows : 0);
  return msg(str`Keeps its rows in memory: of more than ${rows} it learns from a sample, and says so.`);
}
