import { parseSharedFilter } from '../gadgets/filter-group/parse-shared-filter.ts';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { type ChildMessage, type ParentMessage, parseParentMessage } from '../protocol/frame-messages.ts';
import type { FrameGadget } from './frame-gadget.ts';

/** The window that holds ours, as the child talks to it. */
export interface ParentWindow {
  post(message: ChildMessage, origin: string): void;
  /** Told every message of the parent's window; returns what ends it. */
  listen(told: (data: unknown, origin: string) => void): () => void;
}

/** What the parent may ask of the page beside its gadget. */
export interface FrameEffects {
  setToken(token: string): void;
  /** Removes what this browser keeps for whom the token names. */
  signOut(): Promise<void>;
  /** Told when the token no longer holds. */
  onWanted(listener: () => void): void;
}

/** Most messages of a parent answered in a second; the others are refused, so that a flood cannot freeze the gadget. */
const mostASecond = 200;

/** Events of a gadget that its parent hears of, by name. */
const toldEvents = ['exa-select', 'exa-filters', 'exa-open', 'exa-error'] as const;

/**
 * The child's side of the message API: says `ready`, then answers calls one by one. Until the parent has said `hello`
 * nothing but `ready` and `size` leaves: state goes to the origin that said it, never to `*`.
 */
export function frameChild(
  gadget: FrameGadget,
  parent: ParentWindow,
  effects: FrameEffects,
  now: () => number,
): () => void {
  const { element, methods } = gadget;
  let origin: string | undefined;
  let isWanted = false;
  let second = 0;
  let inSecond = 0;

  const tell = (message: ChildMessage): void => {
    if (origin !== undefined) parent.post(message, origin);
  };

  const run = async (message: ParentMessage): Promise<unknown> => {
    switch (message.kind) {
      case 'hello':
        return { tag: element.localName, methods };
      case 'getState':
        return gadget.readState();
      case 'setState':
        await gadget.setState(message.state);
        return gadget.readState();
      case 'setFilter':
        return gadget.setFilter(message.source, parseSharedFilter(message.filter));
      case 'setToken':
        isWanted = false;
        return effects.setToken(message.token);
      case 'signOut':
        return effects.signOut();
      case 'export':
        return gadget.call('export', message.format);
      case 'call':
        return gadget.call(message.method, ...message.args);
    }
  };

  const answer = async (message: ParentMessage, from: string): Promise<void> => {
    const { id } = message;
    try {
      const value: unknown = await run(message);
      parent.post({ exanalytics: 1, kind: 'done', id, value: value ?? null }, from);
    } catch (error) {
      const { tag, message: sentence } = toExaError(error);
      parent.post({ exanalytics: 1, kind: 'failed', id, error: { tag, message: sentence } }, from);
    }
  };

  const end = parent.listen((data, from) => {
    const message = parseParentMessage(data);
    if (!message) return;
    if (message.kind === 'hello') {
      origin = from;
      if (isWanted) tell({ exanalytics: 1, kind: 'needToken' });
    }
    // One parent, one origin: whoever said hello first in it.
    if (from !== origin) return;
    const at = Math.floor(now() / 1000);
    inSecond = at === second ? inSecond + 1 : 1;
    second = at;
    if (inSecond <= mostASecond) void answer(message, from);
    else if (inSecond === mostASecond + 1) {
      const { tag, message: sentence } = new ExaError(
        'refused',
        'More than 200 messages a second: the rest is left unanswered.',
      );
      parent.post(
        { exanalytics: 1, kind: 'failed', id: message.id, error: { tag, message: sentence } },
        from,
      );
    }
  });

  effects.onWanted(() => {
    isWanted = true;
    tell({ exanalytics: 1, kind: 'needToken' });
  });
  const onTold = (event: Event): void => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    tell({ exanalytics: 1, kind: 'event', type: event.type, detail: plainOf(detail) });
  };
  const page = element.ownerDocument;
  const endState = gadget.onState((state) => tell({ exanalytics: 1, kind: 'state', state }));
  for (const type of toldEvents) page.addEventListener(type, onTold);

  // To anybody: it tells that a gadget is here and how tall it is, nothing of its data.
  parent.post({ exanalytics: 1, kind: 'ready', tag: element.localName, methods }, '*');
  const sizes = new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    parent.post({ exanalytics: 1, kind: 'size', height }, '*');
  });
  sizes.observe(element);

  return () => {
    end();
    sizes.disconnect();
    endState();
    for (const type of toldEvents) page.removeEventListener(type, onTold);
  };
}

/** A detail as JSON has it; errors as their sentence. */
function plainOf(detail: unknown): unknown {
  if (detail instanceof ExaError) return { tag: detail.tag, message: detail.message };
  try {
    return detail === undefined ? null : JSON.parse(JSON.stringify(detail));
  } catch {
    return null;
  }
}
