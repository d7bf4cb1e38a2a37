import { openPortal, type Portal } from './embed/portal.ts';
import type { PortalSettings } from './embed/portal-settings.ts';
import './gadgets/error-card.ts';
import './gadgets/filter-group/filter-group.ts';
import { localize } from './gadgets/locales/localization.ts';
import { openWorkbenchClient } from './workers/client.ts';

export type { PortalSettings, TokenSource } from './embed/portal-settings.ts';

/** Where this script came from is the store, unless the page says otherwise. */
const home = new URL(import.meta.url).origin;
const mark = Symbol.for('exanalytics.portal');

interface Marked {
  [mark]?: Portal;
}

/** One portal a page: a second copy of this script (another version, another store) joins the first. */
const page: Document & Marked = document;
page[mark] ??= openPortal(document, openWorkbenchClient, { store: home });
// The portal's language, which stays the portal's to say.
void localize(document.documentElement.lang, document.createElement('div'));

/** Says once for the page which store its gadgets ask and with which token; elements' own attributes come first. */
export function configure(settings: PortalSettings): void {
  page[mark]?.configure(settings);
}

/**
 * Says that whoever the tokens name has left the portal: what this browser keeps for them is removed. Gadgets on the page
 * are taken off it, as they show what nobody may see any more.
 */
export async function signOut(): Promise<void> {
  await page[mark]?.signOut();
}
