import type { DataClient } from '../protocol/client.ts';
import { ExaError } from '../protocol/errors.ts';

/** The sentence for a store that was never reached from a page: what may be missing, in the order people forget it. */
export function neverReached(store: string, page: string): ExaError {
  return new ExaError(
    'offline',
    `Nothing at ${store} answers as a store does. Is it the store’s address, does it run with --allow-origin ${page}, and does this page’s Content-Security-Policy have connect-src ${store}?`,
    { facts: { store } },
  );
}

/** Keeps a card before a gadget as long as its store was never reached, and nothing of it is kept here. */
export function tellUnreached(placed: Element, client: DataClient, card: () => Element): void {
  const ref = new WeakRef(placed);
  let shown: Element | undefined;
  let end = () => {};
  end = client.status({
    next({ connection, asOf }) {
      const here = ref.deref();
      if (!here) return end();
      const isNever = connection === 'offline' && asOf === null;
      if (isNever && !shown && here.isConnected) {
        shown = card();
        here.before(shown);
      } else if (!isNever) {
        shown?.remove();
        shown = undefined;
      }
    },
  });
}
