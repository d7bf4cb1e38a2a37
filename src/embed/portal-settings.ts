import { ExaError } from '../protocol/errors.ts';

/** A token as the portal's server made it, or what asks that server for a fresh one. */
export type TokenSource = string | (() => Promise<string>);

/** What a portal may say once for the whole page. */
export interface PortalSettings {
  /** Origin of the store; by default where `embed.js` came from. */
  readonly store?: string;
  /** Asked for whenever a token is needed or has expired. An element's own `token` comes first. */
  readonly token?: TokenSource;
  /** An address under the portal's own origin that serves, or imports, the store's `/embed/v1/worker.js`. */
  readonly workerUrl?: string;
}

/** The address of a store: an origin, or any http address that `/api` follows. Throws `invalid` otherwise. */
export function readStoreUrl(text: string, base: string): string {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw notAStore(text);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notAStore(text);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The whole address of a copy of our workers' script. Throws `invalid` where it is not of the page's own origin. */
export function readWorkerUrl(text: string, base: string): string {
  const { origin } = new URL(base);
  if (URL.canParse(text, base) && new URL(text, base).origin === origin) return new URL(text, base).href;
  throw new ExaError(
    'invalid',
    `workerUrl “${text.slice(0, 80)}” is not an address under ${origin}: browsers start workers from a page’s own origin alone.`,
  );
}

function notAStore(text: string): ExaError {
  return new ExaError(
    'invalid',
    `store="${text.slice(0, 80)}" is not the address of a store: write its origin, such as https://store.example.`,
  );
}
