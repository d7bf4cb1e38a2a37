import { msg } from '@lit/localize';
import { html } from 'lit';
import type { AnswerTable } from '../../arrow/answer-table.ts';
import { isNumeric } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { Question } from '../../protocol/query.ts';
import { columnLabel } from '../column-label.ts';
import type { Formats } from '../format.ts';
import { exactMeasure } from '../measure.ts';
import { previewColumn } from './preview.ts';

/** What a preview's table is made of. */
export interface Previewed {
  readonly table: AnswerTable;
  readonly question: Question;
  readonly head: Head;
  readonly linked: readonly Head[];
  readonly label: string;
  readonly format: Measure['format'];
  readonly formats: Formats;
}

/** The first values of a formula beside what they are made of. */
export function previewTable(previewed: Previewed): unknown {
  const { table, question, head, linked, label } = previewed;
  const made = previewColumn(question);
  const keys =
    question.kind === 'rows' ? question.columns.slice(0, -1) : question.groupBy.map((_, k) => `g${k}`);
  const titles = question.kind === 'rows' ? keys : question.groupBy.map(({ column }) => column);
  const rows = Array.from({ length: Math.min(table.rows, 5) }, (_, row) => row);
  const end = (name: string): string => (table.has(name) && isNumeric(table.type(name)) ? 'end' : '');
  return html`<table>
    <caption class="hidden-text">${msg('The first values')}</caption>
    <thead>
      <tr>
        ${titles.map((title, k) => html`<th scope="col" class=${end(keys[k]!)}>${columnLabel(title, head, linked)}</th>`)}
        <th scope="col" class="made ${end(made)}">${label}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) => html`<tr>
          ${keys.map((key) => html`<td class=${end(key)}>${cell(previewed, key, row)}</td>`)}
          <td class="made ${end(made)}">${cell(previewed, made, row)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function cell({ table, question, head, format, formats }: Previewed, name: string, row: number): string {
  const value = table.value(name, row);
  const type = table.type(name);
  if (value === null) return formats.cell(null, type);
  if (question.kind === 'aggregate' && name === previewColumn(question) && isNumeric(type)) {
    const measure: Measure = { id: name, label: '', formula: '', format };
    const exact = type.kind === 'decimal' ? table.exact(name, row) : value;
    return exactMeasure(formats, measure, exact, head.profile.currency, type);
  }
  return formats.cell(type.kind === 'decimal' ? table.exact(name, row) : value, type, {
    zone: head.profile.zone,
  });
}
