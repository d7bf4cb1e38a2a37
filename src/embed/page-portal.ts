import '../gadgets/error-card.ts';
import '../gadgets/filter-group/filter-group.ts';
import { localize } from '../gadgets/locales/localization.ts';
import { openWorkbenchClient } from '../workers/client.ts';
import type { EarlyWorker } from '../workers/early-worker.ts';
import { afterScripts } from './after-scripts.ts';
import type { MissedEvent } from './missed-events.ts';
import { openPortal, type Portal } from './portal.ts';
import type { PortalSettings } from './portal-settings.ts';

/** What a page did, and was done for it, before this code was here. */
export interface Earlier {
  readonly settings?: PortalSettings;
  /** When the scripts the page came with have run. */
  readonly scripts?: Promise<void>;
  readonly worker?: EarlyWorker;
  /** What a page begins with, asked without a token of the store that this script came from, in JSON. */
  readonly asked?: Promise<unknown>;
  readonly missed?: readonly MissedEvent[];
}

/** How long after its scripts have run a page may begin with what was asked before, in ms. */
const freshMs = 2000;

/** Makes a page a portal in its own language; its store is where this script came from, unless it says otherwise. */
export function openPage(page: Document, earlier: Earlier = {}): Portal {
  const { settings, scripts = afterScripts(page), worker, missed } = earlier;
  const home = new URL(import.meta.url).origin;
  let early = worker;
  let { asked } = earlier;
  const portal = openPortal(
    page,
    (options) => {
      const { storeUrl, token, workerUrl } = options;
      const isAsked = token === undefined && storeUrl === home;
      const taken = {
        ...(isAsked && asked && { asked }),
        ...(workerUrl === undefined && early && { early }),
      };
      if (isAsked) asked = undefined;
      if (workerUrl !== undefined) early?.drop();
      early = undefined;
      return openWorkbenchClient({ ...options, ...taken });
    },
    { store: home, ...settings },
    { scripts, missed },
  );
  // What a gadget that comes much later begins with is asked for then.
  void scripts.then(() =>
    setTimeout(() => {
      asked = undefined;
    }, freshMs),
  );
  // The portal's language, which stays the portal's to say.
  void localize(page.documentElement.lang, page.createElement('div'));
  return portal;
}
