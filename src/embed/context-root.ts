import { ContextEvent } from '@lit/context';
import { dataClientContext, filterContext } from '../gadgets/contexts.ts';
import type { FilterGroupElement } from '../gadgets/filter-group/filter-group.ts';
import type { SharedFilter } from '../gadgets/filter-group/group.ts';
import { parseSharedFilter } from '../gadgets/filter-group/parse-shared-filter.ts';
import type { DataClient } from '../protocol/client.ts';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { isRecord } from '../protocol/is-record.ts';
import { inherited } from './composed.ts';

/** What gadgets of a page are answered with when they ask their ancestors and none of them answers. */
export interface RootAnswers {
  /** The client of the store an element names (or inherits); undefined keeps it idle. */
  client(element: Element): DataClient | undefined;
}

type AnyContextEvent = ContextEvent<typeof dataClientContext> | ContextEvent<typeof filterContext>;

/**
 * The last ancestor: answers the contexts that gadgets of a foreign page ask for. Gadgets with the same
 * `filter-group` (their own or inherited) share one group of filters; those without share none. A page filters a group by
 * an `exa-filter` event of a gadget in it.
 * Returns what ends it.
 */
export function contextRoot(page: Document, answers: RootAnswers): () => void {
  const groups = new Map<string, FilterGroupElement>();

  const groupFor = (element: Element): FilterGroupElement | undefined => {
    const name = inherited(element, 'filter-group');
    if (name === undefined) return undefined;
    const store = inherited(element, 'store') ?? '';
    const key = JSON.stringify([store, name]);
    const known = groups.get(key);
    if (known) return known;
    const group = page.createElement('exa-filter-group') as FilterGroupElement;
    if (store !== '') group.setAttribute('store', store);
    group.setAttribute('name', name);
    group.append(page.createElement('span'));
    page.body.append(group);
    groups.set(key, group);
    return group;
  };

  const onRequest = (event: Event): void => {
    const request = event as AnyContextEvent;
    const from = request.contextTarget ?? event.composedPath()[0];
    if (!(from instanceof Element)) return;
    if (request.context === dataClientContext) {
      const client = answers.client(from);
      if (!client) return;
      event.stopPropagation();
      (request as ContextEvent<typeof dataClientContext>).callback(client);
    } else if (request.context === filterContext && from.localName !== 'exa-filter-group') {
      const group = groupFor(from);
      const place = group?.firstElementChild;
      if (!place) return;
      event.stopPropagation();
      const { callback, subscribe } = request as ContextEvent<typeof filterContext>;
      place.dispatchEvent(new ContextEvent(filterContext, place, callback, subscribe));
    }
  };

  const onFilter = (event: Event): void => {
    const from = event.composedPath()[0];
    if (!(from instanceof Element) || !(event instanceof CustomEvent)) return;
    try {
      const { source, filter } = parseFilterEvent(event.detail);
      const group = groupFor(from);
      if (!group)
        throw new ExaError(
          'invalid',
          'Filters are of a group: write filter-group="…" on the gadget or round it.',
        );
      group.put(source, filter);
    } catch (error) {
      from.dispatchEvent(
        new CustomEvent('exa-error', { bubbles: true, composed: true, detail: toExaError(error) }),
      );
    }
  };

  page.addEventListener('context-request', onRequest);
  page.addEventListener('exa-filter', onFilter);
  return () => {
    page.removeEventListener('exa-filter', onFilter);
    page.removeEventListener('context-request', onRequest);
    for (const group of groups.values()) group.remove();
    groups.clear();
  };
}

/** `source` names the filter, as another of that name takes its place. */
function parseFilterEvent(detail: unknown): { source: string; filter: SharedFilter | undefined } {
  const { source = 'page', filter } = isRecord(detail) ? detail : {};
  if (typeof source !== 'string')
    throw new ExaError('invalid', 'What exa-filter carries is { filter }, and a name for it as source.');
  return { source, filter: parseSharedFilter(filter) };
}
