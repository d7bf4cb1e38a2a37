import './embed.ts';
import { parseFrameAddress, printFrameAddress } from './embed/frame-address.ts';
import { frameChild } from './embed/frame-child.ts';
import { type FrameGadget, showGadget } from './embed/frame-gadget.ts';
import { parentWindow } from './embed/windows.ts';
import { configure } from './embed.ts';
import type { FilterGroupElement } from './gadgets/filter-group/filter-group.ts';
import { toExaError } from './protocol/errors.ts';

/** The page of one gadget in an iframe: its address is its state, its parent talks to it by messages. */
async function start(page: Document, own: Window): Promise<void> {
  const address = parseFrameAddress(own.location.hash);
  const { token, ...attributes } = address.attributes;
  if (token !== undefined) {
    configure({ token });
    // A token is no part of an address that people copy.
    own.history.replaceState(null, '', printFrameAddress({ ...address, attributes }));
  }
  const gadget: FrameGadget = await showGadget(page, { ...address, attributes });
  page.addEventListener('exa-state', (event) => {
    if (event.composedPath()[0] !== gadget.element) return;
    own.history.replaceState(
      null,
      '',
      printFrameAddress({ ...address, attributes, state: gadget.element.state }),
    );
  });
  frameChild(
    gadget,
    parentWindow(own),
    {
      setFilter(source, filter) {
        const group = page.querySelector<FilterGroupElement>('exa-filter-group');
        if (!group) return;
        const { [source]: _dropped, ...others } = group.state.filters;
        const filters = filter === null ? others : { ...others, [source]: filter };
        group.state = { ...group.state, filters: filters as typeof group.state.filters };
      },
      setToken: (fresh) => configure({ token: fresh }),
    },
    () => performance.now(),
  );
}

start(document, window).catch((error: unknown) => {
  const card = document.createElement('exa-error-card');
  Object.assign(card, { error: toExaError(error) });
  card.addEventListener('exa-retry', () => location.reload());
  document.body.append(card);
});
