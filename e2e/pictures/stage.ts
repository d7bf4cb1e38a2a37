import { ContextProvider } from '@lit/context';
import { dataClientContext, importClientContext } from '../../src/gadgets/contexts.ts';
import { Frame } from '../../src/gadgets/frame/frame.ts';
import { memoryHistory } from '../../src/gadgets/frame/workspace-history.ts';
import type { FakeClient } from '../../src/gadgets/gallery/fake-client.ts';
import { clientIn, galleryStates } from '../../src/gadgets/gallery/gallery-states.ts';
import { applyPreferences, openPreferences } from '../../src/gadgets/preferences.ts';
import type { Observer, Unsubscribe } from '../../src/protocol/client.ts';
import type { DatasetSummary } from '../../src/protocol/head.ts';
import { importsIn } from './made-up-imports.ts';

/** The workbench on made-up data in a state of the gallery: `?state=failed&theme=dark#/orders`. */
const asked = new URLSearchParams(location.search);
const state = galleryStates.find((one) => one === asked.get('state')) ?? 'ready';
const client = clientIn(state);
listing(client);
if (state === 'stale' || state === 'failed-after') client.setStatus({ connection: 'offline' });

// Where nothing can be kept every view says so: one of them is enough.
if (state === 'failed' && location.hash.startsWith('#/settings')) client.setStatus({ keeps: 'memory' });

const preferences = openPreferences(null);
preferences.set({ appearance: asked.get('theme') === 'dark' ? 'dark' : 'light' });
applyPreferences(preferences.get(), document.documentElement);
document.body.style.margin = '0';
new ContextProvider(document.body, { context: dataClientContext, initialValue: client });
new ContextProvider(document.body, { context: importClientContext, initialValue: importsIn(state) });
const frame = new Frame();
frame.history = memoryHistory(location.hash);
frame.preferences = preferences;
document.body.append(frame);
if (location.hash.startsWith('#/import') && state !== 'empty')
  frame.incoming = new File(['…'], 'online_retail.csv');

/** The list of data sets comes whatever becomes of answers: each view is seen in its own state. */
function listing(of: FakeClient): void {
  of.datasets = (observer: Observer<readonly DatasetSummary[]>): Unsubscribe => {
    queueMicrotask(() => observer.next(state === 'empty' ? emptied(of.summaries()) : of.summaries()));
    return () => {};
  };
}

/** Home is empty without any table, Clients without one that names clients; other views when their table has no rows. */
function emptied(all: readonly DatasetSummary[]): readonly DatasetSummary[] {
  if (location.hash.startsWith('#/home')) return [];
  if (!location.hash.startsWith('#/clients')) return all;
  return all
    .filter(({ profile }) => profile.part !== 'clients')
    .map((one) => {
      const { client: _, ...roles } = one.profile.roles;
      return { ...one, profile: { ...one.profile, part: 'table', roles, links: [] } };
    });
}
