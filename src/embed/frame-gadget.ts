import type { Gadget } from '../gadgets/gadget.ts';
import { loadGadget } from '../gadgets/registry.ts';
import { ExaError } from '../protocol/errors.ts';
import type { FrameAddress } from './frame-address.ts';

/** The gadget an embedded page shows, whichever contract its parent speaks. */
export interface FrameGadget {
  readonly element: Gadget;
  /** Methods a host may call. */
  readonly methods: readonly string[];
}

/** Puts the gadget of `address` on the page, in place of another. Rejects `missing` when there is no such gadget. */
export async function showGadget(page: Document, address: FrameAddress): Promise<FrameGadget> {
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
  return { element, methods: (element.constructor as typeof Gadget).methods };
}

function isGadget(element: HTMLElement): element is Gadget {
  return 'changeState' in element && 'call' in element;
}
