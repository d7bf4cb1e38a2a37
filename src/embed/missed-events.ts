/** What a page or a gadget in it said to its last ancestor before anybody listened there. */
export interface MissedEvent {
  readonly from: Element;
  readonly event: Event;
}

/** What a last ancestor listens for: gadgets ask for a client and filters, pages set a filter. */
export const heardEvents = ['context-request', 'exa-filter'];

/** Keeps such events of a page until it is ended; gives them then, in order. */
export function missedEvents(page: Document): () => readonly MissedEvent[] {
  const missed: MissedEvent[] = [];
  const onEvent = (event: Event): void => {
    const [from] = event.composedPath();
    if (from instanceof Element) missed.push({ from, event });
  };
  for (const name of heardEvents) page.addEventListener(name, onEvent);
  return () => {
    for (const name of heardEvents) page.removeEventListener(name, onEvent);
    return missed;
  };
}
