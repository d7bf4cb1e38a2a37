import { ContextEvent } from '@lit/context';
import { dataClientContext, filterContext } from '../gadgets/contexts.ts';
import type { DataClient } from '../protocol/client.ts';
import { inherited } from './composed.ts';

/** What gadgets of a page are answered with when they ask their ancestors and none of them answers. */
export interface RootAnswers {
  /** The client of the store an element names (or inherits); undefined keeps it idle. */
  client(element: Element): DataClient | undefined;
}

type AnyContextEvent = ContextEvent<typeof dataClientContext> | ContextEvent<typeof filterContext>;

/**
 * The last ancestor: answers the contexts that gadgets of a foreign page ask for. Gadgets with the same
 * `filter-group` (their own or inherited) share one group of filters; those without share none.
 * Returns what ends it.
 */
export function contextRoot(page: Document, answers: RootAnswers): () => void {
  const groups = new Map<string, Element>();

  const groupFor = (element: Element): Element | undefined => {
    const name = inherited(element, 'filter-group');
    if (name === undefined) return undefined;
    const store = inherited(element, 'store') ?? '';
    const key = JSON.stringify([store, name]);
    const known = groups.get(key);
    if (known) return known;
    const group = page.createElement('exa-filter-group');
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

  page.addEventListener('context-request', onRequest);
  return () => {
    page.removeEventListener('context-request', onRequest);
    for (const group of groups.values()) group.remove();
    groups.clear();
  };
}
