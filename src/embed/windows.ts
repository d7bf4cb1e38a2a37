import type { ParentWindow } from './frame-child.ts';
import type { TextPort } from './jschannel.ts';

/** The window that holds this one, by structured messages. */
export function parentWindow(own: Window): ParentWindow {
  return {
    post: (message, origin) => own.parent.postMessage(message, origin),
    listen: (told) =>
      listenTo(own, (event) => {
        // The origin of a sandboxed page reads "null", and only "*" reaches it.
        told(event.data, event.origin === 'null' ? '*' : event.origin);
      }),
  };
}

/** The window that holds this one, by texts, as renderJS talks. */
export function parentTexts(own: Window): TextPort {
  return {
    post: (text) => own.parent.postMessage(text, '*'),
    listen: (told) =>
      listenTo(own, ({ data }) => {
        if (typeof data === 'string') told(data);
      }),
  };
}

/** Messages of the parent alone. */
function listenTo(own: Window, told: (event: MessageEvent<unknown>) => void): () => void {
  const listener = (event: MessageEvent<unknown>): void => {
    if (event.source === own.parent && own.parent !== own) told(event);
  };
  own.addEventListener('message', listener);
  return () => own.removeEventListener('message', listener);
}
