import { parseFrameAddress, printFrameAddress } from './embed/frame-address.ts';
import { frameChild } from './embed/frame-child.ts';
import { type FrameGadget, showGadget } from './embed/frame-gadget.ts';
import { type FrameToken, frameToken } from './embed/frame-token.ts';
import { isWorkspaceHash, showWorkspace } from './embed/frame-workspace.ts';
import { openPage } from './embed/page-portal.ts';
import { parentWindow } from './embed/windows.ts';
import { toExaError } from './protocol/errors.ts';

/** The page of one gadget, or one workspace, in an iframe: its address is its state, its parent talks to it by messages. */
async function start(page: Document, own: Window): Promise<void> {
  const keep = (fragment: string): void => own.history.replaceState(null, '', fragment);
  const portal = openPage(page);
  const token = takeToken(own, keep);
  if (token) portal.configure({ token: () => token.source() });
  const gadget = isWorkspaceHash(own.location.hash)
    ? await showWorkspace(page, own.location.hash, keep)
    : await showOne(page, own.location.hash, keep);
  frameChild(
    gadget,
    parentWindow(own),
    {
      setToken(fresh) {
        if (token) return token.set(fresh);
        portal.configure({ token: fresh });
        // It asks its ancestors anew, and is answered with the client of that token.
        page.body.append(gadget.element);
      },
      signOut: () => portal.signOut(),
      onWanted: (listener) => token?.onWanted(listener),
    },
    () => performance.now(),
  );
}

/** Takes the token out of the address: it is no part of what people copy. */
function takeToken(own: Window, keep: (fragment: string) => void): FrameToken | undefined {
  const { hash } = own.location;
  const cut = hash.indexOf('?');
  if (cut < 0) return undefined;
  const pairs = new URLSearchParams(hash.slice(cut + 1));
  const token = pairs.get('token');
  if (token === null) return undefined;
  pairs.delete('token');
  const rest = pairs.toString();
  keep(rest === '' ? hash.slice(0, cut) : `${hash.slice(0, cut)}?${rest}`);
  return frameToken(token);
}

async function showOne(page: Document, hash: string, keep: (fragment: string) => void): Promise<FrameGadget> {
  const address = parseFrameAddress(hash);
  const gadget = await showGadget(page, address);
  gadget.onState((state) => keep(printFrameAddress({ ...address, state })));
  return gadget;
}

start(document, window).catch((error: unknown) => {
  const card = document.createElement('exa-error-card');
  Object.assign(card, { error: toExaError(error) });
  card.addEventListener('exa-retry', () => location.reload());
  document.body.append(card);
});
