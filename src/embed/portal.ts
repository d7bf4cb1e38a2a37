import type { DrillEvent } from '../gadgets/drill.ts';
import { gadgetTags } from '../gadgets/registry.ts';
import { type ExaError, toExaError } from '../protocol/errors.ts';
import type { RecordAddress } from '../protocol/workspace.ts';
import type { WorkbenchClient } from '../workers/client.ts';
import { afterScripts } from './after-scripts.ts';
import { keepAllowed, placedGadget } from './allowed-gadgets.ts';
import { inherited } from './composed.ts';
import { contextRoot } from './context-root.ts';
import { loadElements } from './element-loader.ts';
import type { MissedEvent } from './missed-events.ts';
import { neverReached, tellUnreached } from './never-reached.ts';
import { type OpenClient, PortalClients } from './portal-clients.ts';
import { type PortalSettings, readStoreUrl, readWorkerUrl, type TokenSource } from './portal-settings.ts';
import { openRecord, openRows } from './portal-sheets.ts';

/** What was before a portal opened. */
export interface PortalBeginnings {
  /** When the scripts the page came with have run: they may say the store and the token. */
  readonly scripts?: Promise<void>;
  /** What the page and gadgets in it said meanwhile. */
  readonly missed?: readonly MissedEvent[];
}

/** Gadgets at home in a page of somebody else's. */
export interface Portal {
  /** Changes what gadgets that come from now on are answered with. */
  configure(settings: PortalSettings): void;
  /** Removes what this browser keeps for whoever the tokens of this page name; gadgets are taken off it. */
  signOut(): Promise<void>;
  close(): void;
}

/**
 * Makes a page a portal: gadgets in it find their client by `store` and `token` (attributes, their own or inherited, or
 * {@link PortalSettings}), share filters by `filter-group`, open records in a sheet unless the page takes `exa-open`
 * for itself (`preventDefault`), and their code is loaded when the first of a kind appears.
 */
export function openPortal(
  page: Document,
  open: OpenClient,
  first: PortalSettings,
  { scripts = afterScripts(page), missed = [] }: PortalBeginnings = {},
): Portal {
  const read = ({ workerUrl, ...rest }: PortalSettings): PortalSettings => ({
    ...rest,
    ...(workerUrl !== undefined && { workerUrl: readWorkerUrl(workerUrl, page.baseURI) }),
  });
  let settings = read(first);
  const clients = new PortalClients((options) => open({ ...options, workerUrl: settings.workerUrl }));

  const watched = new WeakMap<Element, WorkbenchClient>();
  const watchOnce = (placed: Element, client: WorkbenchClient, store: string): void => {
    if (watched.get(placed) === client) return;
    watched.set(placed, client);
    const cardOf = (error: ExaError): Element => {
      const card = page.createElement('exa-error-card');
      Object.assign(card, { error });
      card.addEventListener('exa-retry', () => client.retry());
      return card;
    };
    keepAllowed(placed, client.account, cardOf);
    const { origin } = new URL(page.baseURI);
    tellUnreached(placed, client, () => cardOf(neverReached(store, origin)));
  };

  const storeOf = (element: Element): string =>
    readStoreUrl(inherited(element, 'store') ?? settings.store ?? '', page.baseURI);
  const tokenOf = (element: Element): TokenSource | undefined =>
    inherited(element, 'token') ?? settings.token;

  const root = contextRoot(page, {
    client(element) {
      try {
        const store = storeOf(element);
        const client = clients.get(store, tokenOf(element));
        const placed = placedGadget(element);
        if (placed) watchOnce(placed, client, store);
        return client;
      } catch (error) {
        showError(page, error, [element]);
        return undefined;
      }
    },
  });
  void scripts.then(() => {
    // Who has left the page since asks again when it is back.
    for (const { event, from } of missed) if (from.isConnected) root.hear(event, from);
  });
  const openAhead = (element: Element): void => {
    if (!element.isConnected) return;
    try {
      clients.openAhead(storeOf(element), tokenOf(element));
    } catch {
      // Said where the gadget asks for it.
    }
  };
  const endLoading = loadElements(
    page,
    (element) => void scripts.then(() => openAhead(element)),
    (error, waiting) => showError(page, error, waiting),
  );

  const onOpen = (event: Event): void => {
    const { detail } = event as CustomEvent<RecordAddress & { readonly document?: string }>;
    // A row's own document opens by its link.
    if (event.defaultPrevented || detail.document !== undefined) return;
    const from = event.composedPath()[0];
    if (from instanceof Element) openRecord(page, from, detail);
  };
  const onDrill = (event: Event): void => {
    if (event.defaultPrevented) return;
    const from = event.composedPath()[0];
    if (!(from instanceof Element)) return;
    openRows(page, from, (event as DrillEvent).detail).catch((error: unknown) =>
      showError(page, error, [placedGadget(from) ?? from]),
    );
  };
  page.addEventListener('exa-open', onOpen);
  page.addEventListener('exa-drill', onDrill);

  return {
    configure(more) {
      settings = { ...settings, ...read(more) };
      clients.closeAhead();
    },
    async signOut() {
      for (const tag of gadgetTags) for (const element of page.querySelectorAll(tag)) element.remove();
      await clients.signOut();
    },
    close() {
      root.end();
      endLoading();
      page.removeEventListener('exa-open', onOpen);
      page.removeEventListener('exa-drill', onDrill);
      clients.close();
    },
  };
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
