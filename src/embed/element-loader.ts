import { gadgetTags, loadGadget } from '../gadgets/registry.ts';

/**
 * Loads the code of each kind of gadget when the first of it is on the page, now or later; `seen` is told that one.
 * `failed` is told of code that could not be loaded, with the elements that wait for it. Returns what ends it.
 */
export function loadElements(
  page: Document,
  seen: (element: Element) => void,
  failed: (error: unknown, waiting: readonly Element[]) => void,
): () => void {
  const known = new Set(gadgetTags);
  const asked = new Set<string>();

  const want = (element: Element): void => {
    const tag = element.localName;
    if (!known.has(tag) || asked.has(tag)) return;
    asked.add(tag);
    seen(element);
    loadGadget(tag).catch((error: unknown) => {
      asked.delete(tag);
      failed(error, [...page.querySelectorAll(tag)]);
    });
  };
  const look = (root: Element | Document): void => {
    if (root instanceof Element) want(root);
    for (const element of root.querySelectorAll('*')) if (element.localName.startsWith('exa-')) want(element);
  };

  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node instanceof Element) look(node);
  });
  observer.observe(page, { childList: true, subtree: true });
  look(page);
  return () => observer.disconnect();
}
