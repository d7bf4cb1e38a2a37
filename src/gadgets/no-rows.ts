import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { Head } from '../protocol/head.ts';
import type { AnswerController } from './answer-controller.ts';
import { columnLabel } from './column-label.ts';
import { filterWords } from './filter-bar/filter-words.ts';
import type { FilterGroup } from './filter-group/group.ts';
import type { Formats } from './format.ts';
import { typeOfColumn } from './subject.ts';

/** Whether {@link countQuestion}'s answer is nought: a store counts in 64 bits. */
export function leavesNothing({ table, phase }: Pick<AnswerController, 'table' | 'phase'>): boolean {
  return phase === 'ready' && table !== undefined && table.rows > 0 && table.numbers('rows')[0] === 0;
}

/** What a view says that has no rows: of an empty table so, else with the ways out of its filters, all or one at a time. */
export function noRows(
  group: FilterGroup | undefined,
  head: Head | undefined,
  linked: readonly Head[],
  formats: Formats,
): unknown {
  const filters = Object.entries(group?.filters ?? {});
  const held = filters.length + (group?.period ? 1 : 0);
  const count = String(held);
  if (held === 0)
    return html`<div class="cell empty">
      <h2>${msg('This table has no rows')}</h2>
      <p>${msg('They appear here as soon as they are stored.')}</p>
      <a class="button" href="#/import">${msg('Import a file')}</a>
    </div>`;
  return html`<div class="cell empty">
    <h2>${msg('No rows match')}</h2>
    <p>${held === 1 ? msg('One filter leaves nothing.') : msg(str`${count} filters together leave nothing.`)}</p>
    <p class="ways">
      <button class="button" ?hidden=${filters.length === 0} @click=${() => group?.clear()}>${msg('Clear all')}</button>
      ${filters.map(([id, { filter }]) => {
        const words = filterWords(
          filter,
          {
            label: (column) => (head ? columnLabel(column, head, linked) : column),
            type: (column) => head && typeOfColumn(column, head, linked),
            zone: head?.profile.zone ?? 'UTC',
          },
          formats,
        );
        return html`<button class="button quiet" @click=${() => group?.clear(id)}>
          ${msg(str`Remove ${words.label}: ${words.text}`)}
        </button>`;
      })}
    </p>
  </div>`;
}
