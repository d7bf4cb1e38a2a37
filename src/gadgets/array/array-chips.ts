import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { shortNumber } from '../exact/element-text.ts';
import { groupDigits } from '../exact/index-text.ts';
import { indexRangeOf, valueRangeOf } from '../exact/range-filter.ts';
import type { FilterGroup } from '../filter-group/group.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';

/** What is chosen of an array, each with a way to drop it. */
export function arrayChips(
  group: FilterGroup | undefined,
  array: string | undefined,
  formats: Formats,
): unknown {
  const rows = indexRangeOf(group, array, 0);
  const values = valueRangeOf(group, array);
  const drop = (column: string): void => {
    for (const [id, { dataset, filter }] of Object.entries(group?.filters ?? {}))
      if (dataset === array && filter.op === 'range' && filter.column === column) group?.set(id, undefined);
  };
  const chip = (text: string, column: string): unknown =>
    html`<button class="chip filter" aria-label=${msg(str`Remove: ${text}`)} @click=${() => drop(column)}>
      ${text}${icon('x')}
    </button>`;
  return html`<span class="chips">
    ${rows ? chip(msg(str`Rows ${groupDigits(rows.start)} to ${groupDigits(rows.end - 1n)}`), '_row') : nothing}
    ${values ? chip(msg(str`Values ${shortNumber(values[0], formats)} to ${shortNumber(values[1], formats)}`), '_value') : nothing}
  </span>`;
}
