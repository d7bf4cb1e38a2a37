import { afterScripts } from './embed/after-scripts.ts';
import { missedEvents } from './embed/missed-events.ts';
import type { openPage } from './embed/page-portal.ts';
import type { Portal } from './embed/portal.ts';
import { type PortalSettings, readWorkerUrl } from './embed/portal-settings.ts';
import type { AccountSession } from './protocol/account.ts';
import { placeOf } from './workers/account-place.ts';
import { blobWorker } from './workers/blob-worker.ts';
import { type EarlyWorker, earlyWorker } from './workers/early-worker.ts';

export type { PortalSettings, TokenSource } from './embed/portal-settings.ts';

/**
 * Built by itself (embed-entry-plugin), as it is the first a portal loads: it has everything else fetched side by side, and
 * a worker started, while what it needs of the page is on its way. Addresses are relative to this script.
 */
declare const __EXANALYTICS_SCRIPTS__: {
  readonly names: readonly string[];
  /** Which has {@link openPage}; it rests on those before it. */
  readonly portal: number;
  readonly worker: string;
  /** Which others each kind of gadget rests on. */
  readonly gadgets: Readonly<Record<string, readonly number[]>>;
};

const scripts = __EXANALYTICS_SCRIPTS__;
const mark = Symbol.for('exanalytics.portal');

interface Marked {
  [mark]?: Pick<Portal, 'configure' | 'signOut'>;
}

const addressOf = (script: string): string => new URL(script, import.meta.url).href;

/** One portal a page: a second copy of this script (another version, another store) joins the first. */
const page: Document & Marked = document;
page[mark] ??= portalOnItsWay();

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

/** What the page says before the portal's code is here, the portal is told when it is. */
function portalOnItsWay(): Pick<Portal, 'configure' | 'signOut'> {
  let settings: PortalSettings = {};
  let portal: Portal | undefined;
  let worker: EarlyWorker | undefined;
  // Before it is known whether the page means another store, or has a token: then this answer is left aside.
  const asked = saysOther(page) ? undefined : askStart();
  const scriptsRan = afterScripts(page);
  const endMissing = missedEvents(page);

  const open = async (): Promise<Portal> => {
    const code = (await import(/* @vite-ignore */ addressOf(scripts.names[scripts.portal]!))) as {
      openPage: typeof openPage;
    };
    portal = code.openPage(page, { settings, scripts: scriptsRan, worker, asked, missed: endMissing() });
    return portal;
  };
  fetchAhead(scripts.names.slice(0, scripts.portal + 1));
  const opening = open();
  void scriptsRan.then(() => {
    const wanted = Object.keys(scripts.gadgets).filter((tag) => page.querySelector(tag));
    if (wanted.length === 0) return;
    if (!portal) {
      const { store, token, workerUrl } = settings;
      if (workerUrl === undefined) worker = startWorker();
      if (store === undefined && token === undefined && !saysOther(page))
        void asked?.then(
          (start) => {
            const place = placeOfStart(start);
            if (place) worker?.coordinate(place);
          },
          () => {},
        );
    }
    const places = wanted.flatMap((tag) => scripts.gadgets[tag] ?? []);
    fetchAhead(places.map((place) => scripts.names[place]!));
  });

  return {
    configure(more) {
      if (portal) return portal.configure(more);
      if (more.workerUrl !== undefined) {
        readWorkerUrl(more.workerUrl, page.baseURI);
        worker?.drop();
        worker = undefined;
      }
      settings = { ...settings, ...more };
    },
    signOut: async () => (await opening).signOut(),
  };
}

function saysOther(page: Document): boolean {
  return page.querySelector('[store], [token]') !== null;
}

/** The scripts are fetched and read now, and run when they are imported. */
function fetchAhead(names: readonly string[]): void {
  for (const name of new Set(names)) {
    const link = page.createElement('link');
    link.rel = 'modulepreload';
    link.crossOrigin = 'anonymous';
    link.href = addressOf(name);
    page.head.append(link);
  }
}

/** What a page begins with, as the workbench's page asks it; the worker finds it in the browser's cache. */
function askStart(): Promise<unknown> {
  const asked = fetch(new URL('/api/start', import.meta.url), {
    cache: 'reload',
    headers: { accept: 'application/json' },
  }).then((answer) =>
    answer.ok && answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined,
  );
  asked.catch(() => {});
  return asked;
}

/** Where a page of `start` coordinates; undefined where it may not, or that says nothing of it. */
function placeOfStart(start: unknown): string | undefined {
  const { session } = (start ?? {}) as { readonly session?: Partial<AccountSession> };
  const { open, account, scope, cache } = session ?? {};
  if (!open || account === undefined || scope === undefined || cache === undefined) return undefined;
  const storeUrl = new URL(import.meta.url).origin;
  return JSON.stringify(placeOf(storeUrl, { account, scope, cache }, { generation: 0, hasToken: false }));
}

/** The worker a page of another origin begins with; undefined where it may start none. Its script is fetched meanwhile. */
function startWorker(): EarlyWorker | undefined {
  const script = addressOf(scripts.worker);
  if (typeof Worker === 'undefined' || new URL(script).origin === page.location.origin) return undefined;
  try {
    const started = earlyWorker(blobWorker(script));
    // What the browser keeps of it the worker finds there.
    fetch(script)
      .then((answer) => answer.arrayBuffer())
      .catch(() => {});
    return started;
  } catch {
    return undefined;
  }
}
