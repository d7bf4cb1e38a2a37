import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ColumnType } from '../../protocol/column.ts';
import type { Filter } from '../../protocol/query.ts';
import { typedFilter } from './grid.query.ts';

/** A column's filter, in a popover under its header. */
export interface ColumnMenu {
  readonly column: string;
  readonly label: string;
  readonly type: ColumnType;
  readonly filter: Filter | undefined;
  readonly apply: (filter: Filter | undefined) => void;
}

/** The form of a column's filter: text contains, numbers and days from–to, yes or no. */
export function columnMenu(menu: ColumnMenu): unknown {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const typed = (name: string): string | undefined => data.get(name)?.toString();
    menu.apply(
      typedFilter(menu.column, menu.type, { text: typed('text'), from: typed('from'), to: typed('to') }),
    );
  };
  return html`<form @submit=${submit} aria-label=${msg(str`Filter ${menu.label}`)}>
    ${fields(menu)}
    <div class="ways">
      <button class="button primary small">${msg('Apply')}</button>
      ${
        menu.filter
          ? html`<button type="button" class="button small" @click=${() => menu.apply(undefined)}>${msg('Clear')}</button>`
          : nothing
      }
    </div>
  </form>`;
}

function fields({ type, label, filter }: ColumnMenu): unknown {
  if (type.kind === 'bool')
    return html`<label>${label}
      <select name="text"><option value=""></option><option value="true">${msg('Yes')}</option><option value="false">${msg('No')}</option></select>
    </label>`;
  if (type.kind === 'text')
    return html`<label>${msg(str`${label} contains`)}
      <input name="text" autocomplete="off" .value=${filter?.op === 'contains' ? filter.text : ''} />
    </label>`;
  const calendar = type.kind === 'date' || type.kind === 'timestamp';
  const input = (name: string, text: string): unknown =>
    html`<label>${text}<input name=${name} type=${calendar ? 'date' : 'text'} inputmode=${calendar ? nothing : 'decimal'} autocomplete="off" /></label>`;
  return html`${input('from', msg(str`${label} from`))}${input('to', msg(str`${label} to`))}`;
}
