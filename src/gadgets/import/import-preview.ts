import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { type ColumnType, isNumeric } from '../../protocol/column.ts';
import type { ImportDecisions, ImportPreview, PreviewColumn } from '../../protocol/import.ts';
import { type Role, roles } from '../../protocol/profile.ts';
import { missing } from '../format.ts';
import { choiceOf, roleWords, typeChoices } from './import-words.ts';

/** Columns shown with menus: a sheet may have hundreds. */
const maxShown = 60;

/** The first rows, with each column's type and what it plays as menus above them. */
export function previewTable(
  { columns, sample }: ImportPreview,
  decide: (decisions: ImportDecisions) => void,
): unknown {
  const shown = columns.slice(0, maxShown);
  const more = columns.length - shown.length;
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${msg('First rows')}>
      <table>
        <thead>
          <tr>
            ${shown.map((column) => header(column, decide))}
          </tr>
        </thead>
        <tbody>
          ${sample.map(
            (row) =>
              html`<tr>
                ${shown.map(({ type }, i) => cell(shownText(row[i] ?? null, type), isNumeric(type)))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more > 0 ? html`<p class="meta">${msg(str`${String(more)} more columns are stored as they were understood.`)}</p>` : nothing}`;
}

function header(column: PreviewColumn, decide: (decisions: ImportDecisions) => void): unknown {
  const { name, type, inferred, role } = column;
  const choices = typeChoices(inferred);
  const chosen = choiceOf(type);
  return html`<th scope="col" class=${isNumeric(type) ? 'end' : ''}>
    <span class="name" title=${name}>${name}</span>
    <select
      aria-label=${msg(str`Type of ${name}`)}
      .value=${chosen}
      @change=${(event: Event) => {
        const choice = choices.find(({ id }) => id === (event.target as HTMLSelectElement).value);
        if (choice) decide({ types: { [name]: choice.type } });
      }}
    >
      ${choices.map(({ id, label }) => html`<option value=${id} ?selected=${id === chosen}>${label}</option>`)}
    </select>
    <select
      aria-label=${msg(str`What ${name} plays`)}
      .value=${role ?? ''}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        decide({ roles: { [name]: roles.find((known): known is Role => known === value) ?? null } });
      }}
    >
      <option value="" ?selected=${role === undefined}>${missing}</option>
      ${roles.map((known) => html`<option value=${known} ?selected=${known === role}>${roleWords(known)}</option>`)}
    </select>
  </th>`;
}

/** Instants as `2011-12-09 12:50:00`; other values as they are. */
function shownText(value: string | null, { kind }: ColumnType): string | null {
  if (value === null || kind !== 'timestamp') return value;
  return value.replace('T', ' ').replace(/(\.000)?Z$/, '');
}

function cell(value: string | null, isEnd: boolean): unknown {
  if (value === null) return html`<td class="none ${isEnd ? 'end' : ''}">${missing}</td>`;
  return html`<td class=${isEnd ? 'end' : ''} title=${value.length > 32 ? value : nothing}>${value}</td>`;
}
