import { ContextProvider } from '@lit/context';
import { dataClientContext, importClientContext } from './gadgets/contexts.ts';
import { Frame } from './gadgets/frame/frame.ts';
import { browserHistory } from './gadgets/frame/workspace-history.ts';
import { localize } from './gadgets/locales/localization.ts';
import { applyPreferences, openPreferences } from './gadgets/preferences.ts';
import { openWorkbenchClient } from './workers/client.ts';
import { openImportClient } from './workers/import-client.ts';
import { registerShell } from './workers/register-shell.ts';

/** The composition root: preferences, language, the client of the store this page came from, the frame. */
function start(root: HTMLElement, body: HTMLElement): void {
  const preferences = openPreferences();
  const apply = (): void => {
    const chosen = preferences.get();
    applyPreferences(chosen, root);
    void localize(chosen.language, root);
  };
  apply();
  preferences.listen(apply);

  const client = openWorkbenchClient({ storeUrl: location.origin });
  new ContextProvider(body, { context: dataClientContext, initialValue: client });

  const imports = openImportClient({
    storeUrl: location.origin,
    persist: async () => navigator.storage?.persist?.(),
  });
  new ContextProvider(body, { context: importClientContext, initialValue: imports });

  const frame = new Frame();
  frame.history = browserHistory();
  frame.preferences = preferences;
  body.append(frame);

  if (import.meta.env.PROD)
    void registerShell({
      updated: (activate) => frame.offerUpdate(activate),
    });
}

start(document.documentElement, document.body);
