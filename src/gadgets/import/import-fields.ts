import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ImportDecisions, ImportPlace, ImportPreview } from '../../protocol/import.ts';
import type { ImportMode } from '../../protocol/import-columns.ts';
import { modeWords } from './import-words.ts';

const mergeModes = ['replace', 'append', 'upsert'] as const;

type Decide = (more: ImportDecisions) => void;

/** A choice of one of a few: what is chosen, and what choosing does. */
interface Choice<T> {
  readonly chosen: T;
  readonly isBusy: boolean;
  readonly choose: (value: NonNullable<T>) => void;
}

/** Which sheet of a workbook; nothing where there is one. */
export function sheetField({ sheets, sheet }: ImportPreview, decide: Decide): unknown {
  if (!sheets || sheets.length < 2) return nothing;
  return html`<label class="field"
    ><span>${msg('Sheet')}</span>
    <select
      .value=${sheet ?? ''}
      @change=${(event: Event) => decide({ sheet: (event.target as HTMLSelectElement).value })}
    >
      ${sheets.map((name) => html`<option value=${name} ?selected=${name === sheet}>${name}</option>`)}
    </select>
  </label>`;
}

/** The column whose values tell one row from another. */
export function keyField({ columns, profile }: ImportPreview, isBusy: boolean, decide: Decide): unknown {
  const [key, second] = profile.keys;
  return html`<label class="field"
    ><span>${msg('Key')}</span>
    <select
      .value=${second === undefined ? (key ?? '') : '+'}
      ?disabled=${isBusy}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        if (value !== '+') decide({ keys: value === '' ? [] : [value] });
      }}
    >
      <option value="" ?selected=${key === undefined}>${msg('None')}</option>
      ${second === undefined ? nothing : html`<option value="+" selected>${profile.keys.join(', ')}</option>`}
      ${columns.map(({ name }) => html`<option value=${name} ?selected=${second === undefined && name === key}>${name}</option>`)}
    </select>
  </label>`;
}

/** On this device or in the store, as far as either can be. */
export function placeField({
  chosen,
  possible,
  isBusy,
  choose,
}: Choice<ImportPlace> & { readonly possible: Readonly<Record<ImportPlace, boolean>> }): unknown {
  const option = (place: ImportPlace, label: string): unknown =>
    html`<label
      ><input
        type="radio"
        name="place"
        value=${place}
        .checked=${chosen === place}
        ?disabled=${isBusy || !possible[place]}
        @change=${() => choose(place)}
      />${label}</label
    >`;
  return html`<fieldset>
    <legend>${msg('Where to keep it')}</legend>
    ${option('here', msg('On this device'))} ${option('store', msg('In the store'))}
  </fieldset>`;
}

/** What happens to the table of that name. */
export function modeField({
  existing,
  chosen,
  isBusy,
  choose,
}: Choice<Exclude<ImportMode, 'create'> | undefined> & { readonly existing: DatasetSummary }): unknown {
  const name = existing.profile.label || existing.name;
  return html`<fieldset>
    <legend>${msg(str`There is ${name} already`)}</legend>
    ${mergeModes.map(
      (mode) =>
        html`<label
          ><input
            type="radio"
            name="mode"
            value=${mode}
            .checked=${chosen === mode}
            ?disabled=${isBusy}
            @change=${() => choose(mode)}
          />${modeWords(mode)}</label
        >`,
    )}
  </fieldset>`;
}
