import { msg } from '@lit/localize';
import { html } from 'lit';
import type { ArrayHead } from '../../../protocol/array.ts';
import type { FitRequest, FitWarning } from '../../../protocol/fit.ts';
import type { DatasetSummary, Head } from '../../../protocol/head.ts';
import type { Formats } from '../../format.ts';
import { columnsPart } from './columns-part.ts';
import { dataPart } from './data-part.ts';
import { paramsPart } from './params-part.ts';
import { searchPart } from './search-part.ts';
import { stepsPart } from './steps-part.ts';

/** What the form is about. */
export interface ModelForm {
  readonly request: FitRequest;
  readonly head: Head;
  /** Heads of the tables that table links to, as far as they are known. */
  readonly linked: readonly Head[];
  readonly datasets: readonly DatasetSummary[];
  readonly arrays: readonly ArrayHead[];
  readonly formats: Formats;
  /** Of the last result or failure, to stand beside the columns they name. */
  readonly warnings: readonly Pick<FitWarning, 'message' | 'feature'>[];
  /** Texts typed into parameters that cannot be used. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly change: (request: FitRequest) => void;
  readonly refuse: (param: string, text: string) => void;
  readonly choose: (dataset: string) => void;
}

/** Data, columns, preprocessing, method and parameters of a fit; warnings stand beside what they are about. */
export function modelForm(form: ModelForm): unknown {
  return html`
    ${dataPart(form)} ${columnsPart(form)} ${stepsPart(form)} ${paramsPart(form)} ${searchPart(form)}
    ${seedPart(form)}
  `;
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
