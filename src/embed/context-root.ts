import { ContextEvent } from '@lit/context';
import { dataClientContext, filterContext } from '../gadgets/contexts.ts';
import type { FilterGroupElement } from '../gadgets/filter-group/filter-group.ts';
import type { SharedFilter } from '../gadgets/filter-group/group.ts';
import { parseSharedFilter } from '../gadgets/filter-group/parse-shared-filter.ts';
import type { DataClient } from '../protocol/client.ts';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { isRecord } from '../protocol/is-record.ts';
import { inherited } from './composed.ts';
import { heardEvents } from './missed-events.ts';

/** What gadgets of a page are answered with when they ask their ancestors and none of them answers. */
export interface RootAnswers {
  /** The client of the store an element names (or inherits); undefined keeps it idle. */
  client(element: Element): DataClient | undefined;
}

export interface ContextRoot {
  /** Takes an event of `from` as if it came now. */
  hear(event: Event, from: Element): void;
  end(): void;
}

type AnyContextEvent = ContextEvent<typeof dataClientContext> | ContextEvent<typeof filterContext>;

/**
 * The last ancestor: answers the contexts that gadgets of a foreign page ask for. Gadgets with the same
 * `filter-group` (their own or inherited) share one group of filters; those without share none. A page filters a group by
 * an `exa-filter` event of a gadget in it.
 */
export function contextRoot(page: Document, answers: RootAnswers): ContextRoot {
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

  const onRequest = (request: AnyContextEvent, path: Element): void => {
    const from = request.contextTarget ?? path;
    if (request.context === dataClientContext) {
      const client = answers.client(from);
      if (!client) return;
      request.stopPropagation();
      (request as ContextEvent<typeof dataClientContext>).callback(client);
    } else if (request.context === filterContext && from.localName !== 'exa-filter-group') {
      const group = groupFor(from);
      const place = group?.firstElementChild;
      if (!place) return;
      request.stopPropagation();
      const { callback, subscribe } = request as ContextEvent<typeof filterContext>;
      place.dispatchEvent(new ContextEvent(filterContext, place, callback, subscribe));
    }
  };

  const onFilter = (detail: unknown, from: Element): void => {
    try {
      const { source, filter } = parseFilterEvent(detail);
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

  const hear = (event: Event, from: Element): void => {
    if (event.type === 'context-request') onRequest(event as AnyContextEvent, from);
    else if (event instanceof CustomEvent) onFilter(event.detail, from);
  };
  const onEvent = (event: Event): void => {
    const [from] = event.composedPath();
    if (from instanceof Element) hear(event, from);
  };

  for (const name of heardEvents) page.addEventListener(name, onEvent);
  return {
    hear,
    end() {
      for (const name of heardEvents) page.removeEventListener(name, onEvent);
      for (const group of groups.values()) group.remove();
      groups.clear();
    },
  };
}

/** `source` names the filter, as another of that name takes its place. */
function parseFilterEvent(detail: unknown): { source: string; filter: SharedFilter | undefined } {
  const { source = 'page', filter } = isRecord(detail) ? detail : {};
  if (typeof source !== 'string')
    throw new ExaError('invalid', 'What exa-filter carries is { filter }, and a name for it as source.');
  return { source, filter: parseSharedFilter(filter) };
}
