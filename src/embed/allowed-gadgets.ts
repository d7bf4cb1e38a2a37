import { gadgetTags } from '../gadgets/registry.ts';
import type { AccountClient, AccountSession } from '../protocol/account.ts';
import { ExaError } from '../protocol/errors.ts';
import { holdersOf } from './composed.ts';

const known = new Set(['exa-frame', ...gadgetTags.filter((tag) => tag !== 'exa-filter-group')]);

/** The outermost gadget that holds `element`: what a portal put on its page. A group of filters is none. */
export function placedGadget(element: Element): Element | undefined {
  let placed: Element | undefined;
  for (const holder of holdersOf(element)) if (known.has(holder.localName)) placed = holder;
  return placed;
}

/** The sentence for a gadget, or a workspace, that a token does not allow; undefined where it does. */
export function refusalOf(placed: Element, session: AccountSession): ExaError | undefined {
  // Who is not signed in is told so by the answers.
  if (!session.open) return undefined;
  if (placed.localName === 'exa-frame') {
    const { workspaces } = session;
    const name = placed.getAttribute('workspace') ?? '';
    if (workspaces === '*' || workspaces.includes(name)) return undefined;
    return new ExaError('refused', `Your token does not let the workspace “${name}” be shown here.`, {
      facts: { workspace: name },
    });
  }
  const { gadgets } = session;
  // The sheet of a row that a gadget opened comes with it.
  if (gadgets === '*' || gadgets.includes(placed.localName) || placed.hasAttribute('data-portal'))
    return undefined;
  return new ExaError(
    'refused',
    `Your token does not let <${placed.localName}> be shown here: it names ${gadgets.join(', ') || 'no gadgets'}.`,
    { facts: { gadget: placed.localName } },
  );
}

/**
 * Takes a gadget off the page while its session does not allow it, with a card in its place, and puts it back when
 * another token does.
 */
export function keepAllowed(
  placed: Element,
  account: AccountClient,
  cardFor: (error: ExaError) => Element,
): void {
  // Gadgets come and go; what is gone is not kept for the sake of being watched.
  const ref = new WeakRef(placed);
  let taken: { readonly card: Element; readonly placed: Element } | undefined;
  let end = () => {};
  end = account.session({
    next(session) {
      const here = taken?.placed ?? ref.deref();
      if (!here) return end();
      const refusal = refusalOf(here, session);
      if (refusal && !taken && here.isConnected) {
        taken = { card: cardFor(refusal), placed: here };
        here.replaceWith(taken.card);
      } else if (!refusal && taken) {
        taken.card.replaceWith(taken.placed);
        taken = undefined;
      }
    },
  });
}
