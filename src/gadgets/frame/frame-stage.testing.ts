import { ContextProvider } from '@lit/context';
import { dataClientContext } from '../contexts.ts';
import type { FakeClient } from '../gallery/fake-client.ts';
import { openPreferences } from '../preferences.ts';
import { Frame } from './frame.ts';
import { memoryHistory } from './workspace-history.ts';

/** A frame on a page of its own. */
export interface FrameStage {
  readonly root: HTMLElement;
  readonly frame: Frame;
  readonly history: ReturnType<typeof memoryHistory>;
  /** The first element of a selector anywhere below, shadow roots crossed. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E | undefined;
  remove(): void;
}

/** A frame that shows `fragment` of a client's data. */
export function stageFrame(
  client: FakeClient,
  fragment: string,
  scheme: 'light' | 'dark' = 'light',
): FrameStage {
  document.documentElement.lang = 'en';
  document.body.style.margin = '0';
  const root = document.createElement('div');
  root.style.colorScheme = scheme;
  new ContextProvider(root, { context: dataClientContext, initialValue: client });
  const history = memoryHistory(fragment);
  const frame = new Frame();
  frame.history = history;
  frame.preferences = openPreferences(null);
  root.append(frame);
  document.body.append(root);
  return {
    root,
    frame,
    history,
    find: <E extends HTMLElement>(selector: string): E | undefined => findDeep<E>(root, selector),
    remove: () => root.remove(),
  };
}

function findDeep<E extends HTMLElement>(at: Element | ShadowRoot, selector: string): E | undefined {
  const here = at.querySelector<E>(selector);
  if (here) return here;
  for (const element of at.querySelectorAll('*')) {
    const found = element.shadowRoot ? findDeep<E>(element.shadowRoot, selector) : undefined;
    if (found) return found;
  }
  return undefined;
}
