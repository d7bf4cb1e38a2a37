import type { ViewName } from '../../protocol/workspace.ts';

/** What a shortcut does. */
export interface ShortcutActions {
  search(): void;
  help(): void;
  go(view: ViewName): void;
  panel(): void;
  undo(): void;
  redo(): void;
  save(): void;
}

/** Views by the second key after `g`. */
export const goKeys: Readonly<Record<string, ViewName>> = {
  h: 'home',
  o: 'orders',
  c: 'clients',
  d: 'datasets',
  s: 'settings',
};

/** Time to press the second key after `g`, ms. */
const secondKeyMs = 1500;

/**
 * Listens for `/` and Ctrl+K (search), `?` (help), `g` then a letter (views) and `[` (panel) wherever no text is
 * being typed; returns what ends it.
 */
export function onShortcut(
  target: Document,
  actions: ShortcutActions,
  now: () => number = () => performance.now(),
): () => void {
  let wentAt = Number.NEGATIVE_INFINITY;
  const press = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      actions.search();
      return;
    }
    const isTyped = isTyping(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !isTyped && !event.defaultPrevented) {
      const key = event.key.toLowerCase();
      const run =
        key === 'z'
          ? event.shiftKey
            ? actions.redo
            : actions.undo
          : key === 'y'
            ? actions.redo
            : key === 's'
              ? actions.save
              : undefined;
      if (run) {
        event.preventDefault();
        run();
        return;
      }
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
    const view = goKeys[event.key];
    if (view !== undefined && now() - wentAt < secondKeyMs) {
      event.preventDefault();
      wentAt = Number.NEGATIVE_INFINITY;
      actions.go(view);
      return;
    }
    wentAt = event.key === 'g' ? now() : Number.NEGATIVE_INFINITY;
    const action = { '/': actions.search, '?': actions.help, '[': actions.panel }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  target.addEventListener('keydown', press);
  return () => target.removeEventListener('keydown', press);
}

function isTyping(event: KeyboardEvent): boolean {
  const at = event.composedPath()[0];
  return (
    at instanceof HTMLElement &&
    (at.isContentEditable || at.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'))
  );
}
