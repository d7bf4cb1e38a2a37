import { toExaError } from '../protocol/errors.ts';
import type { RecordAddress } from '../protocol/workspace.ts';
import { inherited } from './composed.ts';
import { contextRoot } from './context-root.ts';
import { loadElements } from './element-loader.ts';
import { type OpenClient, PortalClients } from './portal-clients.ts';
import { type PortalSettings, readStoreUrl } from './portal-settings.ts';

/** Gadgets at home in a page of somebody else's. */
export interface Portal {
  /** Changes what gadgets that come from now on are answered with. */
  configure(settings: PortalSettings): void;
  close(): void;
}

/**
 * Makes a page a portal: gadgets in it find their client by `store` and `token` (attributes, their own or inherited, or
 * {@link PortalSettings}), share filters by `filter-group`, open records in a sheet unless the page takes `exa-open`
 * for itself (`preventDefault`), and their code is loaded when the first of a kind appears.
 */
export function openPortal(page: Document, open: OpenClient, first: PortalSettings): Portal {
  let settings = first;
  const clients = new PortalClients(open);

  const endRoot = contextRoot(page, {
    client(element) {
      try {
        const store = readStoreUrl(inherited(element, 'store') ?? settings.store ?? '', page.baseURI);
        return clients.get(store, inherited(element, 'token') ?? settings.token);
      } catch (error) {
        showError(page, error, [element]);
        return undefined;
      }
    },
  });
  const endLoading = loadElements(page, (error, waiting) => showError(page, error, waiting));

  const onOpen = (event: Event): void => {
    if (event.defaultPrevented) return;
    const from = event.composedPath()[0];
    if (from instanceof Element) openRecord(page, from, (event as CustomEvent<RecordAddress>).detail);
  };
  page.addEventListener('exa-open', onOpen);

  return {
    configure(more) {
      settings = { ...settings, ...more };
    },
    close() {
      endRoot();
      endLoading();
      page.removeEventListener('exa-open', onOpen);
      clients.close();
    },
  };
}

/** The sheet of a row, over the page, for the store that the gadget it was opened from asks. */
function openRecord(page: Document, from: Element, address: RecordAddress): void {
  const known = page.querySelector('exa-record[data-portal]');
  const sheet = known ?? page.createElement('exa-record');
  if (!known) {
    sheet.setAttribute('data-portal', '');
    sheet.addEventListener('exa-workspace', (event) => {
      const { change } = (event as CustomEvent<{ change: { record?: RecordAddress } }>).detail;
      if (!('record' in change)) return;
      event.stopPropagation();
      if (change.record) Object.assign(sheet, { address: change.record });
      else sheet.remove();
    });
  }
  for (const name of ['store', 'token', 'lang']) {
    const value = inherited(from, name);
    if (value !== undefined) sheet.setAttribute(name, value);
  }
  Object.assign(sheet, { address });
  if (!known) page.body.append(sheet);
}

/** An error card in place of what could not come; gone when Retry finds it can. */
function showError(page: Document, error: unknown, waiting: readonly Element[]): void {
  for (const element of waiting) {
    if (element.previousElementSibling?.localName === 'exa-error-card') continue;
    const card = page.createElement('exa-error-card');
    Object.assign(card, { error: toExaError(error) });
    card.addEventListener('exa-retry', () => {
      card.remove();
      const { parentNode, nextSibling } = element;
      // Put back, it asks its ancestors anew and its code is looked for again.
      element.remove();
      parentNode?.insertBefore(element, nextSibling);
    });
    element.before(card);
  }
}
