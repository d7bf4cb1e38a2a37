import type { FilterGroupElement } from '../gadgets/filter-group/filter-group.ts';
import type { SharedFilter } from '../gadgets/filter-group/group.ts';
import type { Gadget } from '../gadgets/gadget.ts';
import { loadGadget } from '../gadgets/registry.ts';
import { ExaError } from '../protocol/errors.ts';
import type { FrameAddress } from './frame-address.ts';

/** What stands in an embedded page, whichever contract its parent speaks. */
export interface FrameGadget<E extends HTMLElement = HTMLElement> {
  readonly element: E;
  /** Methods a host may call. */
  readonly methods: readonly string[];
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  readState(): object;
  setState(state: object): Promise<void>;
  /** Sets the filter of `source`, or drops it. */
  setFilter(source: string, filter: SharedFilter | undefined): void;
  /** Told the state when people changed it; returns what ends it. */
  onState(told: (state: object) => void): () => void;
}

/** Puts the gadget of `address` on the page, in place of another. Rejects `missing` when there is no such gadget. */
export async function showGadget(page: Document, address: FrameAddress): Promise<FrameGadget<Gadget>> {
  const { tag, attributes, state } = address;
  await loadGadget(tag);
  const element = page.createElement(tag);
  if (!isGadget(element))
    throw new ExaError('missing', `“${tag}” cannot stand alone in a page.`, { facts: { tag } });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  // Alone in its page, it still filters: as the only one of its group.
  if (!element.hasAttribute('filter-group')) element.setAttribute('filter-group', 'frame');
  if (!element.id) element.id = tag;
  if (state) element.state = state;
  page.body.replaceChildren(element, ...page.querySelectorAll('body > exa-filter-group'));
  return {
    element,
    methods: (element.constructor as typeof Gadget).methods,
    call: (method, ...args) => element.call(method, ...args),
    readState: () => element.state,
    setState: (next) => element.changeState(next),
    setFilter(source, filter) {
      page.querySelector<FilterGroupElement>('body > exa-filter-group')?.put(source, filter);
    },
    onState(told) {
      const listener = (event: Event): void => {
        if (event.composedPath()[0] === element) told(element.state);
      };
      page.addEventListener('exa-state', listener);
      return () => page.removeEventListener('exa-state', listener);
    },
  };
}

function isGadget(element: HTMLElement): element is Gadget {
  return 'changeState' in element && 'call' in element;
}
