import { ContextProvider } from '@lit/context';
import { accountContext, dataClientContext, importClientContext } from './gadgets/contexts.ts';
import { Frame } from './gadgets/frame/frame.ts';
import { browserHistory } from './gadgets/frame/workspace-history.ts';
import { localize } from './gadgets/locales/localization.ts';
import { applyPreferences, openPreferences } from './gadgets/preferences.ts';
import { nextTask } from './protocol/next-task.ts';
import { openWorkbenchClient } from './workers/client.ts';
import { firstRest } from './workers/first-rest.ts';
import { openImportClient } from './workers/import-client.ts';
import { registerShell } from './workers/register-shell.ts';

declare global {
  /** The answer of `/api/start`, asked for in the head of `index.html`; undefined where a store has none. */
  var exanalyticsStart: Promise<unknown> | undefined;
}

/** The composition root: preferences, language, the client of the store this page came from, the frame. */
async function start(root: HTMLElement, body: HTMLElement): Promise<void> {
  const preferences = openPreferences();
  const apply = (): void => {
    const chosen = preferences.get();
    applyPreferences(chosen, root);
    void localize(chosen.language, root);
  };
  apply();
  preferences.listen(apply);

  const client = openWorkbenchClient({
    storeUrl: location.origin,
    asked: globalThis.exanalyticsStart,
    page: {
      kept: keptTexts(),
      here: () => `${location.pathname}${location.search}${location.hash}`,
      leaveFor: (address) => location.assign(address),
      startOver() {
        // What somebody looked at is theirs, too: no list of it stays, nor an address with their filters.
        preferences.set({ recent: [] });
        history.replaceState(null, '', '/');
        location.reload();
      },
    },
  });
  new ContextProvider(body, { context: dataClientContext, initialValue: client });

  const imports = openImportClient({
    storeUrl: location.origin,
    account: () => client.credentials(),
    persist: async () => navigator.storage?.persist?.(),
  });
  new ContextProvider(body, { context: importClientContext, initialValue: imports });

  new ContextProvider(body, { context: accountContext, initialValue: client.account });

  // A worker begins on this thread, too, and its work goes on beside what is drawn after it.
  await nextTask();
  const frame = new Frame();
  frame.history = browserHistory();
  frame.preferences = preferences;
  body.append(frame);

  if (import.meta.env.PROD)
    void firstRest(client).then(() =>
      registerShell({
        updated: (activate) => frame.offerUpdate(activate),
      }),
    );
}

/** The page's `localStorage`, where it may be used. */
function keptTexts(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

void start(document.documentElement, document.body);
