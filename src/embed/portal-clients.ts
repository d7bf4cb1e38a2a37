import type { WorkbenchClient } from '../workers/client.ts';
import type { TokenSource } from './portal-settings.ts';

/** How a client of a store is opened. */
export type OpenClient = (options: {
  readonly storeUrl: string;
  readonly token?: TokenSource;
  readonly workerUrl?: string;
}) => WorkbenchClient;

/**
 * One client a store and token for the whole page, whatever the number of gadgets: they share its coordinator and
 * its cache. A client outlives its gadgets, as portals remove and put back.
 */
export class PortalClients {
  readonly #open: OpenClient;
  readonly #clients = new Map<string, Map<TokenSource | undefined, WorkbenchClient>>();
  /** Opened ahead, and asked for by no gadget yet. */
  readonly #ahead = new Set<WorkbenchClient>();

  constructor(open: OpenClient) {
    this.#open = open;
  }

  get(storeUrl: string, token: TokenSource | undefined): WorkbenchClient {
    const client = this.#opened(storeUrl, token);
    this.#ahead.delete(client);
    return client;
  }

  /** Opens a client before a gadget asks for it, so that its workers start while the gadget's code is on its way. */
  openAhead(storeUrl: string, token: TokenSource | undefined): void {
    if (!this.#clients.get(storeUrl)?.has(token)) this.#ahead.add(this.#opened(storeUrl, token));
  }

  /** Closes what was opened ahead and no gadget has asked for: the page says another store or token now. */
  closeAhead(): void {
    for (const ofStore of this.#clients.values())
      for (const [token, client] of ofStore) {
        if (!this.#ahead.delete(client)) continue;
        ofStore.delete(token);
        client.close();
      }
  }

  #opened(storeUrl: string, token: TokenSource | undefined): WorkbenchClient {
    const ofStore = this.#clients.get(storeUrl) ?? new Map<TokenSource | undefined, WorkbenchClient>();
    this.#clients.set(storeUrl, ofStore);
    const known = ofStore.get(token);
    if (known) return known;
    const client = this.#open({ storeUrl, ...(token === undefined ? {} : { token }) });
    ofStore.set(token, client);
    return client;
  }

  /** Removes what is kept for each client's person, and closes it. Rejects with the first that could not. */
  async signOut(): Promise<void> {
    const all = [...this.#clients.values()].flatMap((ofStore) => [...ofStore.values()]);
    this.#clients.clear();
    const done = await Promise.allSettled(all.map((client) => client.account.signOut()));
    for (const client of all) client.close();
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }

  close(): void {
    for (const ofStore of this.#clients.values()) for (const client of ofStore.values()) client.close();
    this.#clients.clear();
  }
}
